using Microsoft.Data.Sqlite;

namespace Decisioning.Storage.Sqlite;

/// <summary>Brings a database to the schema that this program knows: numbered files, forward only, all in one transaction.</summary>
internal static class SchemaMigrator
{
    /// <summary>No program will ever have as many.</summary>
    private const int SchemasMax = 9_999;

    /// <summary>The newest schema this program knows.</summary>
    public static int Newest => MigrationScripts.Read("Sqlite").Length;

    /// <exception cref="StoreRefusedException">The database is of a newer schema.</exception>
    public static void Migrate(SqliteConnection connection, string folder)
    {
        var scripts = MigrationScripts.Read("Sqlite");
        using var transaction = connection.BeginTransaction();
        Execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT");
        var version = Version();
        if (version is < 0 or > SchemasMax)
        {
            throw new StoreRefusedException($"the database in `{folder}` is damaged: no schema has the number {version}; restore it from a backup");
        }

        if (version > scripts.Length)
        {
            throw new StoreRefusedException(
                $"the database in `{folder}` has schema {version}, this program knows schemas up to {scripts.Length}; start a newer program or choose another folder");
        }

        foreach (var (number, name, sql) in scripts[(int)version..])
        {
            Execute(sql);
            Execute($"INSERT INTO schema_version (version, name) VALUES ({number}, '{name}')");
        }

        transaction.Commit();

        long Version()
        {
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = "SELECT coalesce(max(version), 0) FROM schema_version";
            return Convert.ToInt64(command.ExecuteScalar());
        }

        void Execute(string sql)
        {
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
#pragma warning disable CA2100 // Embedded files and texts of this class only.
            command.CommandText = sql;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }
    }
}
