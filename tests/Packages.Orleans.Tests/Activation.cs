using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Decisioning.PackageTests;

public sealed class Activation(ClusterFixture cluster)
{
    private readonly IGrainFactory _grains = cluster.Client;

    [Fact]
    public async Task A_grain_is_activated_before_its_first_call_and_once()
    {
        var name = Gates.NewName();
        var grain = _grains.GetGrain<ILivingGrain>(name);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => grain.Touch()));
        Assert.Equal(["activate"], Notes.Of(name));
    }

    [Fact]
    public async Task A_grain_that_deactivates_itself_ends_after_its_call_and_the_next_call_meets_a_new_one()
    {
        var name = Gates.NewName();
        var grain = _grains.GetGrain<ILivingGrain>(name);
        var first = await grain.Touch();
        await grain.Leave(name);
        Assert.NotEqual(first, await grain.Touch());
        Assert.Equal(["activate", "left", "deactivate ApplicationRequested", "activate"], Notes.Of(name));
    }

    [Fact]
    public async Task Calls_that_wait_for_a_leaving_activation_go_to_the_next_one()
    {
        var name = Gates.NewName();
        var grain = _grains.GetGrain<ILivingGrain>(name);
        var first = await grain.Touch();
        var leaving = grain.LeaveSlowly(name);
        await Gates.Wait(name + ":in");
        var waiting = Enumerable.Range(0, 5).Select(_ => grain.Touch()).ToArray();
        Gates.Open(name);
        await leaving;
        var seen = await Task.WhenAll(waiting);
        Assert.Single(seen.Distinct());
        Assert.NotEqual(first, seen[0]);
    }

    [Fact]
    public async Task An_activation_that_fails_fails_its_caller_and_the_next_call_tries_again()
    {
        var name = Gates.NewName();
        var grain = _grains.GetGrain<IFailingGrain>(name);
        var exception = await Assert.ThrowsAnyAsync<Exception>(() => grain.Touch());
        Assert.Contains("not today", exception.ToString(), StringComparison.Ordinal);
        Gates.Open(name);
        await Eventually.Succeeds(() => grain.Touch());
    }

    [Fact]
    public async Task A_failing_deactivation_does_not_keep_the_next_activation_from_coming()
    {
        var name = Gates.NewName();
        var grain = _grains.GetGrain<IFailingGrain>(name);
        Gates.Open(name);
        await grain.Touch();
        await grain.Leave();
        await grain.Touch();
    }

    [Fact]
    public async Task No_call_is_lost_or_overlapped_while_activations_come_and_go()
    {
        const int Callers = 16;
        const int Calls = 60;
        var names = Enumerable.Range(0, 4).Select(_ => Gates.NewName()).ToArray();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            for (var i = 0; i < Calls; i++)
            {
                var grain = _grains.GetGrain<IChurningGrain>(names[random.Next(names.Length)]);
                await Insist(() => grain.Work(leave: random.Next(10) == 0));
            }
        })));
        var tallies = names.Select(ChurningGrain.TallyOf).ToArray();
        Assert.Equal(Callers * Calls, tallies.Sum(tally => tally.Calls));
        Assert.All(tallies, tally => Assert.Equal(1, tally.Most));
        Assert.All(tallies, tally => Assert.True(tally.Activations > 1, "no activation came and went"));
    }

    [Fact]
    public async Task An_idle_activation_is_collected()
    {
        var name = Gates.NewName();
        await _grains.GetGrain<IShortLivedGrain>(name).Touch();
        await Gates.Wait(name + ":collected");
        Assert.Equal(["ActivationIdle"], Notes.Of(name));
    }

    [Fact]
    public async Task Services_are_injected_one_scope_for_each_activation()
    {
        var (first, second) = (_grains.GetGrain<ILivingGrain>(Gates.NewName()), _grains.GetGrain<ILivingGrain>(Gates.NewName()));
        var scope = await first.Scope();
        Assert.Equal(scope, await first.Scope());
        Assert.NotEqual(scope, await second.Scope());
        Assert.Equal("True True", await first.Services());
    }

    [Fact]
    public async Task A_disposable_grain_is_disposed_when_it_ends()
    {
        var name = Gates.NewName();
        var grain = _grains.GetGrain<ILivingGrain>(name);
        await grain.Touch();
        await grain.Leave(name);
        await Gates.Wait(name + ":disposed");
    }

    [Fact]
    public async Task The_stages_of_an_activation_run_in_order_around_it()
    {
        var name = Gates.NewName();
        var grain = _grains.GetGrain<IStagedGrain>(name);
        await grain.Touch();
        await grain.Leave();
        await Gates.Wait(name + ":ended");
        Assert.Equal(["start 1000", "start 2000", "activate", "deactivate", "stop 2000", "stop 1000"], Notes.Of(name));
    }

    /// <summary>A call that has met too many leaving activations is refused. It has not run, so it can be sent again.</summary>
    private static async Task Insist(Func<Task> call)
    {
        while (true)
        {
            try
            {
                await call();
                return;
            }
            catch (OrleansMessageRejectionException)
            {
                await Task.Yield();
            }
        }
    }
}

