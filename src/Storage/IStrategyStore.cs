using System.Collections.Immutable;

namespace Decisioning.Storage;

/// <summary>The strategies that were published, every version for ever: past decisions are made again with them.</summary>
public interface IStrategyStore
{
    /// <summary>Gives a strategy the tenant's next version; when the newest version has the same hash, that one is the answer and nothing changes.</summary>
    /// <param name="tenant">The owner.</param>
    /// <param name="name">The strategy's name, as written.</param>
    /// <param name="hash">The SHA-256 of what was written, lower-case hex.</param>
    /// <param name="files">What was written, at least one file.</param>
    /// <param name="publishedAt">Now.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StorageUnavailableException">The store failed; whether it was published is unknown: publishing again is safe.</exception>
    Task<StoredStrategy> PublishAsync(
        string tenant, string name, string hash, ImmutableArray<StrategyFile> files, DateTimeOffset publishedAt, CancellationToken cancellationToken);

    /// <summary>The newest version of a tenant; null when there is none newer than the one known, so that looking often reads little.</summary>
    /// <param name="tenant">The owner.</param>
    /// <param name="newerThan">The version known; 0 for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StorageUnavailableException">The store failed; so for all members.</exception>
    Task<StoredStrategy?> FindLatestAsync(string tenant, long newerThan, CancellationToken cancellationToken);

    /// <summary>One version of a tenant; null when there is none.</summary>
    Task<StoredStrategy?> FindVersionAsync(string tenant, long version, CancellationToken cancellationToken);

    /// <summary>The newest version of a tenant with a hash; null when there is none.</summary>
    Task<StoredStrategy?> FindHashAsync(string tenant, string hash, CancellationToken cancellationToken);
}

/// <summary>A published strategy as written.</summary>
/// <param name="Tenant">The owner.</param>
/// <param name="Name">The strategy's name.</param>
/// <param name="Version">1 for the tenant's first, one more with each publication.</param>
/// <param name="Hash">The SHA-256 of what was written, lower-case hex.</param>
/// <param name="Files">What was written, by path in ordinal order.</param>
/// <param name="PublishedAt">When.</param>
public sealed record StoredStrategy(
    string Tenant, string Name, long Version, string Hash, ImmutableArray<StrategyFile> Files, DateTimeOffset PublishedAt);

/// <summary>A file of a strategy.</summary>
/// <param name="Path">Its path below the strategy's folder, with forward slashes.</param>
/// <param name="Text">Its text.</param>
public sealed record StrategyFile(string Path, string Text);
