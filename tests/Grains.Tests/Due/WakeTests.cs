using Decisioning.Contracts.Messages;
using Decisioning.Engine.Customers;
using Decisioning.Grains.Tests.Support;
using Decisioning.Tests.Shared;

namespace Decisioning.Grains.Tests.Due;

/// <summary>What happens when nothing happens. The sweep runs in real time, the clock that says what is due is the test's.</summary>
public sealed class WakeTests : IAsyncLifetime
{
    private static readonly TimeSpan _tick = TimeSpan.FromMicroseconds(1);

    private readonly TestClock _clock = new();
    private readonly TestStore _store = TestStore.Opened();
    private readonly string _tenant = TestEngine.NewTenant();
    private TestEngine _engine = null!;

    public async ValueTask InitializeAsync()
    {
        _engine = await TestEngine.StartAsync(_store, _clock, sweeps: true);
        await _engine.PublishAsync(_tenant, TimedStrategies.Absence);

        // Nobody is there yet: from here on rows stand where the customers' events put them.
        await _store.Due.SpreadDoneAsync(_tenant, 1);
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task A_rule_on_absence_fires_for_a_customer_nobody_hears_from_once_and_at_its_instant()
    {
        var ann = Customer("ann");
        await ann.RecordAsync(ann.Event("v", "Visit"));
        Assert.Equal(TestClock.Start + TimeSpan.FromHours(2) + _tick, (await _store.ReadAsync(ann.Key)).DueAt);

        _clock.Advance(TimeSpan.FromHours(5));
        await WokenAsync(ann, 1);

        var (events, dueAt) = await _store.ReadAsync(ann.Key);
        Assert.Equal([EventType.Track, EventType.Wake], events.Select(e => e.Type));
        Assert.Equal((TestClock.Start + TimeSpan.FromHours(2) + _tick, _clock.Now), (events[1].Timestamp, events[1].ReceivedAt));
        Assert.Equal("missed", Assert.Single((await ann.ViewAsync()).Tags).Name);
        Assert.Equal(TestClock.Start + TimeSpan.FromDays(1), dueAt);
    }

    [Fact]
    public async Task What_came_due_while_the_engine_was_down_is_recorded_instant_by_instant_when_it_is_up()
    {
        var ann = Customer("ann");
        await ann.RecordAsync(ann.Event("v", "Visit"));

        await RestartAsync(after: TimeSpan.FromDays(3));
        await WokenAsync(ann, 3);

        // Missed after two hours, moved on after a day, no longer missed a day after she was.
        var missed = TestClock.Start + TimeSpan.FromHours(2) + _tick;
        Assert.Equal([missed, TestClock.Start + TimeSpan.FromDays(1), missed + TimeSpan.FromDays(1)], (await WakesAsync(ann)).Select(e => e.Timestamp));
        var view = await Customer("ann").ViewAsync();
        Assert.Equal("gone", Assert.Single(view.Stages).Name);
        Assert.Empty(view.Tags);

        await RestartAsync(after: TimeSpan.FromDays(300));
        await Eventually.HoldsAsync(async () => (await _store.ReadAsync(ann.Key)).DueAt is null);
        Assert.Equal(3, (await WakesAsync(ann)).Count);
    }

    [Fact]
    public async Task A_restart_between_setting_the_row_and_its_instant_changes_nothing()
    {
        var ann = Customer("ann");
        await ann.RecordAsync(ann.Event("v", "Visit"));

        await RestartAsync(after: TimeSpan.FromHours(1));
        _clock.Advance(TimeSpan.FromHours(1.5));
        await WokenAsync(ann, 1);

        Assert.Equal(TestClock.Start + TimeSpan.FromHours(2) + _tick, (await WakesAsync(ann))[0].Timestamp);
    }

    [Fact]
    public async Task A_wake_is_no_event_of_the_customers_own()
    {
        var ann = Customer("ann");
        await ann.RecordAsync(ann.Event("v", "Visit"));
        var before = await ann.ViewAsync();

        _clock.Advance(TimeSpan.FromHours(3));
        await WokenAsync(ann, 1);

        var after = await Customer("ann").ViewAsync();
        Assert.Equal(before.Features["visits"], after.Features["visits"]);
        Assert.Equal(before.Features["last"], after.Features["last"]);
        Assert.Equal((before.FirstEventAt, before.LatestEventAt), (after.FirstEventAt, after.LatestEventAt));

        // An event of an hour before the wake is no late one.
        var reply = await ann.RecordAsync(ann.Event("w", "Visit", ago: TimeSpan.FromHours(2)));
        Assert.Equal(RecordStatus.Applied, reply.Outcomes[0].Status);
    }

    [Fact]
    public async Task An_event_that_comes_before_the_sweep_finds_recorded_what_came_due_before_it()
    {
        await _engine.DisposeAsync();
        _engine = await TestEngine.StartAsync(_store, _clock, sweeps: false);
        var ann = Customer("ann");
        await ann.RecordAsync(ann.Event("v", "Visit"));

        _clock.Advance(TimeSpan.FromHours(25));
        var second = ann.Event("w", "Visit");
        var reply = await ann.RecordAsync(second, ann.Event("x", "Visit"));

        Assert.Equal([4, 5], reply.Outcomes.Select(outcome => outcome.Sequence));
        Assert.Equal(["v", null, null, "w", "x"], (await _store.ReadAsync(ann.Key)).Events.Select(e => e.Type == EventType.Wake ? null : e.MessageId));
        Assert.Equal([TestClock.Start + TimeSpan.FromHours(2) + _tick, TestClock.Start + TimeSpan.FromDays(1)], (await WakesAsync(ann)).Select(e => e.Timestamp));
        Assert.Equal(2, _store.Log.AppendsOf(ann.Key));

        // A repeat is answered as one and brings nothing with it.
        _clock.Advance(TimeSpan.FromHours(30));
        Assert.Equal(RecordStatus.Duplicate, (await ann.RecordAsync(second)).Outcomes[0].Status);
        Assert.Equal(2, _store.Log.AppendsOf(ann.Key));
    }

    [Fact]
    public async Task A_customer_whose_history_is_brought_in_is_woken_when_it_is_quiet_not_between_two_events()
    {
        var ann = Customer("ann");
        for (var day = 100; day > 90; day--)
        {
            await ann.RecordAsync(ann.Event($"v{day}", "Visit", ago: TimeSpan.FromDays(day)));
            _clock.Advance(TimeSpan.FromSeconds(50));
        }

        Assert.Empty(await WakesAsync(ann));
        Assert.Equal(10, (await _store.ReadAsync(ann.Key)).Events.Length);

        _clock.Advance(TimeSpan.FromMinutes(2));
        await Eventually.HoldsAsync(async () => (await _store.ReadAsync(ann.Key)).DueAt is null);
        Assert.Equal(TimeSpan.FromHours(2) + _tick, (await WakesAsync(ann))[0].Timestamp - (await _store.ReadAsync(ann.Key)).Events[9].Timestamp);
    }

    [Fact]
    public async Task A_customer_who_was_only_woken_leaves_memory()
    {
        var ann = Customer("ann");
        await ann.RecordAsync(ann.Event("v", "Visit"));
        await RestartAsync(after: TimeSpan.FromHours(3));
        await RecordedAsync(ann, 1);

        // It leaves a snapshot when it leaves. A clock that moved on before would find the customer due again, who then stays.
        await _store.Log.SnapshotOfAsync(ann.Key);
        var loads = _store.Log.LoadsOf(ann.Key);

        _clock.Advance(TimeSpan.FromDays(5));
        await RecordedAsync(ann, 3);

        Assert.True(_store.Log.LoadsOf(ann.Key) > loads);
    }

    [Fact]
    public async Task Customers_nobody_hears_from_meet_a_new_strategy_within_its_span()
    {
        var tenant = TestEngine.NewTenant();
        await _engine.PublishAsync(tenant, TimedStrategies.Still);
        var customers = Enumerable.Range(0, 20).Select(i => _engine.Customer(tenant, $"c{i}")).ToList();
        foreach (var customer in customers)
        {
            await customer.RecordAsync(customer.Event("v", "Visit"));
        }

        _clock.Advance(TimeSpan.FromDays(2));
        await _engine.PublishAsync(tenant, TimedStrategies.Absence);

        await Eventually.HoldsAsync(async () =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(5));
            return (await Task.WhenAll(customers.Select(customer => customer.ViewAsync()))).All(view => view.Tags is [{ Name: "missed" }]);
        });
        Assert.All(await Task.WhenAll(customers.Select(WakesAsync)), Assert.NotEmpty);
    }

    private TestCustomer Customer(string id) => _engine.Customer(_tenant, id);

    private async Task RestartAsync(TimeSpan after)
    {
        await _engine.DisposeAsync();
        await _store.ReopenAsync();
        _clock.Advance(after);
        _engine = await TestEngine.StartAsync(_store, _clock, sweeps: true);
    }

    private async Task WokenAsync(TestCustomer customer, int times)
    {
        await RecordedAsync(customer, times);

        // The log has it before the customer's own state does.
        var sequence = (await _store.ReadAsync(customer.Key)).Events.Length;
        await Customer(customer.Key.Id).Grain.ViewAsync(new ViewRequest(sequence));
    }

    private Task RecordedAsync(TestCustomer customer, int times) => Eventually.HoldsAsync(async () => (await WakesAsync(customer)).Count >= times);

    private async Task<List<CustomerEvent>> WakesAsync(TestCustomer customer) =>
        [.. (await _store.ReadAsync(customer.Key)).Events.Where(e => e.Type == EventType.Wake)];
}
