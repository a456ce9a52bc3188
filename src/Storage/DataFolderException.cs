namespace Decisioning.Storage;

/// <summary>The data folder cannot be used; the message names the folder and the cure. Nothing was changed.</summary>
public sealed class DataFolderException : Exception
{
    /// <summary>Says what is wrong and how to mend it.</summary>
    public DataFolderException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
