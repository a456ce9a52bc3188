using System.Collections.Immutable;
using Decisioning.Engine.Access;
using Orleans;

namespace Decisioning.Contracts;

/// <summary>What was done in a tenant with authority, by the tenant's name: rows one after another, never changed.</summary>
[Alias("decisioning.audit")]
public interface IAuditGrain : IGrainWithStringKey
{
    /// <summary>Adds a row, before what it says is done: what cannot be written down is not done.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be written.</exception>
    [Alias("add")]
    Task<AuditEntry> AddAsync(AuditRecord record, CancellationToken cancellationToken = default);

    /// <summary>A page of rows.</summary>
    /// <param name="after">The number the page begins after; 0 for the first.</param>
    /// <param name="max">How many at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [Alias("read")]
    Task<ImmutableArray<AuditEntry>> ReadAsync(long after, int max, CancellationToken cancellationToken = default);
}
