namespace Decisioning.Storage;

/// <summary>Which database the store is on.</summary>
public enum StorageKind
{
    /// <summary>The embedded database in the data folder: one process, nothing to set up.</summary>
    Sqlite,

    /// <summary>A PostgreSQL server, which any number of processes share.</summary>
    Postgres,
}
