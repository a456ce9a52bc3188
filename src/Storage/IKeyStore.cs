using System.Collections.Immutable;
using Decisioning.Engine.Access;

namespace Decisioning.Storage;

/// <summary>The keys of callers. None is ever taken out: a revoked one stays, with the instant.</summary>
public interface IKeyStore
{
    /// <summary>Keeps a new key; false when there is one with its id, and nothing changed.</summary>
    /// <exception cref="StorageUnavailableException">The store failed; whether the key was kept is unknown. So for all members.</exception>
    Task<bool> AddKeyAsync(AccessKey key, CancellationToken cancellationToken);

    /// <summary>The key with an id, of whatever tenant; null for none.</summary>
    Task<AccessKey?> FindKeyAsync(string id, CancellationToken cancellationToken);

    /// <summary>A tenant's keys in the order of their ids.</summary>
    /// <param name="tenant">The owner.</param>
    /// <param name="after">The id that the page begins after; empty for the first page.</param>
    /// <param name="max">How many at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<ImmutableArray<AccessKey>> ListKeysAsync(string tenant, string after, int max, CancellationToken cancellationToken);

    /// <summary>Revokes a tenant's key, once: the first instant stays. The key after it; null when the tenant has none with that id.</summary>
    Task<AccessKey?> RevokeKeyAsync(string tenant, string id, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>How many keys a tenant has, those included that were revoked.</summary>
    Task<long> CountKeysAsync(string tenant, CancellationToken cancellationToken);

    /// <summary>Whether there is a key of any tenant, one that was revoked included.</summary>
    Task<bool> AnyKeyAsync(CancellationToken cancellationToken);
}
