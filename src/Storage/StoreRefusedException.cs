namespace Decisioning.Storage;

/// <summary>
/// The store cannot be used as it is configured: not ours, of a newer schema, in use, not to be written, a wrong password. The
/// message says which store and the cure, for whoever starts the program. Nothing was changed.
/// </summary>
public sealed class StoreRefusedException : Exception
{
    /// <summary>Says what is wrong and how to mend it.</summary>
    public StoreRefusedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
