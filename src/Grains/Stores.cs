using Decisioning.Contracts;
using Decisioning.Storage;

namespace Decisioning.Grains;

/// <summary>Says to callers of grains what the store said to the grain.</summary>
internal static class Stores
{
    /// <summary>Runs a call; a store that failed is told as <see cref="StoreUnavailableException"/>.</summary>
    public static async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (StorageUnavailableException e)
        {
            throw Unavailable(e);
        }
    }

    /// <summary>A failure of the store, as callers of grains see it.</summary>
    public static StoreUnavailableException Unavailable(StorageUnavailableException e) => new(e.Message, isOverload: false);
}
