using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Decisioning.Engine.Access;
using Decisioning.Storage.Maintenance;

namespace Decisioning.Cli.Access;

/// <summary>The keys in a store, without an engine: how the first one is made.</summary>
/// <param name="store">The store.</param>
/// <param name="tenant">Whose keys.</param>
internal sealed class StoreKeyBook(OpenStore store, string tenant) : IKeyBook
{
    private const int PageSize = 1000;

    /// <summary>Stands in the audit log for whoever could write the store's files or log in to its server.</summary>
    private const string Actor = "store";

    public async Task<(AccessKey Key, string Text)> CreateAsync(AccessKey wanted, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        if (wanted.Mistake(now) is { } mistake)
        {
            throw new KeyRefusedException(mistake);
        }

        if (await store.Keys.CountKeysAsync(tenant, cancellationToken) >= AccessKey.PerTenantMax)
        {
            throw new KeyRefusedException($"the tenant has {AccessKey.PerTenantMax} keys, those included that were revoked; use those there are, or another tenant");
        }

        while (true)
        {
            var (text, id, hash) = KeyText.Make(RandomNumberGenerator.GetBytes(KeyText.RandomBytes));
            var key = wanted with { Id = id, Tenant = tenant, SecretHash = hash, CreatedAt = now, CreatedBy = Actor };
            await store.Audit.AddAuditAsync(tenant, KeyAudit.Created(key, Environment.UserName), cancellationToken);
            if (await store.Keys.AddKeyAsync(key, cancellationToken))
            {
                return (key, text);
            }
        }
    }

    public async IAsyncEnumerable<AccessKey> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = "";
        ImmutableArray<AccessKey> page;
        do
        {
            page = await store.Keys.ListKeysAsync(tenant, after, PageSize, cancellationToken);
            foreach (var key in page)
            {
                yield return key;
                after = key.Id;
            }
        }
        while (page.Length == PageSize);
    }

    public async Task<AccessKey?> RevokeAsync(string id, CancellationToken cancellationToken)
    {
        var key = await store.Keys.FindKeyAsync(id, cancellationToken);
        if (key?.Tenant != tenant)
        {
            return null;
        }

        var now = TimeProvider.System.GetUtcNow();
        if (key.RevokedAt is null)
        {
            await store.Audit.AddAuditAsync(tenant, KeyAudit.Revoked(key, now, Actor, Environment.UserName), cancellationToken);
        }

        return await store.Keys.RevokeKeyAsync(tenant, id, now, cancellationToken);
    }

    public async Task<(string Tenant, ImmutableArray<AuditEntry> Rows)> AuditAsync(long after, CancellationToken cancellationToken) =>
        (tenant, await store.Audit.ReadAuditAsync(tenant, after, PageSize, cancellationToken));
}
