using Decisioning.Engine.Customers;

namespace Decisioning.Storage;

/// <summary>
/// The record of decisions, written behind the reply in the same commits as events. What is lost at worst: the decisions
/// made since the last commit when the process dies (a commit follows within a few milliseconds), and those refused when
/// the queue is full, which are counted; and where several processes share the store, those of customers not met before, or new since, that one of them made
/// before it heard of an erasure by another.
/// </summary>
public interface IDecisionLog
{
    /// <summary>Takes a decision to be written soon; never waits.</summary>
    /// <returns>False when the queue is full: the decision is dropped and counted.</returns>
    bool TryWrite(DecisionRecord record);

    /// <summary>The decisions of a customer that are on the disk, newest first.</summary>
    /// <exception cref="StorageUnavailableException">The store failed.</exception>
    IAsyncEnumerable<DecisionRecord> ReadAsync(CustomerKey customer, CancellationToken cancellationToken);
}
