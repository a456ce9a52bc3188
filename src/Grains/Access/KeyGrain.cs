using Decisioning.Contracts;
using Decisioning.Engine.Access;
using Decisioning.Storage;
using Orleans;

namespace Decisioning.Grains.Access;

/// <summary>Reads one key. Keeps nothing: each gateway asks once in a few seconds, and what was revoked is so for all of them.</summary>
public sealed class KeyGrain(IKeyStore store) : Grain, IKeyGrain
{
    /// <inheritdoc/>
    public async Task<AccessKey?> FindAsync(CancellationToken cancellationToken = default)
    {
        var key = await Stores.CallAsync(() => store.FindKeyAsync(this.GetPrimaryKeyString(), cancellationToken));
        if (key is null)
        {
            // Whoever tries keys out leaves nothing behind.
            DeactivateOnIdle();
        }

        return key;
    }
}
