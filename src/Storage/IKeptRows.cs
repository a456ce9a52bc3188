using System.Collections.Immutable;
using Decisioning.Engine.Customers;

namespace Decisioning.Storage;

/// <summary>
/// Reads what is kept of a customer page by page, however long the history is, and goes on past what is damaged: who asks what is kept of a person, or
/// has it erased, must not be held up by a flipped bit. What a newer version of the engine wrote is not damaged, and passed over by no read
/// (<see cref="StorageUnavailableException.IsNewer"/>). For holding a customer in memory there is <see cref="ICustomerLog"/>, which never does without a row.
/// </summary>
public interface IKeptRows
{
    /// <summary>Finds where the pages of a customer's log begin. Reads the log once, without its contents.</summary>
    /// <param name="customer">Whose; one that was never heard of has no pages.</param>
    /// <param name="eventsPerPage">How many events a page has, at least 1.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StorageUnavailableException">The store failed.</exception>
    Task<KeptPages> FindPagesAsync(CustomerKey customer, int eventsPerPage, CancellationToken cancellationToken);

    /// <summary>A page of a customer's log.</summary>
    /// <param name="customer">Whose; empty pages once it is erased.</param>
    /// <param name="page">One of <see cref="KeptPages.Starts"/>.</param>
    /// <param name="eventsPerPage">As the pages were found with.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StorageUnavailableException">The store failed.</exception>
    Task<KeptEvents> ReadEventsAsync(CustomerKey customer, long page, int eventsPerPage, CancellationToken cancellationToken);

    /// <summary>The states kept beside a customer's log.</summary>
    /// <param name="customer">Whose.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StorageUnavailableException">The store failed.</exception>
    Task<KeptStates> ReadStatesAsync(CustomerKey customer, CancellationToken cancellationToken);
}

/// <summary>The pages of a customer's log.</summary>
/// <param name="Starts">What each is asked for by, the oldest events first. They stay what they are while events are added, which may come to the last one.</param>
/// <param name="Missing">Events that the log should have and that are on no page.</param>
public sealed record KeptPages(ImmutableArray<long> Starts, long Missing);

/// <summary>A page of events.</summary>
/// <param name="Events">In their order; those whose contents are no longer kept are left out.</param>
/// <param name="Unreadable">Events that are damaged.</param>
public sealed record KeptEvents(ImmutableArray<RecordedEvent> Events, int Unreadable);

/// <summary>States kept beside a log.</summary>
/// <param name="Newest">The newest that can be read; null for none.</param>
/// <param name="Unreadable">How many are damaged, or of a version not known here.</param>
public sealed record KeptStates(CustomerState? Newest, int Unreadable);
