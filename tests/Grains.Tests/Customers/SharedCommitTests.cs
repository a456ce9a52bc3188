using System.Collections.Immutable;
using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Values;
using Decisioning.Grains.Tests.Support;
using Decisioning.Tests.Shared;
using static Decisioning.Engine.Customers.RecordStatus;

namespace Decisioning.Grains.Tests.Customers;

public sealed class SharedCommitTests(EngineWithArrivals silo) : IClassFixture<EngineWithArrivals>
{
    private readonly TestEngine _engine = silo.Engine;

    [Fact]
    public async Task Events_that_wait_for_a_commit_share_the_next_one_in_the_order_they_came()
    {
        var ann = await _engine.CustomerAsync();
        var replies = await BehindAHeldCommitAsync(ann, [.. Enumerable.Range(0, 20).Select(i => One(ann.Viewed($"w{i}")))]);

        Assert.Equal(2, _engine.Store.Log.AppendsOf(ann.Key));
        Assert.Equal(Enumerable.Range(2, 20).Select(i => (Applied, (long)i)), replies.Select(Told).SelectMany(told => told));
        Assert.Equal(Value.Of(21L), (await ann.ViewAsync()).Features["views"]);
        await IsWhatTheLogSaysAsync(ann, 21);
    }

    [Fact]
    public async Task Each_caller_is_told_of_its_own_events_whatever_the_others_sent_along()
    {
        var ann = await _engine.CustomerAsync();
        var seen = ann.Viewed("seen");
        var replies = await BehindAHeldCommitAsync(
            ann,
            [seen, ann.Viewed("a")],
            [ann.Event("bad", "Product Viewed", default, ("price", Value.Of("cheap")))],
            [seen],
            [ann.Event("seen", "Order Completed", default, ("revenue", Value.Of(5.0))), ann.Viewed("b")]);

        Assert.Equal(2, _engine.Store.Log.AppendsOf(ann.Key));
        Assert.Equal([[(Applied, 2L), (Applied, 3L)], [(Rejected, 0L)], [(Duplicate, 2L)], [(Conflict, 2L), (Applied, 4L)]], replies.Select(Told));
        Assert.Equal("properties.price", Assert.Single(replies[1].Outcomes[0].Violations).Field);
        await IsWhatTheLogSaysAsync(ann, 4);
    }

    [Fact]
    public async Task A_repeat_within_a_shared_commit_is_known_also_beyond_what_memory_holds()
    {
        var ann = await _engine.CustomerAsync();
        var old = ann.Viewed("old");
        await ann.RecordAsync(old);
        await ann.RecordAsync([.. Enumerable.Range(0, Limits.SeenMessagesMax).Select(i => ann.Viewed($"m{i}"))]);
        var first = ann.Viewed("first");
        var replies = await BehindAHeldCommitAsync(
            ann,
            [first],
            [.. Enumerable.Range(0, Limits.SeenMessagesMax + 1).Select(i => ann.Viewed($"w{i}"))],
            [first],
            [old]);

        var firsts = (long)Limits.SeenMessagesMax + 3;
        Assert.Equal([(Applied, firsts)], Told(replies[0]));
        Assert.Equal([(Duplicate, firsts)], Told(replies[2]));
        Assert.Equal([(Duplicate, 1L)], Told(replies[3]));
        await IsWhatTheLogSaysAsync(ann, (2 * Limits.SeenMessagesMax) + 4);
    }

    [Fact]
    public async Task A_caller_who_goes_takes_nobody_elses_events_along()
    {
        var ann = await _engine.CustomerAsync();
        using var early = new CancellationTokenSource();
        using var late = new CancellationTokenSource();
        var first = _engine.Store.Log.Hold(ann.Key);
        var begun = await WaitingAsync(ann, ann.Viewed("begun"));
        await first.Arrived;
        var leader = await silo.Arrivals.MadeAsync(ann.Key, () => ann.Grain.RecordAsync(new([ann.Viewed("leader")]), late.Token));
        var gone = await silo.Arrivals.MadeAsync(ann.Key, () => ann.Grain.RecordAsync(new([ann.Viewed("gone")]), early.Token));
        var stays = await WaitingAsync(ann, ann.Viewed("stays"));
        await silo.Arrivals.CancelAsync(ann.Key, early);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        var second = _engine.Store.Log.Hold(ann.Key);
        first.Release();
        await second.Arrived;
        await silo.Arrivals.CancelAsync(ann.Key, late);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leader);
        second.Release();

