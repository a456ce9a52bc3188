using System.Collections.Immutable;
using Decisioning.Storage.Maintenance;
using Npgsql;

namespace Decisioning.Storage.Postgres;

/// <summary>A store on PostgreSQL seen from outside of an engine.</summary>
internal static class PostgresMaintenance
{
    private static readonly ImmutableArray<(string Name, string Table)> Counts =
    [
        ("customers", "customer"),
        ("events", "event"),
        ("decisions", "decision"),
        ("snapshots", "snapshot"),
        ("due rows", "due"),
        ("bases", "base"),
        ("strategies", "strategy"),
        ("keys", "access_key"),
        ("audit rows", "audit"),
    ];

    /// <exception cref="StoreRefusedException">The server cannot be reached, or the schema is another program's.</exception>
    public static StoreStatus Status(PostgresOptions options)
    {
        using var database = new PostgresDatabase(options);
        try
        {
            using var connection = database.OpenReader();
            return Read(connection, database, options.Schema);
        }
        catch (NpgsqlException e)
        {
            throw new StoreRefusedException($"the database `{database.Place}` cannot be read: {database.Explain(e)}", e);
        }
    }

    /// <summary>The command that copies the store, without the password.</summary>
    public static string DumpCommand(PostgresOptions options, string file)
    {
        var settings = PostgresDatabase.Settings(options);
        return $"pg_dump --format=custom --schema={options.Schema} --host={settings.Host} --port={settings.Port} --username={settings.Username} --file={file} {settings.Database ?? settings.Username}";
    }

    private static StoreStatus Read(NpgsqlConnection connection, PostgresDatabase database, string schema)
    {
        var place = $"{database.Place}, schema {schema}";
        var scripts = MigrationScripts.Read("Postgres");
        var version = PostgresMigrator.FindVersion(connection, schema, database.Place, "--schema") ?? 0;
        var counts = Counts.Where(count => connection.Number("SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace($1) AND relname = $2", schema, count.Table) > 0);
        return new(
            StorageKind.Postgres,
            place,
            version,
            [.. scripts.Skip(version).Select(script => script.Name)],
            version > scripts.Length,
            [.. counts.Select(count => (count.Name, connection.Number($"SELECT count(*) FROM \"{count.Table}\"")))],
            connection.Number("SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint FROM pg_class WHERE relnamespace = to_regnamespace($1) AND relkind = 'r'", schema));
    }
}
