using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Serialization.Configuration;
using Orleans.TestingHost;

namespace Decisioning.PackageTests;

/// <summary>A cluster of its own: what pulls streams is timed by the grains' clock too, and would stand still.</summary>
public sealed class TimersFixture : IAsyncLifetime
{
    public InProcessTestCluster Cluster { get; private set; } = null!;

    public ManualTime Time { get; } = new();

    public async ValueTask InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(1) { Options = { ConfigureFileLogging = false } };
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Configure<TypeManifestOptions>(options => options.EnableConfigurationAnalysis = false);
            silo.Services.AddKeyedSingleton<TimeProvider>(TimeProviderNames.Grains, Time);
        });
        builder.ConfigureClient(client => client.Configure<TypeManifestOptions>(options => options.EnableConfigurationAnalysis = false));
        Cluster = builder.Build();
        await Cluster.DeployAsync();
    }

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}

public sealed class Timers(TimersFixture cluster) : IClassFixture<TimersFixture>
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly IGrainFactory _grains = cluster.Cluster.Client;

    [Fact]
    public async Task A_timer_ticks_when_due_and_then_each_period()
    {
        var name = Gates.NewName();
        var grain = _grains.GetGrain<ITimerGrain>(name);
        await grain.Start(Minute, Minute * 2, interleave: false);
        Assert.Equal(0, await Ticks(grain, advance: Minute / 2));
        Assert.Equal(1, await Ticks(grain, advance: Minute / 2));
        Assert.Equal(1, await Ticks(grain, advance: Minute));
        Assert.Equal(2, await Ticks(grain, advance: Minute));
        await grain.Stop();
        Assert.Equal(2, await Ticks(grain, advance: Minute * 10));
    }

    [Fact]
    public async Task A_timer_can_be_set_anew()
    {
        var grain = _grains.GetGrain<ITimerGrain>(Gates.NewName());
        await grain.Start(Minute, Minute, interleave: false);
        await grain.Change(Minute * 5, Timeout.InfiniteTimeSpan);
        Assert.Equal(0, await Ticks(grain, advance: Minute * 2));
        Assert.Equal(1, await Ticks(grain, advance: Minute * 3));
        Assert.Equal(1, await Ticks(grain, advance: Minute * 30));
    }

    [Fact]
    public async Task A_timer_set_anew_by_its_own_tick_follows_that()
    {
        var grain = _grains.GetGrain<ITimerGrain>(Gates.NewName());
        await grain.StartChanging(Minute, next: Minute * 5);
        Assert.Equal(1, await Ticks(grain, advance: Minute));
        Assert.Equal(1, await Ticks(grain, advance: Minute * 4));
        Assert.Equal(2, await Ticks(grain, advance: Minute));
    }

    [Fact]
    public async Task A_tick_waits_for_a_running_call()
    {
        var name = Gates.NewName();
        var grain = _grains.GetGrain<ITimerGrain>(name);
        await grain.Start(Minute, Timeout.InfiniteTimeSpan, interleave: false);
        var call = grain.Hold(name);
        await Gates.Wait(name + ":in");
        cluster.Time.Advance(Minute);
        await grain.Ping();
        Assert.False(Gates.IsOpen(name + ":tick"));
        Gates.Open(name);
        await call;
        await Gates.Wait(name + ":tick");
    }

    [Fact]
    public async Task An_interleaving_tick_does_not_wait_for_a_running_call()
    {
        var name = Gates.NewName();
        var grain = _grains.GetGrain<ITimerGrain>(name);
        await grain.Start(Minute, Timeout.InfiniteTimeSpan, interleave: true);
        var call = grain.Hold(name);
        await Gates.Wait(name + ":in");
        cluster.Time.Advance(Minute);
        await Gates.Wait(name + ":tick");
        Gates.Open(name);
        await call;
    }

    [Fact]
    public async Task A_failing_tick_does_not_stop_the_timer()
    {
        var grain = _grains.GetGrain<ITimerGrain>(Gates.NewName());
        await grain.StartFailing(Minute);
        Assert.Equal(1, await Ticks(grain, advance: Minute));
        Assert.Equal(2, await Ticks(grain, advance: Minute));
    }

    [Fact]
    public async Task A_timer_ends_with_its_activation()
    {
        var name = Gates.NewName();
        var grain = _grains.GetGrain<ITimerGrain>(name);
        await grain.Start(Minute, Minute, interleave: false);
        await grain.Leave();
        Assert.Equal(0, await Ticks(grain, advance: Minute * 3));
        Assert.False(Gates.IsOpen(name + ":tick"));
    }

    [Fact]
    public async Task A_period_below_zero_is_refused() =>
        await Assert.ThrowsAnyAsync<ArgumentException>(
            () => _grains.GetGrain<ITimerGrain>(Gates.NewName()).Start(Minute, TimeSpan.FromSeconds(-5), interleave: false));

    /// <summary>Moves the clock, then asks: the tick came before the question, and its successor is set when it has ended.</summary>
    private async Task<int> Ticks(ITimerGrain grain, TimeSpan advance)
    {
        await grain.Ticks();
        cluster.Time.Advance(advance);
        return await grain.Ticks();
    }
}

[Alias("t.timer")]
public interface ITimerGrain : IGrainWithStringKey
{
    [Alias("start")]
    Task Start(TimeSpan due, TimeSpan period, bool interleave);

    [Alias("start-failing")]
    Task StartFailing(TimeSpan period);

    [Alias("start-changing")]
    Task StartChanging(TimeSpan period, TimeSpan next);

    [Alias("change")]
    Task Change(TimeSpan due, TimeSpan period);

    [Alias("stop")]
    Task Stop();

    [Alias("ticks")]
    Task<int> Ticks();

    [Alias("hold")]
    Task Hold(string gate);

    [Alias("ping"), Orleans.Concurrency.AlwaysInterleave]
    Task Ping();

    [Alias("leave")]
    Task Leave();
}

public sealed class TimerGrain : Grain, ITimerGrain
{
    private IGrainTimer? _timer;
    private int _ticks;

    public Task Start(TimeSpan due, TimeSpan period, bool interleave)
    {
        _timer = this.RegisterGrainTimer(
            static (grain, _) => grain.Tick(), this, new() { DueTime = due, Period = period, Interleave = interleave });
        return Task.CompletedTask;
    }

    public Task StartFailing(TimeSpan period)
    {
        _timer = this.RegisterGrainTimer(
            async () =>
            {
                await Tick();
                throw new InvalidOperationException("this tick fails");
            },
            period,
            period);
        return Task.CompletedTask;
    }

    public Task StartChanging(TimeSpan period, TimeSpan next)
    {
        _timer = this.RegisterGrainTimer(
            () =>
            {
                _timer!.Change(next, Timeout.InfiniteTimeSpan);
                return Tick();
            },
            period,
            period);
        return Task.CompletedTask;
    }

    public Task Change(TimeSpan due, TimeSpan period)
    {
        _timer!.Change(due, period);
        return Task.CompletedTask;
    }

    public Task Stop()
    {
        _timer!.Dispose();
        return Task.CompletedTask;
    }

    public Task<int> Ticks() => Task.FromResult(_ticks);

    public async Task Hold(string gate)
    {
        Gates.Open(gate + ":in");
        await Gates.Wait(gate);
    }

    public Task Ping() => Task.CompletedTask;

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private Task Tick()
    {
        _ticks++;
        Gates.Open(this.GetPrimaryKeyString() + ":tick");
        return Task.CompletedTask;
    }
}
