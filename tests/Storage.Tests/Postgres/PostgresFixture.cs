using System.Diagnostics;
using System.Text;
using Decisioning.Storage.Postgres;
using Decisioning.Storage.Tests.Sqlite;
using Decisioning.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Decisioning.Storage.Tests.Postgres;

/// <summary>A schema as a build of its day wrote it, dumped as statements, and in words what is in it.</summary>
internal static class PostgresFixture
{
    public const string Mode = "write-postgres-fixture";
    public const string Dump = "dump.sql";

    private const string Schema = "decisioning_fixture";

    /// <summary>Writes a fixture into a folder that does not exist: <c>Decisioning.Storage.Tests write-postgres-fixture fixtures-postgres/schema-N</c>.</summary>
    public static async Task<int> WriteAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        using var server = PostgresServer.Start(sync: false);
        using (var store = Open(server.ConnectionString))
        {
            await Fixture.FillAsync(store);
        }

        using (var store = Open(server.ConnectionString))
        {
            await File.WriteAllTextAsync(Path.Combine(folder, Fixture.Contents), await Fixture.DescribeAsync(store));
        }

        await File.WriteAllTextAsync(Path.Combine(folder, Dump), await DumpAsync(new(server.ConnectionString)));
        return 0;
    }

    /// <summary>What a store reads in a fixture.</summary>
    public static async Task<string> ReadAsync(string connectionString, string folder)
    {
        var drop = $"DROP SCHEMA IF EXISTS {Schema} CASCADE";
        await ExecuteAsync(connectionString, drop);
        try
        {
            await ExecuteAsync(connectionString, await File.ReadAllTextAsync(Path.Combine(folder, Dump)));
            using var store = Open(connectionString);
            return await Fixture.DescribeAsync(store);
        }
        finally
        {
            await ExecuteAsync(connectionString, drop);
        }
    }

    private static PostgresStore Open(string connectionString) => new(
        Options.Create(new StorageOptions { Kind = StorageKind.Postgres, Postgres = { ConnectionString = connectionString, Schema = Schema } }),
        new StorageMeter(null),
        NullLogger<PostgresStore>.Instance);

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<string> DumpAsync(NpgsqlConnectionStringBuilder server)
    {
        string[] arguments = ["--format=plain", "--inserts", "--no-owner", $"--schema={Schema}", $"--host={server.Host}", $"--username={server.Username}", server.Database!];
        using var dump = Process.Start(new ProcessStartInfo(Path.Combine(PostgresServer.Programs!, "pg_dump"), arguments) { RedirectStandardOutput = true })!;
        var statements = new StringBuilder();
        while (await dump.StandardOutput.ReadLineAsync() is { } line)
        {
            // Lines of psql's own, and comments with the versions of the programs of that day.
            if (!line.StartsWith('\\') && !line.StartsWith("--", StringComparison.Ordinal))
            {
                statements.Append(line).Append('\n');
            }
        }

        await dump.WaitForExitAsync();
        return dump.ExitCode == 0 ? statements.ToString() : throw new InvalidOperationException($"pg_dump ended with {dump.ExitCode}");
    }
}
