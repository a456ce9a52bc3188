using System.Collections.Immutable;
using Decisioning.Engine.Customers;

namespace Decisioning.Storage;

/// <summary>
/// The event log of all customers and the snapshots made of it. Every outcome that a caller must tell apart is a value;
/// a <see cref="StorageUnavailableException"/> means that the outcome is unknown: forget what is in memory and load again.
/// Safe for any number of callers at once.
/// </summary>
public interface ICustomerLog
{
    /// <summary>
    /// Appends events of one customer, all or none; answers when they are on the disk. Appends of many customers share
    /// one commit, and one customer's conflict never fails another's append.
    /// </summary>
    /// <param name="customer">Whose events.</param>
    /// <param name="expectedSequence">The sequence of the customer's last event as the caller knows it; 0 for a new customer.</param>
    /// <param name="events">The events, numbered from <paramref name="expectedSequence"/> + 1 without a gap, no message id twice; none is answered with <see cref="AppendResult.Appended"/> at once, and nothing is written.</param>
    /// <param name="dueAt">Sets the customer's row in the due table (<see cref="IDueTable"/>) to this instant, in the commit of the events; null leaves the row as it is.</param>
    /// <param name="cancellationToken">Ends the wait for a place in the queue; an append that has its place is followed to its end, so that its outcome is known.</param>
    /// <exception cref="ArgumentException">The events are not numbered as said, or hold a message id twice.</exception>
    /// <exception cref="StorageUnavailableException">The store failed; whether the events were written is unknown.</exception>
    Task<AppendResult> AppendAsync(
        CustomerKey customer, long expectedSequence, ImmutableArray<RecordedEvent> events, DateTimeOffset? dueAt, CancellationToken cancellationToken);

    /// <summary>Which of some message ids a customer's log holds, however long ago they were recorded. Sees every append answered before the call.</summary>
    /// <param name="customer">Whose log; one that was never heard of holds none.</param>
    /// <param name="messageIds">The ids, any number of characters each, none twice; at most as many as an append has events.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Each message id that is known, in the order given; what an append of these ids would be refused for.</returns>
    /// <exception cref="StorageUnavailableException">The store failed or is busy; nothing is known of the ids.</exception>
    Task<ImmutableArray<KnownMessage>> FindMessagesAsync(CustomerKey customer, ImmutableArray<string> messageIds, CancellationToken cancellationToken);

    /// <summary>
    /// What is needed to hold a customer in memory, in one round trip. Sees every append answered before the call.
    /// A snapshot that cannot be used (corrupt, or written by a newer version) is left out and said so in the log.
    /// </summary>
    /// <param name="customer">Which customer; one that was never heard of has an empty history.</param>
    /// <param name="now">Offers that expire at or before it are left out.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StorageUnavailableException">The store failed.</exception>
    Task<CustomerHistory> LoadAsync(CustomerKey customer, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// The whole of a customer's log, to make again what was: every event that is kept, whatever snapshots there are, and no
    /// open offers. Sees every append answered before the call.
    /// </summary>
    /// <param name="customer">Which customer; one that was never heard of has an empty history.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// Every event as <see cref="CustomerHistory.Tail"/>. <see cref="CustomerHistory.Snapshot"/> is the state that stands for events
    /// whose contents are no longer kept; null while all of them are.
    /// </returns>
    /// <exception cref="StorageUnavailableException">The store failed.</exception>
    Task<CustomerHistory> LoadLogAsync(CustomerKey customer, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps a state so that the next load need not fold the whole log. It may be lost, never wrong: a state older than
    /// the snapshot kept is dropped.
    /// </summary>
    /// <exception cref="ArgumentException">The state is ahead of the customer's log.</exception>
    /// <exception cref="StorageUnavailableException">The store failed or is busy; the snapshot before it may be the newest one.</exception>
    Task SaveSnapshotAsync(CustomerKey customer, CustomerState state, CancellationToken cancellationToken);

    /// <summary>The customers of a tenant in the order they were first heard of, read in pages: one that is added while reading may be missing.</summary>
    /// <param name="tenant">The owner.</param>
    /// <param name="after">Where to go on: <see cref="ListedCustomer.Place"/> of the last one read, whoever stands there by now; 0 starts at the first.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StorageUnavailableException">The store failed.</exception>
    IAsyncEnumerable<ListedCustomer> CustomersAsync(string tenant, long after, CancellationToken cancellationToken);
}

/// <summary>A customer in the order of all.</summary>
/// <param name="Customer">Who.</param>
/// <param name="Place">The place in the order, from 1: nobody else's for ever, also when the customer is erased.</param>
public readonly record struct ListedCustomer(CustomerKey Customer, long Place);
