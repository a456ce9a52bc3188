using Decisioning.Engine.Customers;
using Decisioning.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Decisioning.Storage.Tests.Sqlite;

/// <summary>What is on the disk, seen by opening it again, whole or damaged.</summary>
public sealed class DurabilityTests : IDisposable
{
    private readonly TestStore _test = new();
    private readonly Samples _samples = new(seed: 1);

    [Fact]
    public async Task A_store_that_was_closed_opens_with_everything_and_nothing_left_to_index()
    {
        var (events, state) = (_samples.Events(0, 100), _samples.State(40));
        using (var store = _test.Open())
        {
            await store.AppendAsync(Samples.Customer(), 0, events, null, CancellationToken.None);
            await store.SaveSnapshotAsync(Samples.Customer(), state, CancellationToken.None);
            store.TryWrite(_samples.Decision(Samples.Customer(), "d", Samples.Start, Samples.Start.AddDays(1)));
        }

        Assert.Equal((1, 100, 1), Count("SELECT indexed_customer, indexed_event, indexed_decision FROM log_state"));
        using (var store = _test.Open())
        {
            var history = await store.LoadAsync(Samples.Customer(), Samples.Start, CancellationToken.None);
            States.AssertEqual(state, history.Snapshot!);
            Assert.Equal(events[40..], history.Tail);
            Assert.Equal("d", Assert.Single(history.OpenOffers).DecisionId);
            var result = await store.AppendAsync(Samples.Customer(), 100, [_samples.Event(101, events[7].Event.MessageId)], null, CancellationToken.None);
            Assert.Equal(8, Assert.IsType<AppendResult.KnownMessages>(result).Messages.Single().Sequence);
        }
    }

    [Fact]
    public async Task A_crash_while_the_index_is_written_leaves_an_index_that_knows_everything()
    {
        _test.Options.IndexBatch = 32;
        using var store = _test.Open();
        for (var round = 0; round < 30; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 7).Select(customer => store.AppendAsync(
                Samples.Customer(customer), round * 2, new Samples(customer).Events(round * 2, 2), null, CancellationToken.None)));

