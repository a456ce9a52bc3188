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
internal sealed partial class PostgresCommit(NpgsqlConnection connection, KnownCustomers customers)
{
    /// <summary>Tries of one transaction that fails though nothing in it is to blame: deadlocks with other processes.</summary>
    private const int TriesMax = 10;

    /// <summary>After a conflict so many batches are looked through before they are written: conflicts seldom come alone.</summary>
    private const int CarefulBatches = 16;

    private int _careful;

    /// <summary>Writes in one transaction, of each kind one piece for each customer; afterwards all is on the disk and each piece has its answer.</summary>
    /// <param name="batch">What to write; the appends that cannot be are taken out and answered.</param>
    /// <param name="others">What is written after it.</param>
    /// <param name="decisions">The decisions that go along.</param>
    /// <param name="decisionsMayBeWritten">Whether a commit with these decisions failed.</param>
    /// <returns>The events written.</returns>
    public int Write(PostgresBatch batch, PostgresBatch others, List<PostgresDecision> decisions, bool decisionsMayBeWritten)
    {
        if (_careful > 0)
        {
            _careful--;
            NumberAgainIfErased(batch, others, decisions);
            AnswerConflicts(batch.Appends);
        }

        for (var tries = 1; ; tries++)
        {
            // In the order of customers: neighbours in the index, and two processes lock the same rows in the same order.
            batch.Appends.Sort(static (left, right) => left.Known!.Number.CompareTo(right.Known!.Number));
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
                if (NumberAgainIfErased(batch, others, decisions) | AnswerConflicts(batch.Appends))
                {
                    tries = 0;
                }
            }
            catch (PostgresException e) when (tries < TriesMax && e.SqlState == PostgresErrorCodes.DivisionByZero)
            {
                NumberAgainIfErased(batch, others, decisions);
            }
        }
    }

    /// <summary>Whether a transaction failed though nothing in it is to blame.</summary>
    public static bool IsBystander(PostgresException e) => e.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected;

    private static bool IsFence(PostgresException e) =>
        e.TableName == "event" && e.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.NotNullViolation;

    private int TryWrite(PostgresBatch batch, List<PostgresDecision> decisions, string insertDecisions)
    {
        using var commands = new NpgsqlBatch(connection);
        Add(commands, PostgresSql.HoldErasures);
        Add(commands, PostgresSql.RequireGeneration, Long(_generation));
        var held = commands.BatchCommands.Count;
        var events = AddEvents(commands, batch.Appends);
        AddDecisions(commands, decisions, insertDecisions);
        AddDue(commands, batch);
        AddSnapshots(commands, batch.Snapshots);
        if (commands.BatchCommands.Count > held)
        {
            using var reader = commands.ExecuteReader();
            for (; held > 0; held--)
            {
                reader.NextResult();
            }

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

    private static NpgsqlParameter<long> Long(long value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bigint };

    private static NpgsqlParameter<T[]> Of<T>(T[] values, NpgsqlDbType type) => new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
}
