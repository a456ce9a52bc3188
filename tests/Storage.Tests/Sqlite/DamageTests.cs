using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Decisioning.Storage.Tests.Sqlite;

/// <summary>
/// Bytes on the disk are cut, flipped and torn by seed. What opens holds exactly a prefix of the commits, and sending the rest
/// again brings it to where it was; or it refuses with a sentence. It is never silently wrong.
/// </summary>
public sealed class DamageTests(ITestOutputHelper output) : IDisposable
{
    private const int Commits = 40;
    private const int MutationsOfLog = 100;
    private const int MutationsOfRows = 100;

    private readonly TestStore _test = new();

    [Theory, InlineData("cut", 21), InlineData("flip", 22), InlineData("zero", 23), InlineData("garbage", 24), InlineData("doubled", 25)]
    public async Task A_damaged_write_ahead_log_holds_a_prefix_of_the_commits_and_the_rest_can_be_sent_again(string damage, int seed)
    {
        var random = new Random(seed);
        var written = Enumerable.Range(0, Commits).Select(i => new Samples(seed).Events(2 * i, 2)).ToArray();
        using var store = _test.Open();
        var lengths = new List<long> { WalLength() };
        foreach (var commit in written)
        {
            await store.AppendAsync(Samples.Customer(), commit[0].Sequence - 1, commit, dueAt: null, CancellationToken.None);
            lengths.Add(WalLength());
        }

        var (first, last) = (int.MaxValue, 0);
        for (var mutation = 0; mutation < MutationsOfLog; mutation++)
        {
            using var copy = _test.CopyAsCrashed();
            var at = Damage(copy.Database + "-wal", damage, random);
            var where = $"seed {seed}, mutation {mutation}: {damage} at {at} of {lengths[^1]}";
            using var reopened = copy.Open();
            var history = await reopened.LoadAsync(Samples.Customer(), Samples.Start, CancellationToken.None);

            Assert.True(history.Sequence % 2 == 0, $"{where}: half of a commit is there");
            Assert.True(history.Tail.SequenceEqual(written.SelectMany(commit => commit).Take(history.Tail.Length)), $"{where}: not a prefix");
            Assert.True(history.Sequence / 2 >= lengths.FindLastIndex(length => length <= at), $"{where}: a commit before the damage is lost");
            await SendAgainAsync(reopened, written, where);
            (first, last) = (Math.Min(first, history.Tail.Length / 2), Math.Max(last, history.Tail.Length / 2));
        }

        output.WriteLine($"{damage}, seed {seed}: {MutationsOfLog} mutations, {first} to {last} of {Commits} commits were left");
        Assert.NotEqual(first, last);
    }

    [Theory, InlineData("event", 31), InlineData("decision", 32), InlineData("snapshot", 33)]
    public async Task A_flipped_bit_in_a_row_is_said_or_changes_nothing(string table, int seed)
    {
        var (random, samples) = (new Random(seed), new Samples(seed));
        var (mine, theirs) = (Samples.Customer(1), Samples.Customer(2));
        var (events, state) = (samples.Events(0, 12), samples.State(6));
        using (var store = _test.Open())
        {
            await store.AppendAsync(mine, 0, events, dueAt: null, CancellationToken.None);
            await store.AppendAsync(theirs, 0, samples.Events(0, 12), dueAt: null, CancellationToken.None);
            await store.SaveSnapshotAsync(mine, state, CancellationToken.None);
            await store.SaveSnapshotAsync(theirs, samples.State(6), CancellationToken.None);
            store.TryWrite(samples.Decision(mine, "d", Samples.Start, Samples.Start.AddDays(1)));
        }

        string before;
        using (var store = _test.Open())
        {
            before = await DescribeAsync(store, mine);
        }

        var noticed = 0;
        for (var mutation = 0; mutation < MutationsOfRows; mutation++)
        {
            using var copy = _test.CopyAsCrashed();
            var what = FlipInRow(copy.Database, table, random);
            var where = $"seed {seed}, mutation {mutation}: {what}";
            var log = new CapturedLog();
            try
            {
                using var store = copy.Open(log);
                var history = await store.LoadAsync(mine, Samples.Start, CancellationToken.None);
                if (history.Snapshot is null)
                {
                    // Made from the log instead, and said so.
                    Assert.Contains(log.Messages, message => message.Contains("is not used", StringComparison.Ordinal));
                    Assert.Equal(events, history.Tail);
                    noticed++;
                    continue;
                }

                var after = await DescribeAsync(store, mine);
                Assert.True(before == after, $"{where}: silently wrong");
            }
            catch (Exception e) when (e is StorageUnavailableException or StoreRefusedException)
            {
                noticed++;
            }
        }

        output.WriteLine($"{table}, seed {seed}: {noticed} of {MutationsOfRows} flipped bits were noticed, the others changed nothing");
        Assert.InRange(noticed, MutationsOfRows / 10, MutationsOfRows);
    }