        Assert.Equal([(Applied, 1L)], Told(await begun));
        Assert.Equal([(Applied, 3L)], Told(await stays));
        Assert.Equal([(Duplicate, 2L), (Applied, 4L)], Told(await ann.RecordAsync(ann.Viewed("leader"), ann.Viewed("gone"))));
        await IsWhatTheLogSaysAsync(ann, 4);
    }

    [Fact]
    public async Task A_shared_commit_whose_outcome_is_unknown_is_unknown_to_all_of_it_and_repeats_count_once()
    {
        var ann = await _engine.CustomerAsync();
        var held = _engine.Store.Log.Hold(ann.Key);
        var begun = await WaitingAsync(ann, ann.Viewed("begun"));
        await held.Arrived;
        var (a, b) = (await WaitingAsync(ann, ann.Viewed("a")), await WaitingAsync(ann, ann.Viewed("b")));
        var second = _engine.Store.Log.Hold(ann.Key);
        held.Release();
        await second.Arrived;
        _engine.Store.Log.Fail(ann.Key, GatedLog.Failure.AfterWrite);
        var after = ann.RecordAsync(ann.Viewed("after"));
        second.Release();

        await begun;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => a);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => b);
        Assert.Equal([(Applied, 4L)], Told(await after));
        Assert.Equal([(Duplicate, 2L), (Duplicate, 3L)], Told(await ann.RecordAsync(ann.Viewed("a"), ann.Viewed("b"))));
        await IsWhatTheLogSaysAsync(ann, 4);
    }

    [Fact]
    public async Task What_else_writes_has_its_turn_among_the_events_that_wait()
    {
        var ann = await _engine.CustomerAsync();
        var held = _engine.Store.Log.Hold(ann.Key);
        var begun = await WaitingAsync(ann, ann.Viewed("begun"));
        await held.Arrived;
        var before = await WaitingAsync(ann, ann.Viewed("before"));
        var erased = await silo.Arrivals.MadeAsync(ann.Key, ann.EraseAsync);
        var after = await WaitingAsync(ann, ann.Viewed("after"));
        held.Release();

        Assert.Equal([(Applied, 1L)], Told(await begun));
        Assert.Equal([(Applied, 2L)], Told(await before));
        Assert.Equal(2, (await erased).Events);
        Assert.Equal([(Applied, 1L)], Told(await after));
        await IsWhatTheLogSaysAsync(ann, 1);
    }

    [Fact]
    public async Task Identities_are_linked_in_their_place_among_the_events_that_wait()
    {
        var ann = await _engine.CustomerAsync();
        var visitor = new TestCustomer(_engine, CustomerKey.Anonymous(ann.Key.Tenant, "v"));
        var held = _engine.Store.Log.Hold(visitor.Key);
        var begun = await WaitingAsync(visitor, visitor.Viewed("begun"));
        await held.Arrived;
        var before = await WaitingAsync(visitor, visitor.Viewed("before"));
        var link = await silo.Arrivals.MadeAsync(visitor.Key, () => visitor.Grain.LinkAsync(new(ann.Key, IsVerified: true)));
        var after = await WaitingAsync(visitor, visitor.Viewed("after"));
        held.Release();
        await Task.WhenAll(begun, before, after);

        Assert.Equal(LinkStatus.Linked, await link);
        Assert.Equal(Value.Of(3L), (await ann.ViewAsync()).Features["views"]);
    }

    [Fact]
    public async Task What_time_brought_about_is_recorded_once_before_the_first_new_event_of_a_shared_commit()
    {
        await using var store = TestStore.Opened();
        var clock = new TestClock();
        await using var own = await TestEngine.StartAsync(store, clock, arrivals: silo.Arrivals);
        var tenant = TestEngine.NewTenant();
        await own.PublishAsync(tenant, TimedStrategies.Absence);
        var ann = own.Customer(tenant, "ann");
        var visit = ann.Event("v", "Visit");
        await ann.RecordAsync(visit);
        var held = store.Log.Hold(ann.Key);
        var begun = await WaitingAsync(ann, ann.Event("begun", "Visit"));
        await held.Arrived;
        clock.Advance(TimeSpan.FromHours(5));
        var repeat = await WaitingAsync(ann, visit);
        var (first, second) = (await WaitingAsync(ann, ann.Event("first", "Visit")), await WaitingAsync(ann, ann.Event("second", "Visit")));
        held.Release();
        await begun;

        // The third is that a visit was missed.
        Assert.Equal([(Duplicate, 1L), (Applied, 4L), (Applied, 5L)], [.. Told(await repeat), .. Told(await first), .. Told(await second)]);
        Assert.Equal(3, store.Log.AppendsOf(ann.Key));
        await IsWhatTheLogSaysAsync(ann, 5);
    }

    [Fact]
    public async Task More_events_than_may_wait_are_refused_and_those_that_wait_are_recorded()
    {
        var ann = await _engine.CustomerAsync();
        var held = _engine.Store.Log.Hold(ann.Key);
        var begun = await WaitingAsync(ann, ann.Viewed("begun"));
        await held.Arrived;
        var waiting = new List<Task<RecordReply>>();
        foreach (var b in Enumerable.Range(0, 20))
        {
            waiting.Add(await WaitingAsync(ann, [.. Enumerable.Range(0, 500).Select(i => ann.Viewed($"{b}-{i}"))]));
        }

        await Assert.ThrowsAsync<TooManyEventsException>(() => ann.RecordAsync(ann.Viewed("too much")));
        held.Release();
        await begun;
        await Task.WhenAll(waiting);
        Assert.Equal(21, _engine.Store.Log.AppendsOf(ann.Key));
        Assert.Equal([(Applied, 10_002L)], Told(await ann.RecordAsync(ann.Viewed("too much"))));
    }

    [Fact]
    public async Task Callers_at_once_leave_the_state_that_the_log_tells_and_each_event_once()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var ann = await _engine.CustomerAsync();
        var sent = Enumerable.Range(0, 300).Select(_ => ImmutableArray.CreateRange(Enumerable.Range(0, random.Next(1, 4)).Select(_ => ann.Viewed($"m{random.Next(200)}")))).ToList();

        var replies = await Task.WhenAll(sent.Select(events => Task.Run(() => ann.RecordAsync(events))));

        var outcomes = replies.SelectMany(reply => reply.Outcomes).ToList();
        var ids = sent.SelectMany(events => events).Select(e => e.MessageId).Distinct().Count();
        Assert.True(ids == outcomes.Count(outcome => outcome.Status == Applied), $"seed {seed}: {ids} ids, {outcomes.Count(outcome => outcome.Status == Applied)} applied");
        Assert.True(outcomes.GroupBy(outcome => outcome.MessageId).All(same => same.Select(outcome => outcome.Sequence).Distinct().Count() == 1), $"seed {seed}: repeats have other sequences");
        await IsWhatTheLogSaysAsync(ann, ids);
    }

    // Holds the customer's first commit until all others wait.
    private async Task<RecordReply[]> BehindAHeldCommitAsync(TestCustomer customer, params ImmutableArray<CustomerEvent>[] batches)
    {
        var held = _engine.Store.Log.Hold(customer.Key);
        var begun = await WaitingAsync(customer, customer.Viewed("begun"));
        await held.Arrived;
        var waiting = new List<Task<RecordReply>>();
        foreach (var batch in batches)
        {
            waiting.Add(await WaitingAsync(customer, batch));
        }

        held.Release();
        await begun;
        return await Task.WhenAll(waiting);
    }

    // Returns when it waits behind those that came before.
    private Task<Task<RecordReply>> WaitingAsync(TestCustomer customer, params ImmutableArray<CustomerEvent> events) =>
        silo.Arrivals.MadeAsync(customer.Key, () => customer.RecordAsync(events));

    private static async Task IsWhatTheLogSaysAsync(TestCustomer customer, long events)
    {
        var verified = await customer.Grain.VerifyAsync();
        Assert.Equal(events, verified.Sequence);
        Assert.Empty(verified.Differences);
    }

    private static ImmutableArray<CustomerEvent> One(CustomerEvent e) => [e];

    private static IEnumerable<(RecordStatus Status, long Sequence)> Told(RecordReply reply) => reply.Outcomes.Select(outcome => (outcome.Status, outcome.Sequence));
}