            using var copy = _test.CopyAsCrashed();
            using var reopened = copy.Open();
            for (var customer = 0; customer < 7; customer++)
            {
                var history = await reopened.LoadAsync(Samples.Customer(customer), Samples.Start, CancellationToken.None);
                Assert.Equal(Enumerable.Range(1, (round * 2) + 2).Select(s => (long)s), history.Tail.Select(recorded => recorded.Sequence));
                foreach (var sequence in new[] { 1, round + 1, history.Sequence })
                {
                    var again = new Samples(9).Event(history.Sequence + 1, $"m-{customer}-{sequence}");
                    var result = await reopened.AppendAsync(Samples.Customer(customer), history.Sequence, [again], null, CancellationToken.None);
                    Assert.Equal(sequence, Assert.IsType<AppendResult.KnownMessages>(result).Messages.Single().Sequence);
                }
            }
        }
    }

    [Theory, InlineData("cut", 1), InlineData("cut", 2), InlineData("flipped", 3), InlineData("flipped", 4)]
    public async Task A_torn_write_ahead_log_opens_with_every_commit_before_the_tear(string damage, int seed)
    {
        const int Commits = 30;
        var random = new Random(seed);
        using var store = _test.Open();
        var lengths = new List<long> { WalLength() };
        for (var i = 0; i < Commits; i++)
        {
            await store.AppendAsync(Samples.Customer(), i, _samples.Events(i, 1), null, CancellationToken.None);
            lengths.Add(WalLength());
        }

        for (var tear = 0; tear < 20; tear++)
        {
            var at = random.NextInt64(lengths[^1]);
            using var copy = _test.CopyAsCrashed();
            using (var wal = new FileStream(copy.Database + "-wal", FileMode.Open))
            {
                if (damage == "cut")
                {
                    wal.SetLength(at);
                }
                else
                {
                    wal.Position = at;
                    var flipped = (byte)(wal.ReadByte() ^ 0x40);
                    wal.Position = at;
                    wal.WriteByte(flipped);
                }
            }

            using var reopened = copy.Open();
            var history = await reopened.LoadAsync(Samples.Customer(), Samples.Start, CancellationToken.None);

            Assert.Equal(Math.Max(0, lengths.FindLastIndex(length => length <= at)), history.Tail.Length);
            Assert.Equal(AppendResult.Done, await reopened.AppendAsync(
                Samples.Customer(), history.Sequence, [_samples.Event(history.Sequence + 1, "after")], null, CancellationToken.None));
        }

        long WalLength() => new FileInfo(_test.Database + "-wal") is { Exists: true } wal ? wal.Length : 0;
    }

    [Theory, InlineData("UPDATE snapshot SET payload = zeroblob(50)", "it is not a snapshot"), InlineData("UPDATE snapshot SET payload = CAST(x'd503' || substr(payload, 3) AS BLOB)", "it is of version 3")]
    public async Task A_snapshot_that_cannot_be_used_is_said_so_and_the_log_stands_in(string damage, string problem)
    {
        using (var store = _test.Open())
        {
            await store.AppendAsync(Samples.Customer(), 0, _samples.Events(0, 10), null, CancellationToken.None);
            await store.SaveSnapshotAsync(Samples.Customer(), _samples.State(10), CancellationToken.None);
        }

        _test.Execute(damage);
        var log = new CapturedLog();
        using (var store = _test.Open(log))
        {
            var history = await store.LoadAsync(Samples.Customer(), Samples.Start, CancellationToken.None);
            Assert.Null(history.Snapshot);
            Assert.Equal(10, history.Tail.Length);
        }

        Assert.Contains(log.Messages, message => message.Contains(Samples.Customer().Mark, StringComparison.Ordinal) && message.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_log_with_a_hole_is_not_folded_over()
    {
        using (var store = _test.Open())
        {
            await store.AppendAsync(Samples.Customer(), 0, _samples.Events(0, 10), null, CancellationToken.None);
        }

        _test.Execute("DELETE FROM event WHERE position = 4");
        using (var store = _test.Open())
        {
            var failure = await Assert.ThrowsAsync<StorageUnavailableException>(() => store.LoadAsync(Samples.Customer(), Samples.Start, CancellationToken.None));
            Assert.Contains("has no event 4", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_failed_commit_leaves_the_outcome_unknown_and_service_resumes_by_itself()
    {
        var log = new CapturedLog();
        using var store = _test.Open(log);
        await store.AppendAsync(Samples.Customer(), 0, _samples.Events(0, 1), null, CancellationToken.None);
        using (var intruder = new SqliteConnection($"Data Source={_test.Database};Pooling=False"))
        {
            intruder.Open();
            using var transaction = intruder.BeginTransaction(deferred: false);
            Assert.True(store.TryWrite(_samples.Decision(Samples.Customer(), "d1", Samples.Start)));
            await Assert.ThrowsAsync<StorageUnavailableException>(() => store.AppendAsync(Samples.Customer(), 1, _samples.Events(1, 1), null, CancellationToken.None));
            Assert.Equal(1, (await store.LoadAsync(Samples.Customer(), Samples.Start, CancellationToken.None)).Sequence);
        }

        await log.OpenedAgain.WaitAsync(TimeSpan.FromSeconds(30));
        AppendResult? result = null;
        for (var tries = 0; result is null && tries < 1_000_000; tries++)
        {
            // The message comes a moment before the writer takes work again.
            result = await store.AppendAsync(Samples.Customer(), 1, [_samples.Event(2, "again")], null, CancellationToken.None)
                .ContinueWith(append => append.IsCompletedSuccessfully ? append.Result : null, TaskScheduler.Default);
        }

        Assert.Equal(AppendResult.Done, result);
        Assert.Equal(2, (await store.LoadAsync(Samples.Customer(), Samples.Start, CancellationToken.None)).Sequence);

        // A decision that was on its way is written again: later ones are made again with what it offered.
        Assert.Equal(["d1"], await store.ReadAsync(Samples.Customer(), CancellationToken.None).Select(record => record.Decision.DecisionId).ToArrayAsync());
    }

    [Fact]
    public async Task A_closed_store_takes_nothing_and_says_so()
    {
        var store = _test.Open();
        store.Dispose();

        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.AppendAsync(Samples.Customer(), 0, _samples.Events(0, 1), null, CancellationToken.None));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.LoadAsync(Samples.Customer(), Samples.Start, CancellationToken.None));
        Assert.False(store.TryWrite(_samples.Decision(Samples.Customer(), "d", Samples.Start)));
    }

    public void Dispose() => _test.Dispose();

    private (long First, long Second, long Third) Count(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_test.Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
    }
}
