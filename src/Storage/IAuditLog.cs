using System.Collections.Immutable;
using Decisioning.Engine.Access;

namespace Decisioning.Storage;

/// <summary>What was done with authority, a chain of rows per tenant. Rows are only ever added.</summary>
public interface IAuditLog
{
    /// <summary>Adds a row after the tenant's last.</summary>
    /// <exception cref="StorageUnavailableException">The store failed; whether the row was added is unknown: adding it again may double it.</exception>
    Task<AuditEntry> AddAuditAsync(string tenant, AuditRecord record, CancellationToken cancellationToken);

    /// <summary>A tenant's rows in their order.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="after">The number that the page begins after; 0 for the first page.</param>
    /// <param name="max">How many at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StorageUnavailableException">The store failed.</exception>
    Task<ImmutableArray<AuditEntry>> ReadAuditAsync(string tenant, long after, int max, CancellationToken cancellationToken);
}
