using System.Diagnostics.CodeAnalysis;
using Decisioning.Storage.Codecs;
using Npgsql;
using NpgsqlTypes;

namespace Decisioning.Storage.Postgres;

/// <summary>
/// Writes batches on one connection. All statements of a batch go out together and are one transaction, so that it stands
/// or falls as a whole: events that the keys of the table refuse fail it, then those are found and answered, and the others
/// go out again.
/// </summary>
internal sealed class PostgresCommit(NpgsqlConnection connection, KnownCustomers customers)
{
    /// <summary>Tries of one transaction that fails though nothing in it is to blame: deadlocks with other processes.</summary>
    private const int TriesMax = 10;

    /// <summary>After a conflict so many batches are looked through before they are written: conflicts seldom come alone.</summary>
    private const int CarefulBatches = 16;

    // Customers that the server told of for this batch, not known to be on the disk yet.
    private readonly List<(string Key, KnownCustomer Customer)> _told = [];
    private int _careful;

    /// <summary>Finds each customer's number; who is appended to or decided for gets one if there is none.</summary>
    public void NumberCustomers(PostgresBatch batch, List<PostgresDecision> decisions)
    {
        _told.Clear();
        var added = new Dictionary<string, KnownCustomer?>(StringComparer.Ordinal);
        var sought = new Dictionary<string, KnownCustomer?>(StringComparer.Ordinal);
        Recall(batch.Appends, added);
        Recall(decisions, added);
        Recall(batch.Snapshots, sought);
        Recall(batch.Settles, sought);
        if (added.Count > 0)
        {
            AddCustomers(added);
            Assign(batch.Appends, added);
            Assign(decisions, added);
        }

        if (sought.Count > 0)
        {
            FindCustomers(sought);
            Assign(batch.Snapshots, sought);
            Assign(batch.Settles, sought);
        }
    }

    /// <summary>Writes in one transaction, of each kind one piece for each customer; afterwards all is on the disk and each piece has its answer.</summary>
    /// <param name="batch">What to write; the appends that cannot be are taken out and answered.</param>
    /// <param name="decisions">The decisions that go along.</param>
    /// <param name="decisionsMayBeWritten">Whether a commit with these decisions failed.</param>
    /// <returns>The events written.</returns>
    public int Write(PostgresBatch batch, List<PostgresDecision> decisions, bool decisionsMayBeWritten)
    {
        // In the order of customers: neighbours in the index, and two processes lock the same rows in the same order.
        batch.Appends.Sort(static (left, right) => left.Known!.Number.CompareTo(right.Known!.Number));
        if (_careful > 0)
        {
            _careful--;
            AnswerConflicts(batch.Appends);
        }

        for (var tries = 1; ; tries++)
        {
            try
            {
                return TryWrite(batch, decisions, decisionsMayBeWritten ? PostgresSql.InsertDecisionsOnce : PostgresSql.InsertDecisions);
            }
            catch (PostgresException e) when (tries < TriesMax && IsBystander(e))
            {
                // Nothing was written, and whoever was in the way is done.
            }
            catch (PostgresException e) when (tries < TriesMax && IsFence(e))
            {
                _careful = CarefulBatches;
                if (AnswerConflicts(batch.Appends))
                {
                    tries = 0;
                }
            }
        }
    }

    private static bool IsBystander(PostgresException e) => e.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected;

    private static bool IsFence(PostgresException e) =>
        e.TableName == "event" && e.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.NotNullViolation;

    private int TryWrite(PostgresBatch batch, List<PostgresDecision> decisions, string insertDecisions)
    {
        using var commands = new NpgsqlBatch(connection);
        var events = AddEvents(commands, batch.Appends);
        AddDecisions(commands, decisions, insertDecisions);
        AddDue(commands, batch);
        AddSnapshots(commands, batch.Snapshots);
        if (commands.BatchCommands.Count > 0)
        {
            using var reader = commands.ExecuteReader();
            do
            {
                while (reader.Read())
                {
                    // Only the snapshots answer rows.
                    batch.Snapshots[checked((int)reader.GetInt64(0) - 1)].Kept();
                }
            }
            while (reader.NextResult());
        }

        if (events > 0)
        {
            KeepCustomers();
        }

        foreach (var append in batch.Appends)
        {
            append.Known!.See(append.ExpectedSequence + append.Rows.Length);
            append.Appended();
        }

        return events;
    }

