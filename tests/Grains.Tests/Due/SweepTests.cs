using Decisioning.Contracts;
using Decisioning.Engine.Customers;
using Decisioning.Grains.Due;
using Decisioning.Grains.Tests.Support;
using Decisioning.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace Decisioning.Grains.Tests.Due;

/// <summary>Sweeps one at a time, begun by the test.</summary>
public sealed class SweepTests : IAsyncLifetime
{
    private readonly TestClock _clock = new();
    private readonly TestStore _store = TestStore.Opened();
    private readonly string _tenant = TestEngine.NewTenant();
    private TestEngine _engine = null!;

    public async ValueTask InitializeAsync()
    {
        _engine = await TestEngine.StartAsync(_store, _clock, silos: 2);
        await _engine.PublishAsync(_tenant, TimedStrategies.Absence);
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Two_sweeps_at_once_wake_each_customer_once()
    {
        var customers = await VisitAsync(60);
        _clock.Advance(TimeSpan.FromHours(3));

        await Task.WhenAll(SweepAsync(0), SweepAsync(1), SweepAsync(0));

        Assert.All(await WakesAsync(customers), wakes => Assert.Equal(1, wakes));
        Assert.Empty(await _store.Due.DueAsync(0, null, _clock.Now, 10, CancellationToken.None));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_wake_whose_append_fails_is_recorded_once_by_a_later_sweep(bool isWritten)
    {
        var ann = (await VisitAsync(1))[0];
        _clock.Advance(TimeSpan.FromHours(3));
        _store.Log.Fail(ann.Key, isWritten ? GatedLog.Failure.AfterWrite : GatedLog.Failure.BeforeWrite);

        var sweep = NewSweep(0);
        await SweepAsync(of: sweep);
        await SweepAsync(of: sweep);
        Assert.Equal(isWritten ? 1 : 0, (await WakesAsync([ann]))[0]);

        _clock.Advance(TimeSpan.FromSeconds(6));
        await SweepAsync(of: sweep);
        Assert.Equal([1], (await WakesAsync([ann])).AsEnumerable());
    }

    [Fact]
    public async Task A_crash_between_the_append_and_the_settling_records_nothing_twice()
    {
        var ann = (await VisitAsync(1))[0];
        _clock.Advance(TimeSpan.FromDays(3));
        _store.Due.FailNextSettling();

        await SweepAsync();
        Assert.Equal([3], (await WakesAsync([ann])).AsEnumerable());
        Assert.NotNull((await _store.ReadAsync(ann.Key)).DueAt);

        // As after a start: another sweep, which knows of no failure.
        await SweepAsync(of: NewSweep(1));
        Assert.Equal([3], (await WakesAsync([ann])).AsEnumerable());
        Assert.Null((await _store.ReadAsync(ann.Key)).DueAt);
    }

    [Fact]
    public async Task A_customer_whose_log_is_bad_never_keeps_the_others_and_is_tried_again_ever_more_seldom()
    {
        var customers = await VisitAsync(12);
        _clock.Advance(TimeSpan.FromHours(3));
        foreach (var bad in customers[..3])
        {
            _store.Log.Fail(bad.Key, GatedLog.Failure.Always);
        }

        var sweep = NewSweep(0, options => (options.PageSize, options.FailuresInRowMax) = (2, 5));
        await SweepAsync(of: sweep);
        Assert.Equal([0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1], (await WakesAsync(customers)).AsEnumerable());

        // Left alone, tried again after 5 seconds, then left alone for 10.
        var tries = Tries();
        foreach (var (seconds, isTried) in new[] { (4, false), (2, true), (9, false), (2, true) })
        {
            _clock.Advance(TimeSpan.FromSeconds(seconds));
            await SweepAsync(of: sweep);
            Assert.True(Tries() > tries == isTried, $"after {seconds} seconds");
            tries = Tries();
        }

        customers[..3].ForEach(bad => _store.Log.Heal(bad.Key));
        _clock.Advance(TimeSpan.FromMinutes(10));
        await SweepAsync(of: sweep);
        Assert.All(await WakesAsync(customers), wakes => Assert.Equal(1, wakes));

        int Tries() => _store.Log.AppendsOf(customers[0].Key) + _store.Log.LoadsOf(customers[0].Key);
    }

    [Fact]
    public async Task A_store_that_is_down_ends_the_sweep_and_all_are_woken_when_it_is_back()
    {
        var customers = await VisitAsync(40);
        _clock.Advance(TimeSpan.FromHours(3));
        customers.ForEach(customer => _store.Log.Fail(customer.Key, GatedLog.Failure.Always));
        var sweep = NewSweep(0, options => (options.PageSize, options.FailuresInRowMax, options.WakesAtOnce) = (10, 7, 1));

        await SweepAsync(of: sweep);
        Assert.Equal(7, customers.Count(customer => _store.Log.AppendsOf(customer.Key) > 1));

        customers.ForEach(customer => _store.Log.Heal(customer.Key));
        await SweepAsync(of: sweep);
        Assert.Equal(33, (await WakesAsync(customers)).Count(wakes => wakes == 1));
        _clock.Advance(TimeSpan.FromSeconds(6));
        await SweepAsync(of: sweep);
        Assert.All(await WakesAsync(customers), wakes => Assert.Equal(1, wakes));
    }

    [Fact]
    public async Task A_sweep_that_is_stopped_leaves_what_it_did_not_reach_for_the_next()
    {
        var customers = await VisitAsync(30);
        _clock.Advance(TimeSpan.FromHours(3));
        using var stop = new CancellationTokenSource();
        var held = _store.Log.Hold(customers[4].Key);
        var sweep = NewSweep(0, options => options.WakesAtOnce = 1).RunAsync(() => Task.FromResult(true), stop.Token);
        await held.Arrived;

        await stop.CancelAsync();
        held.Release();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sweep);
        Assert.InRange((await WakesAsync(customers)).Sum(), 4, 5);

        await SweepAsync();
        Assert.All(await WakesAsync(customers), wakes => Assert.Equal(1, wakes));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task The_log_is_the_same_whether_the_sweep_comes_often_or_never_comes_before_an_event(int seed)
    {
        var random = new Random(seed);
        var (swept, unswept) = (_engine.Customer(_tenant, "swept"), _engine.Customer(_tenant, "unswept"));
        for (var i = 0; i < 40; i++)
        {
            var (id, name) = ($"m{i}", random.Next(8) == 0 ? "Order" : "Visit");
            await swept.RecordAsync(swept.Event(id, name));
            await unswept.RecordAsync(unswept.Event(id, name));
            for (var step = random.Next(4); step >= 0; step--)
            {
                _clock.Advance(TimeSpan.FromMinutes(random.Next(0, 600)));
                await swept.Grain.WakeAsync(_clock.Now);
            }
        }

        await SweepAsync();
        Assert.Equal(await LogAsync(swept), await LogAsync(unswept));
        Assert.Contains(await LogAsync(swept), line => line.Contains("Wake", StringComparison.Ordinal));
    }

    private async Task<string[]> LogAsync(TestCustomer customer) =>
        [.. (await _store.ReadAsync(customer.Key)).Events.Select(e => $"{e.Type} {e.MessageId} {e.Timestamp:O}")];

    private DueSweep NewSweep(int silo, Action<DueOptions>? configure = null)
    {
        var options = new DueOptions();
        configure?.Invoke(options);
        var services = _engine.Silo(silo);
        return new(
            0,
            new DueServices(
                _store.Due, services.GetRequiredService<GrainReferences<ICustomerGrain>>(), services.GetRequiredService<LeaseStorage>(),
                services.GetRequiredService<GrainMeter>(), _clock, Microsoft.Extensions.Options.Options.Create(options),
                Microsoft.Extensions.Logging.Abstractions.NullLogger<DueSweep>.Instance));
    }

    private Task SweepAsync(int silo = 0, DueSweep? of = null) => (of ?? NewSweep(silo)).RunAsync(() => Task.FromResult(true), CancellationToken.None);

    private async Task<List<TestCustomer>> VisitAsync(int count)
    {
        var customers = Enumerable.Range(0, count).Select(i => _engine.Customer(_tenant, $"c{i}")).ToList();
        foreach (var customer in customers)
        {
            await customer.RecordAsync(customer.Event("v", "Visit"));
        }

        return customers;
    }

    private async Task<int[]> WakesAsync(IEnumerable<TestCustomer> customers) => await Task.WhenAll(
        customers.Select(async customer => (await _store.ReadAsync(customer.Key)).Events.Count(e => e.Type == EventType.Wake)));
}
