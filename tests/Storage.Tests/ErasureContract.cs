using System.Collections.Immutable;
using System.Text;
using Decisioning.Engine.Customers;
using Decisioning.Storage.Tests.Sqlite;

namespace Decisioning.Storage.Tests;

/// <summary>What every adapter promises of forgetting a customer. One suite, run on each.</summary>
public abstract class ErasureContract
{
    private static readonly DateTimeOffset Now = Samples.Start;

    private readonly Samples _samples = new(seed: 91);

    /// <summary>The store under test.</summary>
    protected abstract ICustomerLog Log { get; }

    /// <summary>The same store.</summary>
    protected abstract IDecisionLog Decisions { get; }

    /// <summary>The same store.</summary>
    protected abstract IDueTable DueTable { get; }

    /// <summary>The same store.</summary>
    protected abstract IRetention Retention { get; }

    /// <summary>The same store.</summary>
    protected abstract IErasure Erasure { get; }

    /// <summary>The same store.</summary>
    protected abstract IKeptRows Kept { get; }

    /// <summary>Flips a bit of an event where the store keeps it.</summary>
    protected abstract Task DamageAsync(CustomerKey customer, long sequence);

    /// <summary>Makes a decision now.</summary>
    /// <returns>Has it written at the latest; an adapter that several processes share writes it no earlier, in another process.</returns>
    protected virtual Action Decided(DecisionRecord decision)
    {
        Decisions.TryWrite(decision);
        return static () => { };
    }

    [Fact]
    public async Task Nothing_is_left_of_an_erased_customer_and_the_others_are_as_they_were()
    {
        await FillAsync(Samples.Customer(1), events: 20);
        await FillAsync(Samples.Customer(2), events: 1300);
        await FillAsync(Samples.Customer(3), events: 20);
        var (first, third) = (await DescribeAsync(Samples.Customer(1)), await DescribeAsync(Samples.Customer(3)));

        var erased = await EraseAsync(Samples.Customer(2));

        Assert.Equal(new ErasedRows(1, 1300, 3, 2, 1), erased);
        Assert.Equal(CustomerHistory.Empty, await LoadAsync(Samples.Customer(2)));
        Assert.Equal(CustomerHistory.Empty, await Log.LoadLogAsync(Samples.Customer(2), CancellationToken.None));
        Assert.Empty(await Decisions.ReadAsync(Samples.Customer(2), CancellationToken.None).ToArrayAsync());
        Assert.Equal([Samples.Customer(1), Samples.Customer(3)], await Log.KeysAsync("default"));
        Assert.DoesNotContain(Samples.Customer(2), await DueAsync());
        Assert.Equal((first, third), (await DescribeAsync(Samples.Customer(1)), await DescribeAsync(Samples.Customer(3))));
    }

    [Fact]
    public async Task What_is_heard_of_an_erased_customer_begins_a_new_one_whose_message_ids_are_new()
    {
        var customer = Samples.Customer();
        var events = await FillAsync(customer, events: 8);
        await EraseAsync(customer);

        Assert.Empty(await Log.FindMessagesAsync(customer, [.. events.Select(e => e.Event.MessageId)], CancellationToken.None));
        Assert.Equal(AppendResult.Done, await Log.AppendAsync(customer, 0, events[..2], null, CancellationToken.None));
        var history = await LoadAsync(customer);

        Assert.Null(history.Snapshot);
        Assert.Equal(events[..2], history.Tail);
        Assert.Empty(history.OpenOffers);
        Assert.Null(history.DueAt);
        Assert.Equal([customer], await Log.KeysAsync("default"));
    }

    [Fact]
    public async Task Whoever_believes_in_the_erased_log_cannot_write_to_it_nor_bring_it_back()
    {
        var customer = Samples.Customer();
        await FillAsync(customer, events: 8);
        await EraseAsync(customer);

        var appended = await Log.AppendAsync(customer, 8, _samples.Events(8, 1), Now.AddDays(1), CancellationToken.None);
        await DueTable.SettleAsync(customer, 8, Now.AddDays(1), Now.AddDays(2), CancellationToken.None);
        await Assert.ThrowsAsync<ArgumentException>(() => Log.SaveSnapshotAsync(customer, _samples.State(8), CancellationToken.None));

        Assert.Equal(0, Assert.IsType<AppendResult.SequenceConflict>(appended).ActualSequence);
        Assert.Equal(CustomerHistory.Empty, await LoadAsync(customer));
        Assert.Empty(await Log.KeysAsync("default"));
        Assert.Empty(await DueAsync());
    }

    [Fact]
    public async Task Decisions_that_wait_to_be_written_are_erased_too()
    {
        var customer = Samples.Customer();
        await FillAsync(customer, events: 1);
        for (var i = 0; i < 3000; i++)
        {
            Decisions.TryWrite(_samples.Decision(customer, $"waiting-{i}", Now, Now.AddDays(1)));
        }

        var erased = await EraseAsync(customer);
        await FillAsync(Samples.Customer(2), events: 1);

        Assert.InRange(erased.Decisions, 1, 3003);
        Assert.Empty(await Decisions.ReadAsync(customer, CancellationToken.None).ToArrayAsync());
        Assert.Equal([Samples.Customer(2)], await Log.KeysAsync("default"));
    }

