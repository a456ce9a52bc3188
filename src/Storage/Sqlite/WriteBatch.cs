using Decisioning.Engine.Customers;
using Decisioning.Storage.Codecs;

namespace Decisioning.Storage.Sqlite;

/// <summary>
/// One transaction of the writer as its pieces of work see it: what is in the database, what of the index is in memory, and
/// the heads that this transaction has moved. Heads become visible to loads only after the commit.
/// </summary>
internal sealed class WriteBatch(LogDatabase database, CustomerIndex index)
{
    private readonly Dictionary<string, CustomerHead> _touched = new(StringComparer.Ordinal);
    private readonly HashSet<string> _forgotten = new(StringComparer.Ordinal);
    private readonly List<Action<LogDatabase>> _afterwards = [];

    /// <summary>Events and decisions written since <see cref="Publish"/>.</summary>
    public int Rows { get; private set; }

    /// <summary>The number of the customer who came last; 0 for none.</summary>
    public long LastCustomer => database.LastCustomer;

    public CustomerHead? FindHead(string key) =>
        _touched.TryGetValue(key, out var head) ? head : (_forgotten.Contains(key) ? null : index.FindHead(key)) ?? database.FindHead(key);

    /// <summary>Numbers a customer who has no head yet.</summary>
    public long AddCustomer(CustomerKey key) => database.InsertCustomer(key.Value);

    public void Touch(CustomerHead head) => _touched[head.Key] = head;

    /// <summary>Writes an event after the one at a position.</summary>
    /// <returns>Its position.</returns>
    public long AppendEvent(long customerId, long sequence, long previous, UInt128 messageHash, ReadOnlySpan<byte> payload)
    {
        var position = database.InsertEvent(customerId, sequence, previous, payload);

        // INVARIANT (idempotent): a failed commit leaves this entry wrong, and with it the whole index is read again.
        index.Growing.Add(new(customerId, messageHash), position);
        Rows++;
        return position;
    }

    public (long Sequence, ulong ContentHash)? FindMessage(CustomerHead head, UInt128 messageHash)
    {
        var key = new MessageKey(head.CustomerId, messageHash);
        var position = index.FindMessage(key);
        if (position == 0)
        {
            position = database.FindMessage(key);
        }

        return position == 0 ? null : database.ReadMessage(head, messageHash, position);
    }

    public void AppendDecision(DecisionRecord record)
    {
        var head = FindHead(record.Customer.Value) ?? new(record.Customer.Value, AddCustomer(record.Customer), 0, 0, 0, 0);
        var openUntil = Math.Max(head.OpenUntil, record.OpenUntil is { } end ? Instants.Write(end) : 0);
        var position = database.InsertDecision(head.CustomerId, head.LastDecision, openUntil, DecisionCodec.Write(record));
        Rows++;
        Touch(head with { LastDecision = position, OpenUntil = openUntil });
    }

    /// <summary>Takes the contents of an event away; false when they are gone already.</summary>
    public bool ReduceEvent(string key, long customerId, long position) => database.ReduceEvent(key, customerId, position);

    public void PutSnapshot(string key, long sequence, ReadOnlySpan<byte> payload) =>
        database.PutSnapshot(FindHead(key)!.CustomerId, sequence, payload);

    public void PutDue(long customerId, DateTimeOffset dueAt) => Prepared(Sql.PutDue).Bind(1, customerId).Bind(2, Instants.Write(dueAt)).Run();

    /// <summary>Takes the key from a customer: its number stays until the last of its rows is deleted.</summary>
    public void Forget(CustomerHead head)
    {
        Prepared(Sql.DeleteHead).Bind(1, KeyHash.Of(head.Key)).Bind(2, head.CustomerId).Run();
        Prepared(Sql.TakeKey).Bind(1, head.CustomerId).Run();
        KeepForgotten(head with { Key = CustomerHead.NoKey });
        _touched.Remove(head.Key);
        _forgotten.Add(head.Key);
        index.Forget(head.CustomerId);
    }

    /// <summary>The head of a customer without a key; null when there is no such one.</summary>
    public CustomerHead? FindForgotten(long customerId)
    {
        var row = Prepared(Sql.ReadForgottenHead).Bind(1, KeyHash.Of(CustomerHead.NoKey)).Bind(2, customerId);
        if (!row.Step())
        {
            return null;
        }

        var head = new CustomerHead(CustomerHead.NoKey, customerId, row.Int(0), row.Int(1), row.Int(2), row.Int(3));
        row.Reset();
        return head;
    }

    public void KeepForgotten(CustomerHead head) => database.PutHead(head);

    public void DeleteForgotten(long customerId)
    {
        Prepared(Sql.DeleteHead).Bind(1, KeyHash.Of(CustomerHead.NoKey)).Bind(2, customerId).Run();
        Prepared(Sql.DeleteCustomer).Bind(1, customerId).Run();
    }

    /// <summary>Deletes rows of a customer by a statement that answers a row for each.</summary>
    public int Delete(string sql, long customerId) => Count(Prepared(sql).Bind(1, customerId));

    /// <summary>Deletes at most so many of a customer's message ids from the tables of the index.</summary>
    public int DeleteMessageKeys(long customerId, int rowsMax) => Count(Prepared(Sql.DeleteMessageKeys).Bind(1, customerId).Bind(2, rowsMax));

    /// <summary>Deletes at most so many rows from a position backwards.</summary>
    /// <returns>How many, and the position of the next one; 0 for none.</returns>
    public (int Deleted, long Next) DeleteChain(string read, string delete, long position, long customerId, int rowsMax)
    {
        if (position == 0 || rowsMax == 0)
        {
            return (0, position);
        }

        var (positions, next) = (new List<long>(), 0L);
        var rows = Prepared(read).Bind(1, position).Bind(2, customerId).Bind(3, rowsMax);
        while (rows.Step())
        {
            positions.Add(rows.Int(0));
            next = rows.Int(1);
        }

        positions.ForEach(row => Prepared(delete).Bind(1, row).Run());
        return (positions.Count, next);
    }

    /// <summary>Keeps that rows were erased, so that their numbers are not given again.</summary>
    /// <param name="head">Where the customer's log ended.</param>
    /// <param name="events">Events erased.</param>
    /// <param name="customers">Customers erased.</param>
    public void NoteErased(CustomerHead head, int events, int customers) => Prepared(Sql.PutErased)
        .Bind(1, head.CustomerId).Bind(2, head.LastEvent).Bind(3, head.LastDecision).Bind(4, customers).Bind(5, events).Run();

    /// <summary>Does something when the commit is on the disk, on the writer's thread and outside of a transaction.</summary>
    public void Afterwards(Action<LogDatabase> action) => _afterwards.Add(action);

    public Statement Prepared(string sql) => database.Prepared(sql);

    /// <summary>The commit is on the disk: loads may see it.</summary>
    public void Publish()
    {
        foreach (var key in _forgotten)
        {
            index.RemoveHead(key);
        }

        _forgotten.Clear();
        foreach (var head in _touched.Values)
        {
            index.Growing.Publish(head);
        }

        _touched.Clear();
        Rows = 0;
        _afterwards.ForEach(action => action(database));
        _afterwards.Clear();
    }

    private static int Count(Statement rows)
    {
        var count = 0;
        while (rows.Step())
        {
            count++;
        }

        return count;
    }
}
