using Decisioning.Storage.Codecs;

namespace Decisioning.Storage.Sqlite;

/// <summary>Makes the part of the index that was in memory again, from the rows that the tables of the index do not cover.</summary>
internal static class IndexRecovery
{
    public static CustomerIndex Read(LogDatabase database)
    {
        var index = new CustomerIndex();
        var generation = index.Growing;
        var heads = new Dictionary<long, CustomerHead>();

        var customers = database.Prepared(Sql.ReadNewCustomers).Bind(1, database.IndexedCustomer);
        while (customers.Step())
        {
            // Who is being erased is in the tables alone.
            if (customers.Text(1) != CustomerHead.NoKey)
            {
                heads.Add(customers.Int(0), new(customers.Text(1), customers.Int(0), 0, 0, 0, 0));
            }
        }

        var events = database.Prepared(Sql.ReadNewEvents).Bind(1, database.IndexedEvent);
        while (events.Step())
        {
            var (position, customerId) = (events.Int(0), events.Int(1));
            if (HeadOf(customerId) is not { } head)
            {
                continue;
            }

            generation.Add(new(customerId, EventCodec.ReadMessageHash(head.Key, events.Blob(3), position > database.UnsealedEvent)), position);
            heads[customerId] = position > head.LastEvent ? head with { LastEvent = position, LastSequence = events.Int(2) } : head;
        }

        var decisions = database.Prepared(Sql.ReadNewDecisions).Bind(1, database.IndexedDecision);
        while (decisions.Step())
        {
            var (position, customerId) = (decisions.Int(0), decisions.Int(1));
            if (HeadOf(customerId) is not { } head)
            {
                continue;
            }

            heads[customerId] = position > head.LastDecision ? head with { LastDecision = position, OpenUntil = decisions.Int(2) } : head;
        }

        foreach (var head in heads.Values)
        {
            generation.Publish(head);
        }

        return index;

        // A head in the table may be ahead of what is said to be indexed, when a crash cut a batch short; never behind it.
        CustomerHead? HeadOf(long customerId)
        {
            if (heads.TryGetValue(customerId, out var known))
            {
                return known;
            }

            var key = database.ReadKey(customerId);
            return key == CustomerHead.NoKey ? null : database.FindHead(key) ?? new CustomerHead(key, customerId, 0, 0, 0, 0);
        }
    }
}
