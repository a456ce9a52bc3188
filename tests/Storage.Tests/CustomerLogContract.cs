using Decisioning.Engine;
using Decisioning.Engine.Customers;

namespace Decisioning.Storage.Tests;

/// <summary>What every adapter promises. One suite, run on each.</summary>
public abstract class CustomerLogContract
{
    private static readonly DateTimeOffset Now = Samples.Start;

    private readonly Samples _samples = new(seed: 1);

    /// <summary>The store under test.</summary>
    protected abstract ICustomerLog Log { get; }

    /// <summary>The same store.</summary>
    protected abstract IDecisionLog Decisions { get; }

    [Fact]
    public async Task A_customer_never_heard_of_has_an_empty_history()
    {
        Assert.Equal(CustomerHistory.Empty, await LoadAsync(Samples.Customer()));
    }

    [Fact]
    public async Task Appended_events_come_back_as_they_were_in_their_order()
    {
        var (first, second) = (_samples.Events(0, 5), _samples.Events(5, 70));

        Assert.Equal(AppendResult.Done, await AppendAsync(Samples.Customer(), 0, first));
        Assert.Equal(AppendResult.Done, await AppendAsync(Samples.Customer(), 5, second));

        var history = await LoadAsync(Samples.Customer());
        Assert.Null(history.Snapshot);
        Assert.Equal([.. first, .. second], history.Tail);
        Assert.Equal(75, history.Sequence);
    }

    [Fact]
    public async Task An_append_of_nothing_is_done_at_once()
    {
        Assert.Equal(AppendResult.Done, await AppendAsync(Samples.Customer(), 17, []));
    }

    [Theory, InlineData(0), InlineData(2), InlineData(4)]
    public async Task A_second_activation_gets_a_conflict_and_writes_nothing(long believed)
    {
        var written = _samples.Events(0, 3);
        await AppendAsync(Samples.Customer(), 0, written);

        var result = await AppendAsync(Samples.Customer(), believed, [_samples.Event(believed + 1, "other")]);

        Assert.Equal(new AppendResult.SequenceConflict(3), result);
        Assert.Equal(written, (await LoadAsync(Samples.Customer())).Tail);
    }

    [Fact]
    public async Task A_stale_activation_that_repeats_a_message_is_told_of_the_conflict_first()
    {
        var written = _samples.Events(0, 3);
        await AppendAsync(Samples.Customer(), 0, written);

        Assert.Equal(new AppendResult.SequenceConflict(3), await AppendAsync(Samples.Customer(), 0, written));
    }

    [Fact]
    public async Task A_known_message_is_named_with_its_sequence_and_hash_and_nothing_of_its_append_is_written()
    {
        var written = _samples.Events(0, Limits.SeenMessagesMax * 3);
        await AppendAsync(Samples.Customer(), 0, written);
        var next = written.Length;

        var result = await AppendAsync(
            Samples.Customer(), next, [_samples.Event(next + 1, "new"), _samples.Event(next + 2, written[1].Event.MessageId), _samples.Event(next + 3, written[0].Event.MessageId)]);

        var known = Assert.IsType<AppendResult.KnownMessages>(result).Messages;
        Assert.Equal([Known(written[1]), Known(written[0])], known);
        Assert.Equal(next, (await LoadAsync(Samples.Customer())).Sequence);
        Assert.Equal(AppendResult.Done, await AppendAsync(Samples.Customer(), next, [_samples.Event(next + 1, "new")]));
    }

    [Fact]
    public async Task Messages_of_any_age_are_found_with_sequence_and_hash_and_nothing_is_written_for_the_others()
    {
        var written = _samples.Events(0, Limits.SeenMessagesMax * 2);
        await AppendAsync(Samples.Customer(1), 0, written);

        Assert.Equal(
            [Known(written[^1]), Known(written[0])],
            await FindAsync(Samples.Customer(1), "", written[^1].Event.MessageId, "never sent", written[0].Event.MessageId, new('x', 5000)));
        Assert.Empty(await FindAsync(Samples.Customer(2), written[0].Event.MessageId));
        Assert.Empty(await FindAsync(Samples.Customer(1)));
        Assert.Equal(written.Length, (await LoadAsync(Samples.Customer(1))).Sequence);
        Assert.Equal(CustomerHistory.Empty, await LoadAsync(Samples.Customer(2)));

        Task<System.Collections.Immutable.ImmutableArray<KnownMessage>> FindAsync(CustomerKey customer, params string[] ids) =>
            Log.FindMessagesAsync(customer, [.. ids], CancellationToken.None);
    }

