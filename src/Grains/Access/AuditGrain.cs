using System.Collections.Immutable;
using Decisioning.Contracts;
using Decisioning.Engine.Access;
using Decisioning.Storage;
using Orleans;

namespace Decisioning.Grains.Access;

/// <summary>Writes one tenant's audit log, one row after another.</summary>
public sealed class AuditGrain(IAuditLog audit) : Grain, IAuditGrain
{
    /// <inheritdoc/>
    public Task<AuditEntry> AddAsync(AuditRecord record, CancellationToken cancellationToken = default) =>
        Stores.CallAsync(() => audit.AddAuditAsync(this.GetPrimaryKeyString(), record, cancellationToken));

    /// <inheritdoc/>
    public Task<ImmutableArray<AuditEntry>> ReadAsync(long after, int max, CancellationToken cancellationToken = default) =>
        Stores.CallAsync(() => audit.ReadAuditAsync(this.GetPrimaryKeyString(), after, max, cancellationToken));
}