    [Fact]
    public async Task A_damaged_event_is_its_customers_trouble_alone()
    {
        var samples = new Samples(seed: 41);
        using (var store = _test.Open())
        {
            await store.AppendAsync(Samples.Customer(1), 0, [samples.Event(1, "damaged")], dueAt: null, CancellationToken.None);
            await store.AppendAsync(Samples.Customer(2), 0, [samples.Event(1, "whole")], dueAt: null, CancellationToken.None);
        }

        _test.Execute("UPDATE event SET payload = CAST(substr(payload, 1, length(payload) - 1) || x'00' AS BLOB) WHERE position = 1");
        using (var store = _test.Open())
        {
            for (var tries = 0; tries < 5; tries++)
            {
                var refusal = await Assert.ThrowsAsync<StorageUnavailableException>(
                    () => store.AppendAsync(Samples.Customer(1), 1, [samples.Event(2, "damaged")], dueAt: null, CancellationToken.None));
                Assert.Contains("its checksum is wrong; restore the database from a backup", refusal.Message, StringComparison.Ordinal);
            }

            Assert.Equal(AppendResult.Done, await store.AppendAsync(Samples.Customer(2), 1, [samples.Event(2, "more")], dueAt: null, CancellationToken.None));
            Assert.Equal(2, (await store.LoadAsync(Samples.Customer(2), Samples.Start, CancellationToken.None)).Sequence);
        }
    }

    [Theory]
    [InlineData("message_key", "position = 4", "CUSTOMER 2")]
    [InlineData("message_key", "position = 2", "ANOTHER")]
    [InlineData("message_key", "position = 99", "NOWHERE")]
    [InlineData("customer_head", "last_event = 4", "CUSTOMER 2")]
    [InlineData("customer_head", "last_event = 1", "ANOTHER")]
    [InlineData("customer_head", "last_event = 99", "NOWHERE")]
    public async Task An_index_that_points_to_a_wrong_event_is_noticed_with_the_cure_and_is_its_customers_trouble_alone(string table, string wrong, string where)
    {
        var samples = new Samples(seed: 43);
        _test.Options.IndexBatch = 16;
        using (var store = _test.Open())
        {
            await store.AppendAsync(Samples.Customer(1), 0, [samples.Event(1, "a"), samples.Event(2, "b"), samples.Event(3, "c")], dueAt: null, CancellationToken.None);
            await store.AppendAsync(Samples.Customer(2), 0, [samples.Event(1, "a"), samples.Event(2, "b")], dueAt: null, CancellationToken.None);
        }

        _test.Execute(table == "message_key"
            ? $"UPDATE message_key SET {wrong} WHERE customer_id = 1 AND position = 1"
            : $"UPDATE customer_head SET {wrong} WHERE customer_id = 1");
        using (var store = _test.Open())
        {
            var refusal = await Assert.ThrowsAsync<StorageUnavailableException>(() => table == "message_key"
                ? store.FindMessagesAsync(Samples.Customer(1), ["a"], CancellationToken.None)
                : store.LoadAsync(Samples.Customer(1), Samples.Start, CancellationToken.None));
            Assert.True(refusal.Message.Contains("restore the database from a backup", StringComparison.Ordinal), $"{where}: {refusal.Message}");

            Assert.IsType<AppendResult.KnownMessages>(
                await store.AppendAsync(Samples.Customer(2), 2, [samples.Event(3, "a")], dueAt: null, CancellationToken.None));
            Assert.Equal(AppendResult.Done, await store.AppendAsync(Samples.Customer(2), 2, [samples.Event(3, "c")], dueAt: null, CancellationToken.None));
            Assert.Equal(3, (await store.LoadAsync(Samples.Customer(2), Samples.Start, CancellationToken.None)).Sequence);
        }
    }

    [Theory, InlineData(51), InlineData(52)]
    public async Task A_database_file_with_damaged_pages_is_refused_or_said_to_be_damaged_but_never_gives_other_events(int seed)
    {
        var random = new Random(seed);
        var events = new Samples(seed).Events(0, 60);
        using (var store = _test.Open())
        {
            await store.AppendAsync(Samples.Customer(), 0, events, dueAt: null, CancellationToken.None);
        }

        var (refused, unavailable, whole) = (0, 0, 0);
        for (var mutation = 0; mutation < MutationsOfRows; mutation++)
        {
            using var copy = _test.CopyAsCrashed();
            Damage(copy.Database, random.Next(2) == 0 ? "zero" : "garbage", random);
            try
            {
                using var store = copy.Open();
                var history = await store.LoadAsync(Samples.Customer(), Samples.Start, CancellationToken.None);

                // A lost index entry hides a customer; what is given is as it was.
                Assert.True(history.Tail.IsEmpty || history.Tail.SequenceEqual(events), $"seed {seed}, mutation {mutation}: silently wrong");
                whole++;
            }
            catch (StoreRefusedException e)
            {
                Assert.Contains(copy.Folder, e.Message, StringComparison.Ordinal);
                refused++;
            }
            catch (StorageUnavailableException)
            {
                unavailable++;
            }
        }

        output.WriteLine($"seed {seed}: {refused} refused, {unavailable} said when read, {whole} whole");
        Assert.True(refused > 0 && unavailable > 0, $"seed {seed}: {refused} refused, {unavailable} said when read, {whole} whole");
    }

