using System.Collections.Immutable;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Access;
using Orleans;

namespace Decisioning.Contracts;

/// <summary>The keys of a tenant, by the tenant's name. Secrets never come here, only their hashes.</summary>
[Alias("decisioning.keys")]
public interface IKeysGrain : IGrainWithStringKey
{
    /// <summary>Keeps a new key of this tenant; first it is written into the audit log.</summary>
    /// <param name="key">The key.</param>
    /// <param name="byName">What the owner of the credential that makes it calls that.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [Alias("create")]
    Task<KeyCreation> CreateAsync(AccessKey key, string byName, CancellationToken cancellationToken = default);

    /// <summary>A page of keys in the order of their ids.</summary>
    /// <param name="after">The id the page begins after; empty for the first.</param>
    /// <param name="max">How many at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [Alias("list")]
    Task<ImmutableArray<AccessKey>> ListAsync(string after, int max, CancellationToken cancellationToken = default);

    /// <summary>Revokes a key for ever; null when this tenant has none with the id. First it is written into the audit log.</summary>
    [Alias("revoke")]
    Task<AccessKey?> RevokeAsync(string id, string by, string byName, CancellationToken cancellationToken = default);

    /// <summary>Whether there is a key of any tenant: then nobody is let in without one.</summary>
    [Alias("any")]
    Task<bool> AnyAsync(CancellationToken cancellationToken = default);
}
