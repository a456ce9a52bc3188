using System.Collections.Immutable;
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

    /// <summary>A page of the decisions of a customer that are on the disk, newest first, past those that are damaged.</summary>
    /// <param name="customer">Whose.</param>
    /// <param name="from">Where to go on: <see cref="KeptDecisions.Next"/> of the page before; 0 for the first.</param>
    /// <param name="decisionsMax">How many at most, at least 1.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StorageUnavailableException">The store failed.</exception>
    Task<KeptDecisions> ReadDecisionsAsync(CustomerKey customer, long from, int decisionsMax, CancellationToken cancellationToken);
}

/// <summary>A page of decisions.</summary>
/// <param name="Decisions">Newest first.</param>
/// <param name="Unreadable">Decisions that are damaged.</param>
/// <param name="Next">Where to go on; 0 at the end.</param>
public sealed record KeptDecisions(ImmutableArray<DecisionRecord> Decisions, int Unreadable, long Next);
