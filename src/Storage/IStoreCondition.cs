namespace Decisioning.Storage;

/// <summary>Whether the store takes what is given to it.</summary>
public interface IStoreCondition
{
    /// <summary>Whether the last commit succeeded; after one that failed, whether the database was reached again since.</summary>
    bool CanWrite { get; }

    /// <summary>How full the queue of what waits to be written is, 0 to 1.</summary>
    double Fullness { get; }
}