/// <summary>Retries without sleeping: each attempt is a round trip, and the whole has a limit.</summary>
public static class Eventually
{
    public static async Task Succeeds(Func<Task> action)
    {
        using var patience = new CancellationTokenSource(Gates.Patience);
        while (true)
        {
            try
            {
                await action();
                return;
            }
            catch (Exception) when (!patience.IsCancellationRequested)
            {
                await Task.Yield();
            }
        }
    }
}

[Alias("t.living")]
public interface ILivingGrain : IGrainWithStringKey
{
    [Alias("touch")]
    Task<Guid> Touch();

    [Alias("leave")]
    Task Leave(string name);

    [Alias("leave-slowly")]
    Task LeaveSlowly(string gate);

    [Alias("scope")]
    Task<Guid> Scope();

    [Alias("services")]
    Task<string> Services();
}

public sealed class LivingGrain(ScopedThing thing, Shelf shelf, IServiceProvider services, IGrainContext context) : Grain, ILivingGrain, IDisposable
{
    private readonly Guid _id = Guid.NewGuid();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Notes.Add(this.GetPrimaryKeyString(), "activate");
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Notes.Add(this.GetPrimaryKeyString(), $"deactivate {reason.ReasonCode}");
        return Task.CompletedTask;
    }

    public Task<Guid> Touch() => Task.FromResult(_id);

    public async Task Leave(string name)
    {
        DeactivateOnIdle();
        await Task.Yield();
        Notes.Add(name, "left");
    }

    public async Task LeaveSlowly(string gate)
    {
        DeactivateOnIdle();
        Gates.Open(gate + ":in");
        await Gates.Wait(gate);
    }

    public Task<Guid> Scope() => Task.FromResult(thing.Id);

    public Task<string> Services() =>
        Task.FromResult($"{ReferenceEquals(services.GetService(typeof(Shelf)), shelf)} {ReferenceEquals(context, GrainContext)}");

    public void Dispose() => Gates.Open(this.GetPrimaryKeyString() + ":disposed");
}

[Alias("t.failing")]
public interface IFailingGrain : IGrainWithStringKey
{
    [Alias("touch")]
    Task Touch();

    [Alias("leave")]
    Task Leave();
}

public sealed class FailingGrain : Grain, IFailingGrain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken) =>
        Gates.IsOpen(this.GetPrimaryKeyString()) ? Task.CompletedTask : throw new InvalidOperationException("not today");

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => throw new InvalidOperationException("not this either");

    public Task Touch() => Task.CompletedTask;

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

[Alias("t.churning")]
public interface IChurningGrain : IGrainWithStringKey
{
    [Alias("work")]
    Task Work(bool leave);
}

public sealed class ChurningGrain : Grain, IChurningGrain
{
    private static readonly ConcurrentDictionary<string, Tally> Tallies = new();

    public static Tally TallyOf(string name) => Tallies.GetOrAdd(name, static _ => new());

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        TallyOf(this.GetPrimaryKeyString()).Activations++;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => await Task.Yield();

    public async Task Work(bool leave)
    {
        var tally = TallyOf(this.GetPrimaryKeyString());
        tally.Most = Math.Max(tally.Most, ++tally.Now);
        var calls = tally.Calls;
        await Task.Yield();
        tally.Calls = calls + 1;
        tally.Now--;
        if (leave)
        {
            DeactivateOnIdle();
        }
    }

    /// <summary>Not made for two threads: it is right only if one turn runs at a time, over all activations of a grain.</summary>
    public sealed class Tally
    {
        public int Activations { get; set; }

        public int Calls { get; set; }

        public int Now { get; set; }

        public int Most { get; set; }
    }
}

[Alias("t.short-lived")]
public interface IShortLivedGrain : IGrainWithStringKey
{
    [Alias("touch")]
    Task Touch();
}

public sealed class ShortLivedGrain : Grain, IShortLivedGrain
{
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Notes.Add(this.GetPrimaryKeyString(), $"{reason.ReasonCode}");
        Gates.Open(this.GetPrimaryKeyString() + ":collected");
        return Task.CompletedTask;
    }

    public Task Touch() => Task.CompletedTask;
}

[Alias("t.staged")]
public interface IStagedGrain : IGrainWithStringKey
{
    [Alias("touch")]
    Task Touch();

    [Alias("leave")]
    Task Leave();
}

public sealed class StagedGrain : Grain, IStagedGrain, ILifecycleParticipant<IGrainLifecycle>
{
    public void Participate(IGrainLifecycle lifecycle)
    {
        foreach (var stage in new[] { GrainLifecycleStage.Activate, GrainLifecycleStage.SetupState })
        {
            lifecycle.Subscribe($"stage-{stage}", stage, _ => Note($"start {stage}"), _ => Note($"stop {stage}", stage == GrainLifecycleStage.SetupState));
        }
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken) => Note("activate");

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Note("deactivate");

    public Task Touch() => Task.CompletedTask;

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private Task Note(string note, bool last = false)
    {
        Notes.Add(this.GetPrimaryKeyString(), note);
        if (last)
        {
            Gates.Open(this.GetPrimaryKeyString() + ":ended");
        }

        return Task.CompletedTask;
    }
}
