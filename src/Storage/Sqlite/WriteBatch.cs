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

    /// <summary>Events and decisions written since <see cref="Publish"/>.</summary>
    public int Rows { get; private set; }

    /// <summary>The number of the customer who came last; 0 for none.</summary>
    public long LastCustomer => database.LastCustomer;

    public CustomerHead? FindHead(string key) =>
        _touched.TryGetValue(key, out var head) ? head : index.FindHead(key) ?? database.FindHead(key);

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

    public Statement Prepared(string sql) => database.Prepared(sql);

    /// <summary>The commit is on the disk: loads may see it.</summary>
    public void Publish()
    {
        foreach (var head in _touched.Values)
        {
            index.Growing.Publish(head);
        }

        _touched.Clear();
        Rows = 0;
    }
}
