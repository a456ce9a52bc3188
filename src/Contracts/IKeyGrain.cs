using Decisioning.Engine.Access;
using Orleans;

namespace Decisioning.Contracts;

/// <summary>One key, by its id: whoever is asked to let its holder in asks here.</summary>
[Alias("decisioning.key")]
public interface IKeyGrain : IGrainWithStringKey
{
    /// <summary>The key as it is in the store now; null when there is none.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be asked.</exception>
    [Alias("find")]
    Task<AccessKey?> FindAsync(CancellationToken cancellationToken = default);
}
