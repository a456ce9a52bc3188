using Decisioning.Storage.Postgres;
using Decisioning.Storage.Sqlite;

namespace Decisioning.Storage.Maintenance;

/// <summary>What is done to a store from outside of an engine.</summary>
public static class StoreMaintenance
{
    /// <summary>What a store holds; changes nothing, and works beside a running engine.</summary>
    /// <exception cref="StoreRefusedException">It cannot be read, or is not ours.</exception>
    public static StoreStatus Status(StorageOptions options) =>
        options.Kind == StorageKind.Postgres ? PostgresMaintenance.Status(options.Postgres) : SqliteMaintenance.Status(options);

    /// <summary>Brings a store's schema to what this program knows, forward only, and makes what is missing.</summary>
    /// <returns>The store before it, and after it.</returns>
    /// <exception cref="StoreRefusedException">It cannot be used, or an engine has the embedded one.</exception>
    public static (StoreStatus Before, StoreStatus After) Migrate(StorageOptions options)
    {
        if (options.Kind == StorageKind.Postgres)
        {
            var before = PostgresMaintenance.Status(options.Postgres);
            using var database = new PostgresDatabase(options.Postgres);
            database.Prepare(options.Postgres.StartWaitMax);
            return (before, PostgresMaintenance.Status(options.Postgres));
        }

        var was = SqliteMaintenance.StatusOrNothing(options);
        DataFolder.Open(options).Dispose();
        return (was, SqliteMaintenance.Status(options));
    }

    /// <summary>
    /// Copies the embedded store as of one instant into a file, while an engine may run on it, and reads all of the copy back. Everything
    /// acknowledged before the call is in the copy.
    /// </summary>
    /// <exception cref="StoreRefusedException">The store is not the embedded one, cannot be read, or the copy cannot be written.</exception>
    public static StoreBackup Backup(StorageOptions options, string file) => options.Kind == StorageKind.Postgres
        ? throw new StoreRefusedException($"a store on PostgreSQL is copied by PostgreSQL's own program, while engines run: {PostgresMaintenance.DumpCommand(options.Postgres, file)}")
        : SqliteMaintenance.Backup(options, file);
}
