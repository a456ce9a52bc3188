using Npgsql;

namespace Decisioning.Storage.Postgres;

/// <summary>
/// Brings a schema to what this program knows: numbered files, forward only, in one transaction, under a lock that only the
/// first of several processes gets; the others find the work done.
/// </summary>
internal static class PostgresMigrator
{
    /// <summary>The newest schema this program knows.</summary>
    public static int Newest => MigrationScripts.Read("Postgres").Length;

    /// <summary>How far a schema has come; null while there is none, or nothing in it.</summary>
    /// <param name="connection">The server; the schema comes first in the search path.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="place">The database, for people.</param>
    /// <param name="setting">What another schema is chosen with.</param>
    /// <exception cref="StoreRefusedException">It holds another program's tables.</exception>
    public static int? FindVersion(NpgsqlConnection connection, string schema, string place, string setting)
    {
        if (connection.Number("SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace($1)", schema) == 0)
        {
            return null;
        }

        var ours = connection.Number(
            "SELECT count(*) FROM information_schema.columns WHERE table_schema = $1 AND table_name = 'schema_version' AND column_name IN ('version', 'name', 'applied_at')",
            schema) == 3;
        return ours
            ? (int)connection.Number("SELECT coalesce(max(version), 0) FROM schema_version")
            : throw new StoreRefusedException($"the schema `{schema}` of `{place}` holds another program's tables; choose another with `{setting}`");
    }

    /// <exception cref="StoreRefusedException">The schema is newer, or holds another program's tables. Nothing was changed.</exception>
    public static void Migrate(NpgsqlConnection connection, string schema, string place)
    {
        var scripts = MigrationScripts.Read("Postgres");
        using var transaction = connection.BeginTransaction();
        connection.Execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 4443534))", schema);
        if (connection.Scalar("SELECT current_setting('server_encoding')") is var encoding && encoding as string != "UTF8")
        {
            throw new StoreRefusedException($"the database `{place}` has the encoding {encoding}; make one with `createdb --encoding=UTF8`");
        }

        var version = FindVersion(connection, schema, place, "Storage:Postgres:Schema");
        if (version is null)
        {
            if (connection.Scalar("SELECT to_regnamespace($1)::text", schema) is not string)
            {
                connection.Execute($"CREATE SCHEMA \"{schema}\"");
            }

            connection.Execute("CREATE TABLE schema_version (version int PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())");
        }

        if (version > scripts.Length)
        {
            throw new StoreRefusedException(
                $"the schema `{schema}` of `{place}` has version {version}, this program knows versions up to {scripts.Length}; start a newer program or choose another with `Storage:Postgres:Schema`");
        }

        foreach (var (number, name, sql) in scripts[(version ?? 0)..])
        {
            connection.Execute(sql);
            connection.Execute("INSERT INTO schema_version (version, name) VALUES ($1, $2)", number, name);
        }

        transaction.Commit();
    }
}