    [Fact]
    public async Task A_decision_of_before_an_erasure_is_none_of_who_came_back_since()
    {
        var customer = Samples.Customer();
        await FillAsync(customer, events: 3);
        var write = Decided(_samples.Decision(customer, "of-before", Now, Now.AddDays(1)));
        await EraseAsync(customer);
        Assert.Equal(AppendResult.Done, await Log.AppendAsync(customer, 0, _samples.Events(0, 2), null, CancellationToken.None));

        write();
        await FillAsync(Samples.Customer(2), events: 1);

        Assert.Empty(await Decisions.ReadAsync(customer, CancellationToken.None).ToArrayAsync());
        Assert.Empty((await LoadAsync(customer)).OpenOffers);
        Assert.Equal(2, (await LoadAsync(customer)).Sequence);
    }

    [Fact]
    public async Task Erasing_again_or_whom_nobody_knows_does_no_harm_and_finds_nothing()
    {
        await FillAsync(Samples.Customer(1), events: 5);
        await EraseAsync(Samples.Customer(1));

        Assert.Equal(ErasedRows.None, await EraseAsync(Samples.Customer(1)));
        Assert.Equal(ErasedRows.None, await EraseAsync(Samples.Customer(7)));
    }

    [Fact]
    public async Task A_customer_is_erased_who_came_back_and_so_on()
    {
        var customer = Samples.Customer();
        for (var round = 1; round <= 5; round++)
        {
            await FillAsync(customer, events: 3 * round);
            Assert.Equal(new ErasedRows(1, 3 * round, 3, 2, 1), await EraseAsync(customer));
        }

        Assert.Equal(CustomerHistory.Empty, await LoadAsync(customer));
    }

    [Fact]
    public async Task A_list_that_is_read_in_pages_goes_on_after_a_customer_who_was_erased_meanwhile()
    {
        for (var number = 1; number <= 4; number++)
        {
            await FillAsync(Samples.Customer(number), events: 1);
        }

        var place = await Log.PlaceOfAsync(Samples.Customer(2));
        await EraseAsync(Samples.Customer(2));
        await FillAsync(Samples.Customer(2), events: 1);

        Assert.Equal([Samples.Customer(3), Samples.Customer(4), Samples.Customer(2)], await Log.KeysAsync("default", place));
    }

    [Fact]
    public async Task A_customer_with_a_damaged_event_is_erased_like_any_other()
    {
        await FillAsync(Samples.Customer(1), events: 20);
        await FillAsync(Samples.Customer(2), events: 20);
        await DamageAsync(Samples.Customer(1), sequence: 12);
        Assert.True((await Assert.ThrowsAsync<StorageUnavailableException>(() => Log.LoadLogAsync(Samples.Customer(1), CancellationToken.None))).IsDamage);

        Assert.Equal(new ErasedRows(1, 20, 3, 2, 1), await EraseAsync(Samples.Customer(1)));

        Assert.Equal(CustomerHistory.Empty, await Log.LoadLogAsync(Samples.Customer(1), CancellationToken.None));
        Assert.Equal(20, (await LoadAsync(Samples.Customer(2))).Sequence);
    }

    [Fact]
    public async Task Everything_kept_is_read_page_by_page_past_what_is_reduced_or_damaged()
    {
        var customer = Samples.Customer();
        var events = await FillAsync(customer, events: 1003);
        await DamageAsync(customer, sequence: 500);

        var pages = await Kept.FindPagesAsync(customer, 100, CancellationToken.None);

        // Added meanwhile, it moves nothing; it may be on the last page.
        await Log.AppendAsync(customer, 1003, _samples.Events(1003, 1), null, CancellationToken.None);
        var (read, unreadable) = (new List<RecordedEvent>(), 0);
        foreach (var start in pages.Starts)
        {
            var page = await Kept.ReadEventsAsync(customer, start, 100, CancellationToken.None);
            Assert.InRange(page.Events.Length, 1, 100);
            read.AddRange(page.Events);
            unreadable += page.Unreadable;
        }

        Assert.Equal((11, 0L, 1), (pages.Starts.Length, pages.Missing, unreadable));
        Assert.Equal(events.Where(recorded => recorded.Sequence is not (1 or 500)), read.Where(recorded => recorded.Sequence <= 1003));
        Assert.Equal(1003, (await Kept.ReadStatesAsync(customer, CancellationToken.None)).Newest!.Sequence);
    }

