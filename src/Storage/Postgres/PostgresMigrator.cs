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

    /// <exception cref="StoreRefusedException">The schema is newer, or holds another program's tables. Nothing was changed.</exception>
    public static void Migrate(NpgsqlConnection connection, string schema, string place)
    {
        var scripts = MigrationScripts.Read("Postgres");
        using var transaction = connection.BeginTransaction();
        Execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 4443534))", schema);
        if (Convert.ToString(Scalar("SELECT current_setting('server_encoding')")) is var encoding && encoding != "UTF8")
        {
            throw new StoreRefusedException($"the database `{place}` has the encoding {encoding}; make one with `createdb --encoding=UTF8`");
        }

        var tables = Convert.ToInt64(Scalar("SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace($1)", schema));
        var ours = Convert.ToInt64(Scalar(
            "SELECT count(*) FROM information_schema.columns WHERE table_schema = $1 AND table_name = 'schema_version' AND column_name IN ('version', 'name', 'applied_at')",
            schema)) == 3;
        if (tables > 0 && !ours)
        {
            throw new StoreRefusedException($"the schema `{schema}` of `{place}` holds another program's tables; choose another with `Storage:Postgres:Schema`");
        }

        if (!ours)
        {
            if (Scalar("SELECT to_regnamespace($1)::text", schema) is not string)
            {
                Execute($"CREATE SCHEMA \"{schema}\"");
            }

            Execute("CREATE TABLE schema_version (version int PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())");
        }

        var version = Convert.ToInt32(Scalar("SELECT coalesce(max(version), 0) FROM schema_version"));
        if (version > scripts.Length)
        {
            throw new StoreRefusedException(
                $"the schema `{schema}` of `{place}` has version {version}, this program knows versions up to {scripts.Length}; start a newer program or choose another with `Storage:Postgres:Schema`");
        }

        foreach (var (number, name, sql) in scripts[version..])
        {
            Execute(sql);
            Execute("INSERT INTO schema_version (version, name) VALUES ($1, $2)", number, name);
        }

        transaction.Commit();

        void Execute(string sql, params object[] values)
        {
            using var command = Command(sql, values);
            command.ExecuteNonQuery();
        }

        object? Scalar(string sql, params object[] values)
        {
            using var command = Command(sql, values);
            return command.ExecuteScalar();
        }

        NpgsqlCommand Command(string sql, object[] values)
        {
#pragma warning disable CA2100 // Embedded files and texts of this class only; the schema's name has passed its pattern.
            var command = new NpgsqlCommand(sql, connection, transaction);
#pragma warning restore CA2100
            foreach (var value in values)
            {
                command.Parameters.Add(new() { Value = value });
            }

            return command;
        }
    }
}