    // Events were written: this commit waited for the disk, and what was told before it is there too.
    private void KeepCustomers()
    {
        foreach (var (key, customer) in _told)
        {
            customers.Keep(key, customer);
        }

        _told.Clear();
    }

    private static int AddEvents(NpgsqlBatch commands, List<PostgresAppend> appends)
    {
        var count = appends.Sum(static append => append.Rows.Length);
        if (count == 0)
        {
            return 0;
        }

        var customers = new long[count];
        var sequences = new long[count];
        var hashes = new Guid[count];
        var payloads = new byte[count][];
        var follows = new bool[count];
        var at = 0;
        foreach (var append in appends)
        {
            follows[at] = append.ExpectedSequence > append.Known!.Sequence;
            for (var i = 0; i < append.Rows.Length; i++, at++)
            {
                customers[at] = append.Known!.Number;
                sequences[at] = append.ExpectedSequence + i + 1;
                (hashes[at], payloads[at]) = append.Rows[i];
            }
        }

        Add(commands, PostgresSql.InsertEvents, Longs(customers), Longs(sequences), Of(hashes, NpgsqlDbType.Uuid), Of(payloads, NpgsqlDbType.Bytea), Of(follows, NpgsqlDbType.Boolean));
        return count;
    }

    private static void AddDecisions(NpgsqlBatch commands, List<PostgresDecision> decisions, string insertDecisions)
    {
        if (decisions.Count > 0)
        {
            Add(
                commands,
                insertDecisions,
                Longs([.. decisions.Select(static decision => decision.Known!.Number)]),
                Longs([.. decisions.Select(static decision => decision.DecidedAt)]),
                Of(decisions.Select(static decision => decision.OpenUntil).ToArray(), NpgsqlDbType.Bigint),
                Of(decisions.Select(static decision => decision.Payload).ToArray(), NpgsqlDbType.Bytea));
        }
    }

    // Rows are settled first: where a settled row is also set by an append, what the append says stands, as it is never too late.
    private static void AddDue(NpgsqlBatch commands, PostgresBatch batch)
    {
        if (batch.Settles.Count > 0)
        {
            long[] customers = [.. batch.Settles.Select(static settle => settle.Known?.Number ?? 0)];
            long[] sequences = [.. batch.Settles.Select(static settle => settle.Sequence)];
            long[] seen = [.. batch.Settles.Select(static settle => settle.Seen)];
            long?[] next = [.. batch.Settles.Select(static settle => settle.Next)];
            Add(commands, PostgresSql.SettleDue, Longs(customers), Longs(sequences), Longs(seen), Of(next, NpgsqlDbType.Bigint));
            Add(commands, PostgresSql.LeavePlaces, Longs(customers), Longs(sequences));
        }

        var due = batch.Appends.FindAll(static append => append.DueAt is not null);
        if (due.Count > 0)
        {
            Add(
                commands,
                PostgresSql.PutDue,
                Longs([.. due.Select(static append => append.Known!.Number)]),
                Longs([.. due.Select(static append => Instants.Write(append.DueAt!.Value))]));
        }
    }

    private static void AddSnapshots(NpgsqlBatch commands, List<PostgresSnapshot> snapshots)
    {
        if (snapshots.Count > 0)
        {
            Add(
                commands,
                PostgresSql.PutSnapshots,
                Longs([.. snapshots.Select(static snapshot => snapshot.Known?.Number ?? 0)]),
                Longs([.. snapshots.Select(static snapshot => snapshot.Sequence)]),
                Of(snapshots.Select(static snapshot => snapshot.Payload).ToArray(), NpgsqlDbType.Bytea));
        }
    }

