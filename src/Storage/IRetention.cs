using System.Collections.Immutable;
using Decisioning.Engine.Customers;

namespace Decisioning.Storage;

/// <summary>
/// Makes the log smaller by age, in small steps beside everything else. An event that is past its age is reduced, not
/// forgotten: its contents go, its sequence, the hash of its message id and the hash of its contents stay for ever, so that a
/// repeat is known for ever. A customer's state at the last reduced event, its base, stands for them.
/// </summary>
public interface IRetention
{
    /// <summary>Takes the right to make the log smaller, of which a store has one. Two at once would do no harm, only double work.</summary>
    /// <returns>Null when another process has it; else dispose of it when done.</returns>
    /// <exception cref="StorageUnavailableException">The store failed; so for all members.</exception>
    Task<IAsyncDisposable?> TryTakeTurnAsync(CancellationToken cancellationToken);

    /// <summary>Looks at a piece of the log for customers with contents of events that are past their age.</summary>
    /// <param name="cutoffs">Up to when events are past their age.</param>
    /// <param name="cursor">Where to go on; null for the start.</param>
    /// <param name="rowsMax">How much to look at, at least 1.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<RetentionPage> FindDueAsync(RetentionCutoffs cutoffs, string? cursor, int rowsMax, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps a state as a customer's base, reads it back, and only then reduces the events up to a sequence, oldest first, a
    /// bounded number in each commit. Cut short at any instant it leaves the customer whole; doing it again goes on. A base
    /// never goes back.
    /// </summary>
    /// <param name="customer">Whose events.</param>
    /// <param name="state">The state at <paramref name="upTo"/> or after it, not after the customer's newest snapshot.</param>
    /// <param name="upTo">The last event to reduce.</param>
    /// <param name="cancellationToken">Ends the wait between two commits.</param>
    /// <returns>How many events were reduced.</returns>
    /// <exception cref="ArgumentException">The state is ahead of the newest snapshot or behind <paramref name="upTo"/>.</exception>
    Task<long> ReduceAsync(CustomerKey customer, CustomerState state, long upTo, CancellationToken cancellationToken);

    /// <summary>Deletes decisions that are past their age and have no offer open, nor has one before them, in a piece of the record.</summary>
    /// <param name="decidedBefore">Decisions made before this are past their age.</param>
    /// <param name="now">Offers that expire after it are open.</param>
    /// <param name="cursor">Where to go on; null for the start.</param>
    /// <param name="rowsMax">How much to look at, at least 1.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<RetentionStep> DeleteDecisionsAsync(
        DateTimeOffset decidedBefore, DateTimeOffset now, string? cursor, int rowsMax, CancellationToken cancellationToken);
}

/// <summary>Up to when events are past their age, by when they were received.</summary>
/// <param name="Default">For tenants not named; null: they are kept for ever.</param>
/// <param name="Tenants">By tenant; null: for ever.</param>
public sealed record RetentionCutoffs(DateTimeOffset? Default, ImmutableDictionary<string, DateTimeOffset?> Tenants)
{
    /// <summary>No event received at or after this is past its age; null when none ever is.</summary>
    public DateTimeOffset? Newest => Tenants.Values.Append(Default).Max();

    /// <summary>Events of a tenant received before this are past their age; null: never.</summary>
    public DateTimeOffset? Of(string tenant) => Tenants.TryGetValue(tenant, out var cutoff) ? cutoff : Default;
}

/// <summary>What a piece of the log holds.</summary>
/// <param name="Customers">Customers with contents past their age, each once.</param>
/// <param name="Cursor">Where the next piece begins; null after the last one that can hold any.</param>
public sealed record RetentionPage(ImmutableArray<CustomerKey> Customers, string? Cursor);

/// <summary>What a step did.</summary>
/// <param name="Removed">Rows deleted.</param>
/// <param name="Cursor">Where the next step begins; null after the last one that can find any.</param>
public sealed record RetentionStep(int Removed, string? Cursor);