    [Fact]
    public async Task A_message_id_is_known_only_for_its_own_customer()
    {
        await AppendAsync(Samples.Customer(1), 0, [_samples.Event(1, "same")]);

        Assert.Equal(AppendResult.Done, await AppendAsync(Samples.Customer(2), 0, [_samples.Event(1, "same")]));
    }

    [Fact]
    public async Task Events_with_a_gap_or_a_message_twice_are_refused_before_anything_is_written()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => AppendAsync(Samples.Customer(), 0, [_samples.Event(1), _samples.Event(3)]));
        await Assert.ThrowsAsync<ArgumentException>(() => AppendAsync(Samples.Customer(), 0, [_samples.Event(1, "a"), _samples.Event(2, "a")]));

        Assert.Equal(0, (await LoadAsync(Samples.Customer())).Sequence);
    }

    [Fact]
    public async Task Of_racing_writers_of_one_customer_exactly_one_wins_each_sequence()
    {
        const int Writers = 8;
        for (var sequence = 0; sequence < 20; sequence++)
        {
            var at = sequence;
            var results = await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(
                () => Log.AppendAsync(Samples.Customer(), at, [new Samples(writer).Event(at + 1)], null, CancellationToken.None))));

            Assert.Single(results, AppendResult.Done);
            Assert.Equal(Writers - 1, results.Count(result => result is AppendResult.SequenceConflict { } conflict && conflict.ActualSequence == at + 1));
        }

        Assert.Equal(20, (await LoadAsync(Samples.Customer())).Sequence);
    }

    [Fact]
    public async Task A_conflict_of_one_customer_never_fails_the_append_of_another()
    {
        await AppendAsync(Samples.Customer(0), 0, _samples.Events(0, 1));

        var results = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Log.AppendAsync(
            Samples.Customer(i), 0, [_samples.Event(1, $"second-{i}")], null, CancellationToken.None)));

        Assert.Equal(new AppendResult.SequenceConflict(1), results[0]);
        Assert.All(results[1..], result => Assert.Equal(AppendResult.Done, result));
    }

    [Fact]
    public async Task Many_customers_writing_at_once_each_keep_their_own_log()
    {
        const int Customers = 40;
        await Task.WhenAll(Enumerable.Range(0, Customers).Select(i => Task.Run(async () =>
        {
            for (var sequence = 0; sequence < 50; sequence += 2)
            {
                Assert.Equal(AppendResult.Done, await AppendAsync(Samples.Customer(i), sequence, new Samples(i).Events(sequence, 2)));
            }
        })));

        for (var i = 0; i < Customers; i++)
        {
            var tail = (await LoadAsync(Samples.Customer(i))).Tail;
            Assert.Equal(Enumerable.Range(1, 50).Select(s => $"m-{i}-{s}"), tail.Select(recorded => recorded.Event.MessageId));
        }
    }

    [Fact]
    public async Task A_load_sees_every_append_that_was_answered_before_it()
    {
        for (var sequence = 0; sequence < 100; sequence++)
        {
            await AppendAsync(Samples.Customer(), sequence, _samples.Events(sequence, 1));
            Assert.Equal(sequence + 1, (await LoadAsync(Samples.Customer())).Sequence);
        }
    }

    [Fact]
    public async Task A_snapshot_stands_for_the_events_up_to_it()
    {
        var events = _samples.Events(0, 9);
        await AppendAsync(Samples.Customer(), 0, events);
        var state = new CustomerState { Sequence = 6, LateEvents = 2 };

        await Log.SaveSnapshotAsync(Samples.Customer(), state, CancellationToken.None);

        var history = await LoadAsync(Samples.Customer());
        Assert.Equal(6, history.Snapshot?.Sequence);
        Assert.Equal(2, history.Snapshot?.LateEvents);
        Assert.Equal(events[6..], history.Tail);
    }

    [Fact]
    public async Task The_whole_log_comes_whatever_snapshots_there_are()
    {
        var events = _samples.Events(0, 9);
        await AppendAsync(Samples.Customer(), 0, events);
        await Log.SaveSnapshotAsync(Samples.Customer(), new() { Sequence = 6 }, CancellationToken.None);
        Write(_samples.Decision(Samples.Customer(), "d1", Now, Now.AddDays(1)));
        await UntilRecordedAsync(Samples.Customer(), 1);

        var log = await Log.LoadLogAsync(Samples.Customer(), CancellationToken.None);

        Assert.Equal((null, 9L, true), (log.Snapshot, log.Sequence, log.OpenOffers.IsEmpty));
        Assert.Equal(events, log.Tail);
        Assert.Equal(CustomerHistory.Empty, await Log.LoadLogAsync(Samples.Customer(2), CancellationToken.None));
    }

    [Fact]
    public async Task A_snapshot_never_goes_back_and_never_ahead_of_the_log()
    {
        await AppendAsync(Samples.Customer(), 0, _samples.Events(0, 9));
        await Log.SaveSnapshotAsync(Samples.Customer(), new() { Sequence = 6 }, CancellationToken.None);
        await Log.SaveSnapshotAsync(Samples.Customer(), new() { Sequence = 4 }, CancellationToken.None);
        await Assert.ThrowsAsync<ArgumentException>(() => Log.SaveSnapshotAsync(Samples.Customer(), new() { Sequence = 10 }, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(() => Log.SaveSnapshotAsync(Samples.Customer(2), new() { Sequence = 1 }, CancellationToken.None));

        Assert.Equal(6, (await LoadAsync(Samples.Customer())).Snapshot?.Sequence);
    }

    [Fact]
    public async Task A_cancelled_call_writes_nothing()
    {
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Log.AppendAsync(Samples.Customer(), 0, _samples.Events(0, 1), null, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Log.LoadAsync(Samples.Customer(), Now, cancelled));

        Assert.Equal(0, (await LoadAsync(Samples.Customer())).Sequence);
    }

    [Fact]
    public async Task Offers_that_have_not_expired_come_with_the_history_oldest_first()
    {
        var customer = Samples.Customer();
        Write(_samples.Decision(customer, "d1", Now.AddHours(-3), Now.AddDays(2), Now));
        Write(_samples.Decision(customer, "d2", Now.AddHours(-2), Now.AddMinutes(-1)));
        Write(_samples.Decision(customer, "d3", Now.AddHours(-1)));
        Write(_samples.Decision(customer, "d4", Now.AddMinutes(-1), Now.AddTicks(1), Now.AddHours(1)));
        Write(_samples.Decision(Samples.Customer(2), "d5", Now, Now.AddHours(1)));
        await AppendAsync(customer, 0, _samples.Events(0, 1));
        await UntilRecordedAsync(customer, 4);

        var offers = (await LoadAsync(customer)).OpenOffers;

        Assert.Equal(["action-d1-0", "action-d4-0", "action-d4-1"], offers.Select(offer => offer.Action));
        Assert.Equal(Now.AddDays(2), offers[0].ExpiresAt);
        Assert.Equal(Now.AddHours(-3), offers[0].At);
        Assert.Equal("d1", offers[0].DecisionId);
    }

    [Fact]
    public async Task Of_too_many_open_offers_the_newest_stay()
    {
        var customer = Samples.Customer();
        for (var i = 0; i < Limits.OpenOffersMax; i++)
        {
            Write(_samples.Decision(customer, $"d{i}", Now, Now.AddDays(1), Now.AddDays(1)));
        }

        await UntilRecordedAsync(customer, Limits.OpenOffersMax);

        var offers = (await LoadAsync(customer)).OpenOffers;
        Assert.Equal(Limits.OpenOffersMax, offers.Length);
        Assert.Equal(($"d{Limits.OpenOffersMax / 2}", $"d{Limits.OpenOffersMax - 1}"), (offers[0].DecisionId, offers[^1].DecisionId));
    }

    [Fact]
    public async Task Decisions_come_back_newest_first_across_pages()
    {
        var written = Enumerable.Range(0, 250).Select(i => _samples.Decision(Samples.Customer(), $"d{i}", Now, Now)).ToArray();
        Assert.All(written, Write);
        await UntilRecordedAsync(Samples.Customer(), written.Length);

        var read = await Decisions.ReadAsync(Samples.Customer(), CancellationToken.None).ToArrayAsync();

        Assert.Equal(written.Reverse().Select(Text), read.Select(Text));

        // Records with arrays compare by reference; their text does not.
        static string Text(DecisionRecord record) => System.Text.Json.JsonSerializer.Serialize(new { record.Request.RequestId, record.Decision.DecisionId, record.Decision.Seed });
    }

    [Fact]
    public async Task Customers_of_a_tenant_are_listed_in_the_order_they_came()
    {
        const int Customers = 1200;
        var keys = Enumerable.Range(0, Customers).Select(i => Samples.Customer(i)).ToArray();
        foreach (var key in keys)
        {
            await AppendAsync(key, 0, _samples.Events(0, 1));
        }

        foreach (var other in new[] { "defaul", "default0", "default-2", "default.", "zebra" })
        {
            await AppendAsync(CustomerKey.Anonymous(other, "x"), 0, _samples.Events(0, 1));
        }

        Assert.Equal(keys, await Log.KeysAsync("default"));
        Assert.Equal([CustomerKey.Anonymous("default0", "x")], await Log.KeysAsync("default0"));
        Assert.Equal(keys[2..], await Log.KeysAsync("default", await Log.PlaceOfAsync(keys[1])));
        Assert.Empty(await Log.KeysAsync("default", await Log.PlaceOfAsync(keys[^1])));
        Assert.Empty(await Log.KeysAsync("nobody"));
    }

    [Fact]
    public async Task Any_customer_id_comes_back_as_it_was_and_is_nobody_elses()
    {
        string[] ids = ["a", "a\0", "a\0b", "\0", "back\\slash", "😀 naïve", new('日', Limits.CustomerIdCharsMax), new('x', Limits.CustomerIdCharsMax)];
        for (var i = 0; i < ids.Length; i++)
        {
            Assert.Equal(AppendResult.Done, await AppendAsync(CustomerKey.User("default", ids[i]), 0, _samples.Events(0, i + 1)));
        }

        for (var i = 0; i < ids.Length; i++)
        {
            Assert.Equal(i + 1, (await LoadAsync(CustomerKey.User("default", ids[i]))).Sequence);
        }

        Assert.Equal(ids, (await Log.KeysAsync("default")).Select(customer => customer.Id));
    }

    private Task<AppendResult> AppendAsync(CustomerKey customer, long expected, System.Collections.Immutable.ImmutableArray<RecordedEvent> events) =>
        Log.AppendAsync(customer, expected, events, null, CancellationToken.None);

    private static KnownMessage Known(RecordedEvent recorded) => new(recorded.Event.MessageId, recorded.Sequence, recorded.ContentHash);

    private Task<CustomerHistory> LoadAsync(CustomerKey customer) => Log.LoadAsync(customer, Now, CancellationToken.None);

    private void Write(DecisionRecord record) => Assert.True(Decisions.TryWrite(record));

    // Decisions are written behind the reply. A commit asked for after them carries them along or comes after them.
    private async Task UntilRecordedAsync(CustomerKey customer, int count)
    {
        for (var i = 0; await Decisions.ReadAsync(customer, CancellationToken.None).CountAsync() < count; i++)
        {
            Assert.True(i < 1000, "the decisions were never written");
            await AppendAsync(Samples.Customer(1_000_000 + i), 0, _samples.Events(0, 1));
        }
    }
}