    [Fact]
    public async Task What_a_newer_version_wrote_is_no_damage_and_passed_over_by_nobody()
    {
        var customer = Samples.Customer();
        await FillAsync(customer, events: 8);
        var newer = _samples.Event(9);
        newer = newer with { Event = newer.Event with { Type = Enum.GetValues<EventType>().Max() + 1 } };
        Assert.Equal(AppendResult.Done, await Log.AppendAsync(customer, 8, [newer], null, CancellationToken.None));
        var pages = await Kept.FindPagesAsync(customer, 100, CancellationToken.None);

        foreach (var read in new Func<Task>[]
        {
            () => LoadAsync(customer),
            () => Log.LoadLogAsync(customer, CancellationToken.None),
            () => Kept.ReadEventsAsync(customer, pages.Starts[^1], 100, CancellationToken.None),
        })
        {
            var refused = await Assert.ThrowsAsync<StorageUnavailableException>(read);
            Assert.True(refused is { IsNewer: true, IsDamage: false }, refused.ToString());
            Assert.Contains("update this engine", refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal(new ErasedRows(1, 9, 3, 2, 1), await EraseAsync(customer));
    }

    [Fact]
    public async Task Decisions_are_read_page_by_page_newest_first()
    {
        var customer = Samples.Customer();
        await FillAsync(customer, events: 1);
        var all = await Decisions.ReadAsync(customer, CancellationToken.None).Select(record => record.Decision.DecisionId).ToArrayAsync();
        var (read, next) = (new List<string>(), 0L);
        do
        {
            var page = await Decisions.ReadDecisionsAsync(customer, next, 2, CancellationToken.None);
            read.AddRange(page.Decisions.Select(record => record.Decision.DecisionId));
            next = page.Next;
        }
        while (next != 0);

        Assert.Equal(all, read);
        Assert.Equal(3, all.Length);
    }

    [Fact]
    public async Task Of_whom_nobody_knows_nothing_is_kept()
    {
        Assert.Empty((await Kept.FindPagesAsync(Samples.Customer(7), 10, CancellationToken.None)).Starts);
        Assert.Empty((await Kept.ReadEventsAsync(Samples.Customer(7), 0, 10, CancellationToken.None)).Events);
        Assert.Equal(0, (await Decisions.ReadDecisionsAsync(Samples.Customer(7), 0, 10, CancellationToken.None)).Next);
        Assert.Null((await Kept.ReadStatesAsync(Samples.Customer(7), CancellationToken.None)).Newest);
    }

    [Fact]
    public async Task Others_write_while_a_customer_is_erased_and_lose_nothing()
    {
        await FillAsync(Samples.Customer(1), events: 3000);
        var erasing = EraseAsync(Samples.Customer(1));
        for (var number = 2; number < 30; number++)
        {
            await FillAsync(Samples.Customer(number), events: 5);
        }

        Assert.Equal(3000, (await erasing).Events);
        for (var number = 2; number < 30; number++)
        {
            Assert.Equal(5, (await LoadAsync(Samples.Customer(number))).Sequence);
        }
    }

    /// <summary>A customer with some of everything.</summary>
    private async Task<ImmutableArray<RecordedEvent>> FillAsync(CustomerKey customer, int events)
    {
        var samples = new Samples(seed: customer.Value.Length * 1000 + customer.Value[^1] + events);
        var recorded = samples.Events(0, events);
        Assert.Equal(AppendResult.Done, await Log.AppendAsync(customer, 0, recorded, Now.AddDays(1), CancellationToken.None));
        await Log.SaveSnapshotAsync(customer, samples.State(events), CancellationToken.None);
        await Retention.ReduceAsync(customer, samples.State(1), upTo: 1, CancellationToken.None);
        for (var i = 0; i < 3; i++)
        {
            Decisions.TryWrite(samples.Decision(customer, $"{customer.Id}-{i}", Now.AddSeconds(i), Now.AddDays(1)));
        }

        // Decisions are written behind: with the append that comes after them.
        var marker = CustomerKey.User("other", $"marker-{Guid.NewGuid():N}");
        await Log.AppendAsync(marker, 0, samples.Events(0, 1), null, CancellationToken.None);
        while (await Decisions.ReadAsync(customer, CancellationToken.None).CountAsync() < 3)
        {
            await Log.FindMessagesAsync(marker, ["none"], CancellationToken.None);
        }

        return recorded;
    }

    private Task<ErasedRows> EraseAsync(CustomerKey customer) => Erasure.EraseAsync(customer, CancellationToken.None);

    private Task<CustomerHistory> LoadAsync(CustomerKey customer) => Log.LoadAsync(customer, Now, CancellationToken.None);

    private async Task<string> DescribeAsync(CustomerKey customer)
    {
        var text = new StringBuilder();
        Fixture.Describe(text, "loaded", await LoadAsync(customer));
        Fixture.Describe(text, "log", await Log.LoadLogAsync(customer, CancellationToken.None));
        Fixture.Describe(text, "decisions", await Decisions.ReadAsync(customer, CancellationToken.None).ToArrayAsync());
        return text.ToString();
    }

    private async Task<CustomerKey[]> DueAsync()
    {
        var due = new List<DueCustomer>();
        for (var shard = 0; shard < DueTable.Shards; shard++)
        {
            due.AddRange(await DueTable.DueAsync(shard, null, Now.AddYears(1), 1000, CancellationToken.None));
        }

        return [.. due.Select(row => row.Customer)];
    }
}
