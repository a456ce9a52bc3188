using System.Collections.Immutable;
using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Access;
using Decisioning.Storage;
using Orleans;

namespace Decisioning.Grains.Access;

/// <summary>Manages the keys of one tenant, one change after another.</summary>
public sealed class KeysGrain(IKeyStore store, IAuditLog audit, TimeProvider clock) : Grain, IKeysGrain
{
    /// <inheritdoc/>
    public Task<KeyCreation> CreateAsync(AccessKey key, string byName, CancellationToken cancellationToken = default) => Stores.CallAsync(async () =>
    {
        var tenant = this.GetPrimaryKeyString();
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Tenant, tenant, nameof(key));
        if (await store.CountKeysAsync(tenant, cancellationToken) >= AccessKey.PerTenantMax)
        {
            return KeyCreation.TooMany;
        }

        await audit.AddAuditAsync(tenant, KeyAudit.Created(key, byName), cancellationToken);

        // A repeat whose first answer was lost finds itself.
        return await store.AddKeyAsync(key, cancellationToken) || (await store.FindKeyAsync(key.Id, cancellationToken))?.SecretHash == key.SecretHash
            ? KeyCreation.Created
            : KeyCreation.Taken;
    });

    /// <inheritdoc/>
    public Task<ImmutableArray<AccessKey>> ListAsync(string after, int max, CancellationToken cancellationToken = default) =>
        Stores.CallAsync(() => store.ListKeysAsync(this.GetPrimaryKeyString(), after, max, cancellationToken));

    /// <inheritdoc/>
    public Task<AccessKey?> RevokeAsync(string id, string by, string byName, CancellationToken cancellationToken = default) => Stores.CallAsync(async () =>
    {
        var tenant = this.GetPrimaryKeyString();
        var key = await store.FindKeyAsync(id, cancellationToken);
        if (key is null || key.Tenant != tenant || key.RevokedAt is not null)
        {
            return key?.Tenant == tenant ? key : null;
        }

        var now = clock.GetUtcNow();
        await audit.AddAuditAsync(tenant, KeyAudit.Revoked(key, now, by, byName), cancellationToken);
        return await store.RevokeKeyAsync(tenant, id, now, cancellationToken);
    });

    /// <inheritdoc/>
    public Task<bool> AnyAsync(CancellationToken cancellationToken = default) => Stores.CallAsync(() => store.AnyKeyAsync(cancellationToken));
}
