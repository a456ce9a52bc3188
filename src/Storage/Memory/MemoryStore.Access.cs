using System.Collections.Immutable;
using Decisioning.Engine.Access;
using Decisioning.Storage.Codecs;

namespace Decisioning.Storage.Memory;

// The keys of callers, and what was done with authority.
public sealed partial class MemoryStore
{
    private readonly SortedDictionary<string, AccessKey> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<AuditEntry>> _audit = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task<bool> AddKeyAsync(AccessKey key, CancellationToken cancellationToken) => Locked(() => _keys.TryAdd(key.Id, key));

    /// <inheritdoc/>
    public Task<AccessKey?> FindKeyAsync(string id, CancellationToken cancellationToken) => Locked(() => _keys.GetValueOrDefault(id));

    /// <inheritdoc/>
    public Task<ImmutableArray<AccessKey>> ListKeysAsync(string tenant, string after, int max, CancellationToken cancellationToken) =>
        Locked(() => _keys.Values.Where(key => key.Tenant == tenant && string.CompareOrdinal(key.Id, after) > 0).Take(max).ToImmutableArray());

    /// <inheritdoc/>
    public Task<AccessKey?> RevokeKeyAsync(string tenant, string id, DateTimeOffset at, CancellationToken cancellationToken) => Locked(() =>
    {
        if (_keys.GetValueOrDefault(id) is not { } key || key.Tenant != tenant)
        {
            return null;
        }

        return _keys[id] = key with { RevokedAt = key.RevokedAt ?? at.ToUniversalTime() };
    });

    /// <inheritdoc/>
    public Task<long> CountKeysAsync(string tenant, CancellationToken cancellationToken) => Locked(() => _keys.Values.LongCount(key => key.Tenant == tenant));

    /// <inheritdoc/>
    public Task<bool> AnyKeyAsync(CancellationToken cancellationToken) => Locked(() => _keys.Count > 0);

    /// <inheritdoc/>
    public Task<AuditEntry> AddAuditAsync(string tenant, AuditRecord record, CancellationToken cancellationToken) => Locked(() =>
    {
        if (!_audit.TryGetValue(tenant, out var entries))
        {
            _audit[tenant] = entries = [];
        }

        entries.Add(AccessRows.After(tenant, entries.LastOrDefault(), record));
        return entries[^1];
    });

    /// <inheritdoc/>
    public Task<ImmutableArray<AuditEntry>> ReadAuditAsync(string tenant, long after, int max, CancellationToken cancellationToken) =>
        Locked(() => _audit.GetValueOrDefault(tenant, []).Where(entry => entry.Number > after).Take(max).ToImmutableArray());

    private Task<T> Locked<T>(Func<T> act)
    {
        lock (_lock)
        {
            return Task.FromResult(act());
        }
    }
}
