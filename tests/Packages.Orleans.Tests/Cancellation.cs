using Orleans.Concurrency;

namespace Decisioning.PackageTests;

public sealed class Cancellation(ClusterFixture cluster)
{
    private readonly IGrainFactory _grains = cluster.Client;

    [Fact]
    public async Task A_call_with_a_cancelled_token_does_not_reach_the_grain()
    {
        var name = Gates.NewName();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _grains.GetGrain<ICancellableGrain>(name).Wait(name, new(canceled: true)));
        Assert.Empty(Notes.Of(name));
    }

    [Fact]
    public async Task Cancelling_ends_the_call_for_the_caller_and_cancels_the_grains_token_on_its_own_turn()
    {
        var name = Gates.NewName();
        using var cancellation = new CancellationTokenSource();
        var call = _grains.GetGrain<ICancellableGrain>(name).Wait(name, cancellation.Token);
        await Gates.Wait(name + ":in");
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Gates.Wait(name + ":cancelled");
        Assert.Equal(["in", "cancelled on own scheduler"], Notes.Of(name));
    }

    [Fact]
    public async Task Cancelling_a_call_that_still_waits_ends_it_without_running_it()
    {
        var name = Gates.NewName();
        var grain = _grains.GetGrain<ICancellableGrain>(name);
        var holding = grain.Hold(name);
        await Gates.Wait(name + ":holding");
        using var cancellation = new CancellationTokenSource();
        var waiting = grain.Wait(name, cancellation.Token);
        await grain.Ping();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Eventually.Succeeds(grain.Ping);
        Gates.Open(name);
        await holding;
        await grain.Hold(name);
        Assert.Empty(Notes.Of(name));
    }

    [Fact]
    public async Task A_token_that_is_never_cancelled_changes_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        Assert.Equal(42, await _grains.GetGrain<ICancellableGrain>(Gates.NewName()).Answer(cancellation.Token));
        Assert.Equal(42, await _grains.GetGrain<ICancellableGrain>(Gates.NewName()).Answer());
    }
}

[Alias("t.cancellable")]
public interface ICancellableGrain : IGrainWithStringKey
{
    [Alias("wait")]
    Task Wait(string name, CancellationToken cancellationToken);

    [Alias("hold")]
    Task Hold(string gate);

    [Alias("ping"), AlwaysInterleave]
    Task Ping();

    [Alias("answer")]
    ValueTask<int> Answer(CancellationToken cancellationToken = default);
}

public sealed class CancellableGrain : Grain, ICancellableGrain
{
    public async Task Wait(string name, CancellationToken cancellationToken)
    {
        Notes.Add(name, "in");
        var own = TaskScheduler.Current;
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellationToken.Register(() =>
        {
            Notes.Add(name, $"cancelled on {(TaskScheduler.Current == own ? "own scheduler" : "another thread")}");
            cancelled.TrySetResult();
        });
        Gates.Open(name + ":in");
        await cancelled.Task.WaitAsync(Gates.Patience, CancellationToken.None);
        Gates.Open(name + ":cancelled");
    }

    public async Task Hold(string gate)
    {
        Gates.Open(gate + ":holding");
        await Gates.Wait(gate);
    }

    public Task Ping() => Task.CompletedTask;

    public ValueTask<int> Answer(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(42);
    }
}
