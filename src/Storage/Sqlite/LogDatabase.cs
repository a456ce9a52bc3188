using Decisioning.Engine.Customers;
using System.Buffers.Binary;
using Decisioning.Storage.Codecs;
using Microsoft.Data.Sqlite;

namespace Decisioning.Storage.Sqlite;

/// <summary>The connection that writes, with its statements. Used by the writer's thread alone.</summary>
internal sealed class LogDatabase : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);
    private readonly Statement _insertEvent;
    private readonly Statement _insertDecision;
    private readonly Statement _findMessage;
    private readonly Statement _putMessage;
    private readonly Statement _findHead;

    public LogDatabase(SqliteConnection connection)
    {
        _connection = connection;
        _insertEvent = Prepared(Sql.InsertEvent);
        _insertDecision = Prepared(Sql.InsertDecision);
        _findMessage = Prepared(Sql.FindMessage);
        _putMessage = Prepared(Sql.PutMessage);
        _findHead = Prepared(Sql.FindHead);
        var state = Prepared(Sql.ReadLogState);
        state.Step();
        IndexedCustomer = state.Int(0);
        IndexedEvent = state.Int(1);
        IndexedDecision = state.Int(2);
        LastCustomer = state.Int(3);
        LastEvent = state.Int(4);
        LastDecision = state.Int(5);
        UnsealedEvent = state.Int(6);
        state.Reset();
    }

    /// <summary>The last customer when the database was opened whose entries are in the index; so for the two below.</summary>
    public long IndexedCustomer { get; }

    public long IndexedEvent { get; }

    public long IndexedDecision { get; }

    /// <summary>The last event that an older program wrote without a seal; 0 for none.</summary>
    public long UnsealedEvent { get; }

    /// <summary>The number of the last customer written; so for the two below. A failed commit leaves them wrong: the database is opened again.</summary>
    public long LastCustomer { get; private set; }

    public long LastEvent { get; private set; }

    public long LastDecision { get; private set; }

    public void Begin() => Prepared(Sql.Begin).Run();

    public void Commit() => Prepared(Sql.Commit).Run();

    /// <summary>Brings all of the write-ahead log to the database and cuts it to nothing; between two transactions.</summary>
    /// <returns>False when a reader was in the way.</returns>
    public bool TryEmptyLog()
    {
        // Everybody who writes waits meanwhile.
        Set(Sql.WaitLittle);
        var said = Prepared(Sql.EmptyLog);
        var isDone = said.Step() && said.Int(0) == 0;
        said.Reset();
        Set(Sql.WaitLong);
        return isDone;

        void Set(string pragma)
        {
            var statement = Prepared(pragma);
            statement.Step();
            statement.Reset();
        }
    }

    public long InsertCustomer(string key)
    {
        Prepared(Sql.InsertCustomer).Bind(1, ++LastCustomer).Bind(2, key).Run();
        return LastCustomer;
    }

    public long InsertEvent(long customerId, long sequence, long previous, ReadOnlySpan<byte> payload)
    {
        _insertEvent.Bind(1, ++LastEvent).Bind(2, customerId).Bind(3, sequence).Bind(4, previous).Bind(5, payload).Run();
        return LastEvent;
    }

    public long InsertDecision(long customerId, long previous, long openUntil, ReadOnlySpan<byte> payload)
    {
        _insertDecision.Bind(1, ++LastDecision).Bind(2, customerId).Bind(3, previous).Bind(4, openUntil).Bind(5, payload).Run();
        return LastDecision;
    }

    public CustomerHead? FindHead(string key) => ReadHead(_findHead, key);

    /// <summary>The position of a message; 0 when it is not in the index.</summary>
    public long FindMessage(MessageKey key)
    {
        Span<byte> hash = stackalloc byte[MessageKey.HashBytes];
        BinaryPrimitives.WriteUInt128BigEndian(hash, key.Hash);
        if (!_findMessage.Bind(1, key.CustomerId).Bind(2, hash).Step())
        {
            return 0;
        }

        var position = _findMessage.Int(0);
        _findMessage.Reset();
        return position;
    }

    public void PutMessage(MessageKey key, long position)
    {
        Span<byte> hash = stackalloc byte[MessageKey.HashBytes];
        BinaryPrimitives.WriteUInt128BigEndian(hash, key.Hash);
        _putMessage.Bind(1, key.CustomerId).Bind(2, hash).Bind(3, position).Run();
    }

    public void PutHead(CustomerHead head) => Prepared(Sql.PutHead)
        .Bind(1, KeyHash.Of(head.Key)).Bind(2, head.CustomerId).Bind(3, head.LastSequence)
        .Bind(4, head.LastEvent).Bind(5, head.LastDecision).Bind(6, head.OpenUntil).Run();

    public void PutIndexed(long customer, long @event, long decision) =>
        Prepared(Sql.PutLogState).Bind(1, customer).Bind(2, @event).Bind(3, decision).Run();

    /// <summary>The event that the index names for a message of a customer.</summary>
    /// <exception cref="InvalidDataException">It is not there, or is another one.</exception>
    public (long Sequence, ulong ContentHash) ReadMessage(CustomerHead head, UInt128 messageHash, long position)
    {
        var statement = Prepared(Sql.ReadEvent);
        if (!statement.Bind(1, position).Step())
        {
            throw new InvalidDataException($"the index of message ids names the event at position {position}, which is not there; restore the database from a backup");
        }

        try
        {
            var (id, known) = EventCodec.ReadKnown(head.Key, statement.Blob(1), position > UnsealedEvent);
            return statement.Int(0) == head.CustomerId && (id is null || MessageHash.Of(id) == messageHash)
                ? known
                : throw new InvalidDataException($"the index of message ids names the event at position {position}, which is another one; restore the database from a backup");
        }
        finally
        {
            statement.Reset();
        }
    }

    /// <summary>
    /// Takes the contents of an event away. The row is deleted and written again, not updated: only then does SQLite join
    /// pages that are half empty, so that the room is used again.
    /// </summary>
    /// <returns>False when they are gone already.</returns>
    /// <exception cref="InvalidDataException">There is no event of this customer.</exception>
    public bool ReduceEvent(string key, long customerId, long position)
    {
        var statement = Prepared(Sql.ReadWholeEvent);
        if (!statement.Bind(1, position).Step() || statement.Int(0) != customerId)
        {
            statement.Reset();
            throw new InvalidDataException($"the event at position {position} is not one of customer `{CustomerKey.MarkOf(key)}`");
        }

        var (sequence, previous) = (statement.Int(1), statement.Int(2));

        // The hash of the message id stays in the row as long as a start after a crash would take it from there.
        var payload = EventCodec.Reduce(key, statement.Blob(3), keepsMessageHash: position > ReadIndexedEvent(), position > UnsealedEvent);
        statement.Reset();
        if (payload is null)
        {
            return false;
        }

        Prepared(Sql.DeleteEvent).Bind(1, position).Run();
        _insertEvent.Bind(1, position).Bind(2, customerId).Bind(3, sequence).Bind(4, previous).Bind(5, payload).Run();
        return true;
    }

    private long ReadIndexedEvent()
    {
        var statement = Prepared(Sql.ReadIndexedEvent);
        statement.Step();
        var position = statement.Int(0);
        statement.Reset();
        return position;
    }

    public string ReadKey(long customerId)
    {
        var statement = Prepared(Sql.ReadKey);
        if (!statement.Bind(1, customerId).Step())
        {
            throw new InvalidDataException($"the log names the customer number {customerId}, who is not there");
        }

        var key = statement.Text(0);
        statement.Reset();
        return key;
    }

    public void PutSnapshot(long customerId, long sequence, ReadOnlySpan<byte> payload) =>
        Prepared(Sql.PutSnapshot).Bind(1, customerId).Bind(2, sequence).Bind(3, payload).Run();

    /// <summary>A statement of this connection, prepared once.</summary>
    public Statement Prepared(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            statement = new(_connection, sql);
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

        _connection.Dispose();
    }

    internal static CustomerHead? ReadHead(Statement findHead, string key)
    {
        if (!findHead.Bind(1, KeyHash.Of(key)).Bind(2, key).Step())
        {
            return null;
        }

        var head = new CustomerHead(key, findHead.Int(0), findHead.Int(1), findHead.Int(2), findHead.Int(3), findHead.Int(4));
        findHead.Reset();
        return head;
    }
}
