using System.Collections.Immutable;
using Decisioning.Engine.Customers;

namespace Decisioning.Storage.Tests;

/// <summary>What every adapter promises of making the log smaller. One suite, run on each.</summary>
public abstract class RetentionContract
{
    private static readonly DateTimeOffset Now = Samples.Start;
    private static readonly RetentionCutoffs Cutoffs = new(Now.AddDays(-30), ImmutableDictionary<string, DateTimeOffset?>.Empty);

    private readonly Samples _samples = new(seed: 71);

    /// <summary>The store under test.</summary>
    protected abstract ICustomerLog Log { get; }

    /// <summary>The same store.</summary>
    protected abstract IDecisionLog Decisions { get; }

    /// <summary>The same store.</summary>
    protected abstract IRetention Retention { get; }

    [Fact]
    public async Task What_a_customer_is_loaded_from_stays_as_it_was_and_the_log_begins_after_its_base()
    {
        var (customer, events, state) = (Samples.Customer(), Events(0, 20, ageInDays: 40), _samples.State(12));
        await AppendAsync(customer, 0, events);
        await Log.SaveSnapshotAsync(customer, _samples.State(15), CancellationToken.None);
        var before = await LoadAsync(customer);

        Assert.Equal(12, await Retention.ReduceAsync(customer, state, upTo: 12, CancellationToken.None));

        var after = await LoadAsync(customer);
        States.AssertEqual(before.Snapshot!, after.Snapshot!);
        Assert.Equal(before.Tail, after.Tail);
        var log = await Log.LoadLogAsync(customer, CancellationToken.None);
        States.AssertEqual(state, log.Snapshot!);
        Assert.Equal(events[12..], log.Tail);
        Assert.Equal(AppendResult.Done, await AppendAsync(customer, 20, Events(20, 1, ageInDays: 0)));
        Assert.Equal(21, (await LoadAsync(customer)).Sequence);
    }

    [Fact]
    public async Task A_repeat_of_a_reduced_event_is_known_for_ever_with_its_sequence_and_hash()
    {
        var (customer, events) = (Samples.Customer(), Events(0, 9, ageInDays: 40));
        await AppendAsync(customer, 0, events);
        await Log.SaveSnapshotAsync(customer, _samples.State(9), CancellationToken.None);
        await Retention.ReduceAsync(customer, _samples.State(9), upTo: 9, CancellationToken.None);

        var result = await AppendAsync(customer, 9, [.. events.Select(recorded => recorded with { Sequence = recorded.Sequence + 9 })]);

        Assert.Equal(events.Select(e => new KnownMessage(e.Event.MessageId, e.Sequence, e.ContentHash)), Assert.IsType<AppendResult.KnownMessages>(result).Messages);
        Assert.Equal(9, (await LoadAsync(customer)).Sequence);
    }

