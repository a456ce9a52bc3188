using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Storage.Sqlite;

namespace Decisioning.Storage.Tests.Sqlite;

public sealed class SqliteRetentionTests : RetentionContract, IDisposable
{
    private readonly TestStore _test = new();
    private readonly SqliteStore _store;

    public SqliteRetentionTests() => _store = _test.Open();

    protected override ICustomerLog Log => _store;

    protected override IDecisionLog Decisions => _store;

    protected override IRetention Retention => _store;

    public void Dispose()
    {
        _store.Dispose();
        _test.Dispose();
    }
}

/// <summary>What is on the disk after the log was made smaller, seen by opening it again, whole or damaged.</summary>
public sealed class SqliteRetentionDiskTests : IDisposable
{
    private const int Events = 60;

    private readonly TestStore _test = new() { Options = { IndexBatch = 16 } };
    private readonly Samples _samples = new(seed: 81);

    [Fact]
    public async Task A_corrupt_newest_snapshot_is_made_again_from_the_base_and_the_events_after_it()
    {
        var (events, state) = await WriteAsync(reduceTo: 40);
        _test.Execute("UPDATE snapshot SET payload = zeroblob(50)");
        var log = new CapturedLog();
        using var store = _test.Open(log);

        var history = await store.LoadAsync(Samples.Customer(), Samples.Start, CancellationToken.None);

        States.AssertEqual(state, history.Snapshot!);
        Assert.Equal(events[40..], history.Tail);
        Assert.Contains(log.Messages, message => message.Contains("is not used", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_base_that_cannot_be_used_is_said_and_never_passed_over()
    {
        await WriteAsync(reduceTo: 40);
        _test.Execute("UPDATE snapshot SET payload = zeroblob(50)");
        _test.Execute("UPDATE base SET payload = zeroblob(50)");
        using var store = _test.Open();

        var failure = await Assert.ThrowsAsync<StorageUnavailableException>(() => store.LoadAsync(Samples.Customer(), Samples.Start, CancellationToken.None));

        Assert.Contains("restore the database from a backup", failure.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Repeats_are_known_after_a_restart_whether_the_index_was_written_before_it_or_is_read_again(bool crash)
    {
        _test.Options.IndexBatch = crash ? 131_072 : 16;
        using (var store = _test.Open())
        {
            var events = await WriteAsync(store, reduceTo: 40);
            using var copy = crash ? _test.CopyAsCrashed() : null;
            if (copy is not null)
            {
                using var reopened = copy.Open();
                await AssertKnownAsync(reopened, events);
            }
        }

        if (!crash)
        {
            using var reopened = _test.Open();
            await AssertKnownAsync(reopened, [.. new Samples(81).Events(0, Events)]);
        }
    }

    [Fact]
    public async Task A_pass_does_not_read_again_what_an_earlier_one_saw_reduced()
    {
        var cutoffs = new RetentionCutoffs(Samples.Start.AddDays(30), ImmutableDictionary<string, DateTimeOffset?>.Empty);
        using var store = _test.Open();
        await WriteAsync(store, reduceTo: Events);
        Assert.Equal((0, 7), await PassAsync());

        Assert.Equal((0, 1), await PassAsync());

        await store.AppendAsync(Samples.Customer(), Events, _samples.Events(Events, 15), dueAt: null, CancellationToken.None);
        Assert.Equal((1, 2), await PassAsync());
        Assert.Equal((1, 2), await PassAsync());

        async Task<(int Customers, int Pages)> PassAsync()
        {
            var (customers, pages, cursor) = (new HashSet<CustomerKey>(), 0, (string?)null);
            do
            {
                var page = await store.FindDueAsync(cutoffs, cursor, rowsMax: 10, CancellationToken.None);
                customers.UnionWith(page.Customers);
                cursor = page.Cursor;
                pages++;
            }
            while (cursor is not null);

            return (customers.Count, pages);
        }
    }

    [Fact]
    public async Task A_crash_at_any_commit_of_the_reduction_leaves_the_customer_whole()
    {
        using var store = _test.Open();
        var written = _samples.Events(0, 1200);
        await store.AppendAsync(Samples.Customer(), 0, written, dueAt: null, CancellationToken.None);
        await store.SaveSnapshotAsync(Samples.Customer(), _samples.State(1200), CancellationToken.None);
        var state = _samples.State(1100);
        var reducing = Task.Run(() => store.ReduceAsync(Samples.Customer(), state, upTo: 1100, CancellationToken.None));
        do
        {
            using var copy = _test.CopyAsCrashed();
            using var reopened = copy.Open();
            Assert.Equal(1200, (await reopened.LoadAsync(Samples.Customer(), Samples.Start, CancellationToken.None)).Sequence);
            var log = await reopened.LoadLogAsync(Samples.Customer(), CancellationToken.None);
            Assert.Equal(written[(int)(log.Snapshot?.Sequence ?? 0)..], log.Tail);
            await reopened.ReduceAsync(Samples.Customer(), state, upTo: 1100, CancellationToken.None);
            Assert.Equal(0, await reopened.ReduceAsync(Samples.Customer(), state, upTo: 1100, CancellationToken.None));
        }
        while (!reducing.IsCompleted);

        Assert.Equal(1100, await reducing);
    }

    [Fact]
    public async Task The_room_of_reduced_events_is_used_again_by_later_ones()
    {
        const int Many = 4000;
        using (var store = _test.Open())
        {
            await store.AppendAsync(Samples.Customer(), 0, _samples.Events(0, Many), dueAt: null, CancellationToken.None);
            await store.SaveSnapshotAsync(Samples.Customer(), _samples.State(Many), CancellationToken.None);
        }

        var full = new FileInfo(_test.Database).Length;
        using (var store = _test.Open())
        {
            Assert.Equal(Many, await store.ReduceAsync(Samples.Customer(), _samples.State(Many), upTo: Many, CancellationToken.None));
        }

        using (var store = _test.Open())
        {
            await store.AppendAsync(Samples.Customer(2), 0, _samples.Events(0, Many / 2), dueAt: null, CancellationToken.None);
        }

        Assert.InRange(new FileInfo(_test.Database).Length, 0, full * 11 / 10);
    }

    [Fact]
    public async Task Positions_of_deleted_decisions_are_never_given_again()
    {
        using (var store = _test.Open())
        {
            store.TryWrite(_samples.Decision(Samples.Customer(1), "old", Samples.Start.AddDays(-60), Samples.Start.AddDays(-59)));
            await store.AppendAsync(Samples.Customer(1), 0, _samples.Events(0, 1), dueAt: null, CancellationToken.None);
        }

        using (var store = _test.Open())
        {
            Assert.Equal(1, (await store.DeleteDecisionsAsync(Samples.Start, Samples.Start, null, 100, CancellationToken.None)).Removed);
        }

        using (var store = _test.Open())
        {
            store.TryWrite(_samples.Decision(Samples.Customer(2), "new", Samples.Start, Samples.Start.AddDays(1)));
        }

        using (var store = _test.Open())
        {
            Assert.Empty(await store.ReadAsync(Samples.Customer(1), CancellationToken.None).ToArrayAsync());
            Assert.Single(await store.ReadAsync(Samples.Customer(2), CancellationToken.None).ToArrayAsync());
        }
    }

    public void Dispose() => _test.Dispose();

    private static async Task AssertKnownAsync(SqliteStore store, ImmutableArray<RecordedEvent> events)
    {
        foreach (var recorded in events)
        {
            var result = await store.AppendAsync(Samples.Customer(), Events, [recorded with { Sequence = Events + 1 }], dueAt: null, CancellationToken.None);
            Assert.Equal([new KnownMessage(recorded.Event.MessageId, recorded.Sequence, recorded.ContentHash)], Assert.IsType<AppendResult.KnownMessages>(result).Messages);
        }
    }

    private async Task<(ImmutableArray<RecordedEvent> Events, CustomerState State)> WriteAsync(int reduceTo)
    {
        using var store = _test.Open();
        return (await WriteAsync(store, reduceTo), new Samples(83).State(reduceTo));
    }

    private static async Task<ImmutableArray<RecordedEvent>> WriteAsync(SqliteStore store, int reduceTo)
    {
        var events = new Samples(81).Events(0, Events);
        await store.AppendAsync(Samples.Customer(), 0, events, dueAt: null, CancellationToken.None);
        await store.SaveSnapshotAsync(Samples.Customer(), new Samples(82).State(Events), CancellationToken.None);
        Assert.Equal(reduceTo, await store.ReduceAsync(Samples.Customer(), new Samples(83).State(reduceTo), reduceTo, CancellationToken.None));
        return events;
    }
}
