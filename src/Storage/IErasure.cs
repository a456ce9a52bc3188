using Decisioning.Engine.Customers;

namespace Decisioning.Storage;

/// <summary>
/// Makes the store forget a customer: every row of the customer goes, and nothing is left that says there was one. The
/// customer is gone for every reader at one instant; the rows follow in small commits that others' commits pass between.
/// What is heard of the same key afterwards begins a new customer at sequence 1.
/// </summary>
public interface IErasure
{
    /// <summary>
    /// Erases a customer. Decisions given to this store before the call (<see cref="IDecisionLog.TryWrite"/>) are erased too. An append
    /// that meets an erased log is answered with a conflict and cannot bring it back. Cut short at any instant it is finished by
    /// the next call, or by the next start; doing it again does no harm.
    /// </summary>
    /// <param name="customer">Whom; one that was never heard of has nothing to erase.</param>
    /// <param name="cancellationToken">Ends the wait between two commits.</param>
    /// <returns>What this call deleted: after one that was cut short, the rest.</returns>
    /// <exception cref="StorageUnavailableException">The store failed or is busy; some of the rows may be there. Ask again.</exception>
    Task<ErasedRows> EraseAsync(CustomerKey customer, CancellationToken cancellationToken);
}

/// <summary>What was deleted of customers.</summary>
/// <param name="Customers">Customers, each with its key.</param>
/// <param name="Events">Events of the log, each with its message id.</param>
/// <param name="Decisions">Recorded decisions.</param>
/// <param name="Snapshots">States kept: snapshots and bases.</param>
/// <param name="DueRows">Rows of the due table.</param>
public sealed record ErasedRows(int Customers, long Events, long Decisions, int Snapshots, int DueRows)
{
    /// <summary>Nothing.</summary>
    public static ErasedRows None { get; } = new(0, 0, 0, 0, 0);

    /// <summary>The rows of both.</summary>
    public static ErasedRows operator +(ErasedRows left, ErasedRows right) => new(
        left.Customers + right.Customers,
        left.Events + right.Events,
        left.Decisions + right.Decisions,
        left.Snapshots + right.Snapshots,
        left.DueRows + right.DueRows);
}
