using Decisioning.Engine.Customers;
using Decisioning.Storage.Commits;

namespace Decisioning.Storage.Sqlite;

/// <summary>A customer to take the key from: from this commit on nobody finds it. Answers what was deleted at once.</summary>
internal sealed class ForgetWork(CustomerKey customer) : Work<WriteBatch, ErasedRows>
{
    public override void Apply(WriteBatch batch)
    {
        Result = ErasedRows.None;
        if (batch.FindHead(customer.Value) is { } head)
        {
            batch.Forget(head);
            Result = new(
                1,
                0,
                0,
                batch.Delete(Sql.DeleteSnapshot, head.CustomerId) + batch.Delete(Sql.DeleteBase, head.CustomerId),
                batch.Delete(Sql.DeleteDue, head.CustomerId));
        }
    }
}

/// <summary>Some rows to delete of a customer without a key. Answers what was deleted, and whether that was the last of it.</summary>
internal sealed class EraseWork(long customerId, int rowsMax) : Work<WriteBatch, (ErasedRows Rows, bool IsLast)>
{
    public override void Apply(WriteBatch batch)
    {
        if (batch.FindForgotten(customerId) is not { } head)
        {
            Result = (ErasedRows.None, true);
            return;
        }

        // Newest first, as the rows are chained; what is half deleted nobody can reach.
        var (events, lastEvent) = batch.DeleteChain(Sql.ReadEventChain, Sql.DeleteEvent, head.LastEvent, customerId, rowsMax);
        var (decisions, lastDecision) = batch.DeleteChain(Sql.ReadDecisionChain, Sql.DeleteDecision, head.LastDecision, customerId, rowsMax - events);
        batch.KeepForgotten(head with { LastEvent = lastEvent, LastDecision = lastDecision });
        var rows = events + decisions;
        var isLast = rows < rowsMax && batch.DeleteMessageKeys(customerId, rowsMax - rows) < rowsMax - rows;
        if (isLast)
        {
            batch.DeleteForgotten(customerId);
        }

        batch.NoteErased(head, events, isLast ? 1 : 0);
        Result = (new(0, events, decisions, 0, 0), isLast);
    }
}

/// <summary>The write-ahead log to empty, so that nothing of what was deleted is left in it. Answers whether it could be: readers may be in the way.</summary>
internal sealed class EmptyLogWork : Work<WriteBatch, bool>
{
    public override void Apply(WriteBatch batch) => batch.Afterwards(database => Result = database.TryEmptyLog());
}