    /// <summary>Answers the appends that cannot be written as the log stands now, and takes them out.</summary>
    /// <returns>Whether there were any.</returns>
    private bool AnswerConflicts(List<PostgresAppend> appends)
    {
        if (appends.Count == 0)
        {
            return false;
        }

        using var commands = new NpgsqlBatch(connection);
        Add(commands, PostgresSql.ReadSequences, Longs([.. appends.Select(static append => append.Known!.Number)]));
        var places = appends.SelectMany(static (append, index) => append.Rows.Select((_, place) => (Append: index, Place: place))).ToArray();
        Add(
            commands,
            PostgresSql.ReadMessages,
            Longs([.. places.Select(place => appends[place.Append].Known!.Number)]),
            Of(places.Select(place => appends[place.Append].Rows[place.Place].MessageHash).ToArray(), NpgsqlDbType.Uuid));

        var answered = new bool[appends.Count];
        using (var reader = commands.ExecuteReader())
        {
            for (var i = 0; reader.Read(); i++)
            {
                if (reader.GetInt64(0) is var actual && actual != appends[i].ExpectedSequence)
                {
                    answered[i] = true;
                    appends[i].Conflicts(actual);
                }
            }

            reader.NextResult();
            var known = new List<((int Append, int Place) At, byte[] Payload)>();
            while (reader.Read())
            {
                known.Add((places[checked((int)reader.GetInt64(0) - 1)], reader.GetFieldValue<byte[]>(1)));
            }

            foreach (var messages in known.GroupBy(message => message.At.Append).Where(messages => !answered[messages.Key]))
            {
                answered[messages.Key] = true;
                appends[messages.Key].Knows(messages.Select(message => (message.At.Place, message.Payload)));
            }
        }

        var index = 0;
        return appends.RemoveAll(_ => answered[index++]) > 0;
    }

    private void Recall<T>(List<T> pieces, Dictionary<string, KnownCustomer?> unknown)
        where T : IOfCustomer
    {
        foreach (var piece in pieces)
        {
            piece.Known = customers.Find(piece.Key);
            if (piece.Known is null)
            {
                unknown.TryAdd(piece.Key, null);
            }
        }
    }

    private static void Assign<T>(List<T> pieces, Dictionary<string, KnownCustomer?> found)
        where T : IOfCustomer
    {
        foreach (var piece in pieces)
        {
            piece.Known ??= found.GetValueOrDefault(piece.Key);
        }
    }

    // These rows need not wait for the disk: the commit that uses them comes later in the same log, and waits. Until then the
    // numbers are this batch's alone.
    private void AddCustomers(Dictionary<string, KnownCustomer?> added)
    {
        string[] keys = [.. added.Keys];
        for (var tries = 1; ; tries++)
        {
            try
            {
                using var commands = new NpgsqlBatch(connection);
                Add(commands, PostgresSql.NoSync);
                Add(commands, PostgresSql.AddCustomers, Of(keys, NpgsqlDbType.Text));
                using var reader = commands.ExecuteReader();
                reader.NextResult();
                var rows = new List<(long Number, string Key)>(keys.Length);
                while (reader.Read())
                {
                    rows.Add((reader.GetInt64(0), reader.GetString(1)));
                }

                // Numbers are good only once they are committed, which the end of the results says.
                reader.NextResult();
                foreach (var (number, key) in rows)
                {
                    added[key] = Told(key, number);
                }

                if (rows.Count < keys.Length)
                {
                    break;
                }

                return;
            }
            catch (PostgresException e) when (tries < TriesMax && (IsBystander(e) || e.SqlState == PostgresErrorCodes.UniqueViolation))
            {
                // Another process met the same customers; it is done now.
            }
        }

        FindCustomers(added);
    }

    private KnownCustomer Told(string key, long number)
    {
        var customer = new KnownCustomer(number);
        _told.Add((key, customer));
        return customer;
    }

    private void FindCustomers(Dictionary<string, KnownCustomer?> sought)
    {
        string[] keys = [.. sought.Where(static customer => customer.Value is null).Select(static customer => customer.Key)];
        using var commands = new NpgsqlBatch(connection);
        Add(commands, PostgresSql.FindCustomers, Of(keys, NpgsqlDbType.Text));
        using var reader = commands.ExecuteReader();
        foreach (var key in keys)
        {
            reader.Read();
            sought[key] = reader.IsDBNull(0) ? null : Told(key, reader.GetInt64(0));
        }
    }

    [SuppressMessage("Security", "CA2100", Justification = "Texts of PostgresSql only.")]
    private static void Add(NpgsqlBatch commands, string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        commands.BatchCommands.Add(command);
    }

    private static NpgsqlParameter<long[]> Longs(long[] values) => Of(values, NpgsqlDbType.Bigint);

    private static NpgsqlParameter<T[]> Of<T>(T[] values, NpgsqlDbType type) => new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
}