    [Fact]
    public async Task Nothing_is_reduced_that_the_newest_snapshot_does_not_cover()
    {
        var customer = Samples.Customer();
        await AppendAsync(customer, 0, Events(0, 9, ageInDays: 40));
        await Assert.ThrowsAsync<ArgumentException>(() => Retention.ReduceAsync(customer, _samples.State(5), upTo: 5, CancellationToken.None));
        await Log.SaveSnapshotAsync(customer, _samples.State(6), CancellationToken.None);
        await Assert.ThrowsAsync<ArgumentException>(() => Retention.ReduceAsync(customer, _samples.State(7), upTo: 7, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(() => Retention.ReduceAsync(customer, _samples.State(5), upTo: 6, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(() => Retention.ReduceAsync(Samples.Customer(2), _samples.State(1), upTo: 1, CancellationToken.None));

        Assert.Equal(9, (await Log.LoadLogAsync(customer, CancellationToken.None)).Tail.Length);
    }

    [Fact]
    public async Task Reducing_again_does_nothing_and_goes_on_where_more_is_past_its_age()
    {
        var (customer, events) = (Samples.Customer(), Events(0, 30, ageInDays: 40));
        await AppendAsync(customer, 0, events);
        await Log.SaveSnapshotAsync(customer, _samples.State(30), CancellationToken.None);

        Assert.Equal(10, await Retention.ReduceAsync(customer, _samples.State(10), upTo: 10, CancellationToken.None));
        Assert.Equal(0, await Retention.ReduceAsync(customer, _samples.State(10), upTo: 10, CancellationToken.None));
        Assert.Equal(15, await Retention.ReduceAsync(customer, _samples.State(25), upTo: 25, CancellationToken.None));
        Assert.Equal(0, await Retention.ReduceAsync(customer, _samples.State(10), upTo: 10, CancellationToken.None));

        var log = await Log.LoadLogAsync(customer, CancellationToken.None);
        Assert.Equal(25, log.Snapshot!.Sequence);
        Assert.Equal(events[25..], log.Tail);
    }

    [Fact]
    public async Task Customers_with_events_past_their_age_are_found_by_their_tenants_own_age_in_pieces_and_only_until_they_are_reduced()
    {
        CustomerKey[] old = [.. Enumerable.Range(0, 25).Select(Samples.Customer)];
        var (young, forEver, shorter) = (Samples.Customer(100), CustomerKey.User("for-ever", "c"), CustomerKey.User("shorter", "c"));
        var cutoffs = Cutoffs with { Tenants = Cutoffs.Tenants.Add("for-ever", null).Add("shorter", Now.AddDays(-5)) };
        foreach (var (customer, age) in old.Select(customer => (customer, 40)).Concat([(forEver, 40), (young, 10), (shorter, 10)]))
        {
            await AppendAsync(customer, 0, Events(0, 3, age));
        }

        Assert.Equal([.. old, shorter], await DueAsync(cutoffs));
        Assert.Empty(await DueAsync(cutoffs with { Default = null, Tenants = ImmutableDictionary<string, DateTimeOffset?>.Empty }));

        foreach (var customer in old[..20].Append(shorter))
        {
            await Log.SaveSnapshotAsync(customer, _samples.State(3), CancellationToken.None);
            Assert.Equal(3, await Retention.ReduceAsync(customer, _samples.State(3), upTo: 3, CancellationToken.None));
        }

        Assert.Equal(old[20..], await DueAsync(cutoffs));
    }

    [Fact]
    public async Task Events_are_acknowledged_while_others_are_reduced()
    {
        var customer = Samples.Customer();
        await AppendAsync(customer, 0, Events(0, 3000, ageInDays: 40));
        await Log.SaveSnapshotAsync(customer, _samples.State(3000), CancellationToken.None);

        var reducing = Task.Run(() => Retention.ReduceAsync(customer, _samples.State(3000), upTo: 3000, CancellationToken.None));
        var appended = 3000;
        while (!reducing.IsCompleted || appended < 3010)
        {
            Assert.Equal(AppendResult.Done, await AppendAsync(customer, appended, Events(appended, 1, ageInDays: 0)));
            appended++;
        }

        Assert.Equal(3000, await reducing);
        Assert.Equal(appended, (await LoadAsync(customer)).Sequence);
        Assert.Equal(appended - 3000, (await Log.LoadLogAsync(customer, CancellationToken.None)).Tail.Length);
    }

    [Fact]
    public async Task Decisions_past_their_age_are_deleted_except_where_an_offer_is_open()
    {
        var (mine, theirs) = (Samples.Customer(1), Samples.Customer(2));
        Write(_samples.Decision(mine, "old", Now.AddDays(-50), Now.AddDays(-49)));
        Write(_samples.Decision(theirs, "open", Now.AddDays(-45), Now.AddDays(1)));
        Write(_samples.Decision(theirs, "after-open", Now.AddDays(-44), Now.AddDays(-43)));
        Write(_samples.Decision(mine, "empty", Now.AddDays(-40)));
        Write(_samples.Decision(mine, "young", Now.AddDays(-10), Now.AddDays(-9)));
        await UntilRecordedAsync(mine, 3);
        await UntilRecordedAsync(theirs, 2);

        Assert.Equal(2, await DeleteDecisionsAsync());

        Assert.Equal(["young"], await Ids(mine));
        Assert.Equal(["after-open", "open"], await Ids(theirs));
        Assert.Equal("open", Assert.Single((await LoadAsync(theirs)).OpenOffers).DecisionId);
        Assert.Equal(0, await DeleteDecisionsAsync());
        Write(_samples.Decision(mine, "new", Now, Now.AddDays(1)));
        await UntilRecordedAsync(mine, 2);
        Assert.Equal(["new", "young"], await Ids(mine));
    }

    /// <summary>Events that were received so many days ago.</summary>
    internal ImmutableArray<RecordedEvent> Events(long after, int count, int ageInDays) =>
        [.. _samples.Events(after, count).Select(recorded => recorded with { Event = recorded.Event with { ReceivedAt = Now.AddDays(-ageInDays) } })];

    private Task<AppendResult> AppendAsync(CustomerKey customer, long expected, ImmutableArray<RecordedEvent> events) =>
        Log.AppendAsync(customer, expected, events, dueAt: null, CancellationToken.None);

    private Task<CustomerHistory> LoadAsync(CustomerKey customer) => Log.LoadAsync(customer, Now, CancellationToken.None);

    private void Write(DecisionRecord record) => Assert.True(Decisions.TryWrite(record));

    private async Task<IEnumerable<string>> Ids(CustomerKey customer) =>
        (await Decisions.ReadAsync(customer, CancellationToken.None).ToArrayAsync()).Select(record => record.Decision.DecisionId);

    private async Task<IEnumerable<CustomerKey>> DueAsync(RetentionCutoffs cutoffs)
    {
        var found = new List<CustomerKey>();
        string? cursor = null;
        do
        {
            var page = await Retention.FindDueAsync(cutoffs, cursor, rowsMax: 7, CancellationToken.None);
            found.AddRange(page.Customers);
            cursor = page.Cursor;
        }
        while (cursor is not null);

        // A customer whose events are in two pieces is found in both.
        return found.Distinct();
    }

    private async Task<int> DeleteDecisionsAsync()
    {
        var removed = 0;
        string? cursor = null;
        do
        {
            var step = await Retention.DeleteDecisionsAsync(Now.AddDays(-30), Now, cursor, rowsMax: 2, CancellationToken.None);
            removed += step.Removed;
            cursor = step.Cursor;
        }
        while (cursor is not null);

        return removed;
    }

    private async Task UntilRecordedAsync(CustomerKey customer, int count)
    {
        for (var i = 0; await Decisions.ReadAsync(customer, CancellationToken.None).CountAsync() < count; i++)
        {
            Assert.True(i < 1000, "the decisions were never written");
            await AppendAsync(Samples.Customer(1_000_000 + i), 0, _samples.Events(0, 1));
        }
    }
}
