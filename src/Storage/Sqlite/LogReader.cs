using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Storage.Codecs;
using Microsoft.Data.Sqlite;

namespace Decisioning.Storage.Sqlite;

/// <summary>A connection that reads, with its statements; one user at a time.</summary>
internal sealed partial class LogReader(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);
    private (long Event, long Decision)? _unsealed;

    public void Begin() => Prepared(Sql.BeginRead).Run();

    public void End() => Prepared(Sql.Commit).Run();

    public CustomerHead? FindHead(string key) => LogDatabase.ReadHead(Prepared(Sql.FindHead), key);

    /// <summary>The snapshot of a customer, or null when there is none or it cannot be used.</summary>
    public CustomerState? ReadSnapshot(CustomerHead head, out string problem)
    {
        problem = "";
        var statement = Prepared(Sql.ReadSnapshot);
        if (!statement.Bind(1, head.CustomerId).Step())
        {
            return null;
        }

        var usable = SnapshotCodec.TryRead(head.Key, statement.Blob(0), out var state, out problem);
        statement.Reset();
        return usable ? state : null;
    }

    /// <summary>The state that stands for the events of a customer whose contents are no longer kept, or null while all are kept.</summary>
    /// <exception cref="InvalidDataException">It cannot be used.</exception>
    public CustomerState? ReadBase(CustomerHead head)
    {
        var statement = Prepared(Sql.ReadBase);
        if (!statement.Bind(1, head.CustomerId).Step())
        {
            return null;
        }

        var usable = SnapshotCodec.TryRead(head.Key, statement.Blob(0), out var state, out var problem);
        statement.Reset();
        return usable ? state : throw new InvalidDataException($"the state that the log of customer `{CustomerKey.MarkOf(head.Key)}` begins with cannot be used: {problem}; restore the database from a backup");
    }

    /// <summary>Where a customer's events up to a sequence are whose contents are kept, oldest first.</summary>
    public long[] ReadPositionsToReduce(CustomerHead head, long upTo)
    {
        var positions = new List<long>();
        var statement = Prepared(Sql.ReadTail).Bind(1, head.LastEvent).Bind(2, 0L);
        while (statement.Step())
        {
            if (statement.Int(1) > upTo)
            {
                continue;
            }

            if (EventCodec.ReadReceivedAt(statement.Blob(2)) is null)
            {
                // Reduced oldest first: all before it are reduced as well.
                statement.Reset();
                break;
            }

            positions.Add(statement.Int(0));
        }

        positions.Reverse();
        return [.. positions];
    }

    /// <summary>The key of a customer by its number; null when there is no such one.</summary>
    public CustomerKey? FindKey(long customerId)
    {
        var statement = Prepared(Sql.ReadKey);
        if (!statement.Bind(1, customerId).Step())
        {
            return null;
        }

        var isKey = CustomerKey.TryParse(statement.Text(0), out var key);
        statement.Reset();
        return isKey ? key : null;
    }

    /// <summary>The events after a sequence up to a head, in order.</summary>
    /// <exception cref="InvalidDataException">The log has a gap, or an event is not as it was written.</exception>
    public ImmutableArray<RecordedEvent> ReadTail(CustomerHead head, long after)
    {
        if (head.LastSequence <= after)
        {
            return [];
        }

        var events = new RecordedEvent[head.LastSequence - after];
        var next = events.Length;
        var statement = Prepared(Sql.ReadTail).Bind(1, head.LastEvent).Bind(2, after);
        while (statement.Step())
        {
            if (next == 0 || statement.Int(1) != after + next)
            {
                statement.Reset();
                break;
            }

            events[--next] = ReadEvent(head.Key, statement);
        }

        return next == 0
            ? [.. events]
            : throw new InvalidDataException($"the log of customer `{CustomerKey.MarkOf(head.Key)}` has no event {after + next}; restore the database from a backup");
    }

    /// <summary>Stored decisions from a position backwards while one of them may be open after an instant.</summary>
    public List<T> ReadDecisions<T>(long position, long openAfter, int limit, DecisionReader<T> read)
    {
        var decisions = new List<T>();
        var statement = Prepared(Sql.ReadDecisions).Bind(1, position).Bind(2, openAfter).Bind(3, limit);
        while (statement.Step())
        {
            if (statement.Int(1) >= statement.Int(0))
            {
                throw new InvalidDataException($"the decision at position {statement.Int(0)} names {statement.Int(1)} as the one before it");
            }

            decisions.Add(ReadDecision(read, statement));
        }

        return decisions;
    }

    /// <summary>Where a customer's row in the due table stands; null for no row.</summary>
    public DateTimeOffset? ReadDue(long customerId)
    {
        var statement = Prepared(Sql.ReadDue).Bind(1, customerId);
        if (!statement.Step())
        {
            return null;
        }

        var dueAt = Instants.Read(statement.Int(0));
        statement.Reset();
        return dueAt;
    }

    public Statement Prepared(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            statement = new(connection, sql);
            _statements.Add(sql, statement);
        }

        return statement;
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        connection.Dispose();
    }

    /// <summary>Reads the payload of a decision, which is sealed unless an older program wrote it.</summary>
    public delegate T DecisionReader<out T>(ReadOnlySpan<byte> payload, bool isSealed);

    // What throws leaves the statement in the middle of its rows; the connection is then not used again.
    private RecordedEvent ReadEvent(string customer, Statement tail)
    {
        var recorded = EventCodec.Read(customer, tail.Blob(2), tail.Int(0) > Unsealed.Event);
        return recorded.Sequence == tail.Int(1)
            ? recorded
            : throw new InvalidDataException($"the event {tail.Int(1)} of customer `{CustomerKey.MarkOf(customer)}` holds another one, {recorded.Sequence}; restore the database from a backup");
    }

    private T ReadDecision<T>(DecisionReader<T> read, Statement tail) => read(tail.Blob(2), tail.Int(0) > Unsealed.Decision);

    /// <summary>The last event and decision that older programs wrote without a seal.</summary>
    private (long Event, long Decision) Unsealed => _unsealed ??= ReadUnsealed();

    private (long Event, long Decision) ReadUnsealed()
    {
        var statement = Prepared(Sql.ReadUnsealed);
        statement.Step();
        var unsealed = (statement.Int(0), statement.Int(1));
        statement.Reset();
        return unsealed;
    }
}
