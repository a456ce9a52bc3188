namespace Decisioning.Storage;

/// <summary>The store failed. Of a write the outcome is unknown: whoever wrote forgets its memory and loads again. Repeating with the same message ids is safe.</summary>
public sealed class StorageUnavailableException : Exception
{
    /// <summary>Says what failed and the cure.</summary>
    public StorageUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Whether rows were read that are not as they were written: asking again does not help.</summary>
    public bool IsDamage { get; init; }

    /// <summary>Whether rows were read that a newer version of the engine wrote: they are whole, and that version can read them.</summary>
    public bool IsNewer { get; init; }
}
