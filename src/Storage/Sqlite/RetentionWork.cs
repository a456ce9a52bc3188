using Decisioning.Engine.Customers;
using Decisioning.Storage.Commits;
using Google.Protobuf;

namespace Decisioning.Storage.Sqlite;

/// <summary>A customer's base to keep; one that is newer stays. Answers whether the customer is there: it may have been erased meanwhile.</summary>
internal sealed class BaseWork(CustomerHead head, long sequence, byte[] payload) : Work<WriteBatch, bool>
{
    public override void Apply(WriteBatch batch)
    {
        Result = batch.FindHead(head.Key)?.CustomerId == head.CustomerId;
        if (Result)
        {
            batch.Prepared(Sql.PutBase).Bind(1, head.CustomerId).Bind(2, sequence).Bind(3, payload).Run();
        }
    }
}

/// <summary>Events of one customer to reduce. Answers how many were.</summary>
/// <param name="key">The customer.</param>
/// <param name="customerId">Its number.</param>
/// <param name="positions">Where the events are.</param>
internal sealed class ReduceWork(string key, long customerId, ReadOnlyMemory<long> positions) : Work<WriteBatch, int>
{
    public override void Apply(WriteBatch batch)
    {
        try
        {
            foreach (var position in positions.Span)
            {
                if (batch.ReduceEvent(key, customerId, position))
                {
                    Result++;
                }
            }
        }
        catch (Exception e) when (e is InvalidDataException or InvalidProtocolBufferException)
        {
            // A damaged row stays as it is: what was reduced before it is right, and the others of the commit go on.
            Problem = new($"the log of customer `{CustomerKey.MarkOf(key)}` cannot be made smaller: {e.Message}", e);
        }
    }
}

/// <summary>Decisions to delete.</summary>
internal sealed class DeleteDecisionsWork(List<long> positions) : Work<WriteBatch, bool>
{
    public override void Apply(WriteBatch batch)
    {
        foreach (var position in positions)
        {
            batch.Prepared(Sql.DeleteDecision).Bind(1, position).Run();
        }

        batch.Prepared(Sql.PutReachedDecision).Bind(1, positions[^1]).Run();
        Result = true;
    }
}