    public void Dispose() => _test.Dispose();

    private static async Task SendAgainAsync(SqliteStore store, ImmutableArray<RecordedEvent>[] written, string where)
    {
        // As a caller does that never got its acknowledgement: everything again, what is known is left out.
        var sequence = (await store.LoadAsync(Samples.Customer(), Samples.Start, CancellationToken.None)).Sequence;
        ImmutableArray<RecordedEvent> all = [.. written.SelectMany(commit => commit)];
        if (sequence > 0)
        {
            var again = all.Select((recorded, i) => recorded with { Sequence = sequence + i + 1 }).ToImmutableArray();
            var known = Assert.IsType<AppendResult.KnownMessages>(await store.AppendAsync(Samples.Customer(), sequence, again, dueAt: null, CancellationToken.None)).Messages;
            Assert.True(known.SequenceEqual(all.Take((int)sequence).Select(e => new KnownMessage(e.Event.MessageId, e.Sequence, e.ContentHash))), $"{where}: known otherwise");
        }

        Assert.Equal(AppendResult.Done, await store.AppendAsync(Samples.Customer(), sequence, all[(int)sequence..], dueAt: null, CancellationToken.None));
        var history = await store.LoadAsync(Samples.Customer(), Samples.Start, CancellationToken.None);
        Assert.True(history.Tail.SequenceEqual(written.SelectMany(commit => commit)), $"{where}: not where it was after all was sent again");
    }

    private static long Damage(string file, string damage, Random random)
    {
        using var stream = new FileStream(file, FileMode.Open);
        var at = random.NextInt64(stream.Length);
        var count = (int)Math.Min(random.Next(1, 1024), stream.Length - at);
        stream.Position = at;
        switch (damage)
        {
            case "cut":
                stream.SetLength(at);
                break;
            case "flip":
                var flipped = (byte)(stream.ReadByte() ^ (1 << random.Next(8)));
                stream.Position = at;
                stream.WriteByte(flipped);
                break;
            case "doubled":
                // A piece written twice in a row: what a disk does that loses its place.
                var piece = new byte[count];
                stream.ReadExactly(piece);
                stream.Write(piece, 0, (int)Math.Min(count, stream.Length - stream.Position));
                break;
            default:
                var bytes = new byte[count];
                if (damage == "garbage")
                {
                    random.NextBytes(bytes);
                }

                stream.Write(bytes);
                break;
        }

        return at;
    }

    private static string FlipInRow(string database, string table, Random random)
    {
        using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        var column = table switch
        {
            "event" => random.Next(6) switch { 0 => "customer_id", 1 => "sequence", 2 => "previous", _ => "payload" },
            "decision" => random.Next(5) switch { 0 => "previous", _ => "payload" },
            _ => "payload",
        };
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT rowid, {column} FROM {table} WHERE rowid > {random.Next(table == "event" ? 24 : table == "snapshot" ? 2 : 1)} LIMIT 1";
        object value;
        long row;
        using (var reader = command.ExecuteReader())
        {
            Assert.True(reader.Read());
            (row, value) = (reader.GetInt64(0), reader.GetValue(1));
        }

        string what;
        if (value is byte[] payload)
        {
            var bit = random.Next(payload.Length * 8);
            payload[bit / 8] ^= (byte)(1 << (bit % 8));
            what = $"bit {bit} of {table} {row}";
        }
        else
        {
            var bit = random.Next(8);
            value = (long)value ^ (1L << bit);
            what = $"bit {bit} of {column} of {table} {row}";
        }

        command.CommandText = $"UPDATE {table} SET {column} = $value WHERE rowid = {row}";
        command.Parameters.AddWithValue("$value", value);
        command.ExecuteNonQuery();
        return what;
    }

    private static async Task<string> DescribeAsync(SqliteStore store, CustomerKey customer)
    {
        var text = new System.Text.StringBuilder();
        Fixture.Describe(text, "history", await store.LoadAsync(customer, Samples.Start, CancellationToken.None));
        Fixture.Describe(text, "decisions", await store.ReadAsync(customer, CancellationToken.None).ToArrayAsync());
        return text.ToString();
    }

    private long WalLength() => new FileInfo(_test.Database + "-wal") is { Exists: true } wal ? wal.Length : 0;
}
