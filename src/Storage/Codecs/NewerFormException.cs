using Decisioning.Engine.Customers;

namespace Decisioning.Storage.Codecs;

/// <summary>A row that a newer version of the engine wrote: it is whole, and not to be passed over as a damaged one may be.</summary>
internal sealed class NewerFormException(string message) : Exception(message)
{
    /// <summary>Refuses an event of a kind that is not known here.</summary>
    /// <exception cref="NewerFormException">It is.</exception>
    public static void ThrowIfNewer(EventType type, long sequence)
    {
        if (type > EventType.Link)
        {
            throw new NewerFormException($"event {sequence} is of a kind that this version does not know, {(int)type}: a newer one wrote it; update this engine");
        }
    }
}
