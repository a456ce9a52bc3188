using Decisioning.Storage.Postgres;
using Decisioning.Tests.Shared;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Decisioning.Storage.Tests.Postgres;

/// <summary>A schema of its own for one test, and stores on it, one after another or at once.</summary>
internal sealed class TestSchema : IDisposable
{
    private readonly StorageMeter _meter = new(null);
    private readonly List<PostgresStore> _stores = [];

    public TestSchema(string? connectionString = null)
    {
        ConnectionString = connectionString ?? TestPostgres.ConnectionString;
        Options.Postgres.ConnectionString = ConnectionString;
        Options.Postgres.Schema = Name;
    }

    public string Name { get; } = TestPostgres.NewSchema();

    public string ConnectionString { get; }

    public StorageOptions Options { get; } = new() { Kind = StorageKind.Postgres };

    /// <summary>A store as a silo has it; closed with the schema at the latest.</summary>
    public PostgresStore Open(ILogger<PostgresStore>? logger = null)
    {
        var store = new PostgresStore(Microsoft.Extensions.Options.Options.Create(Options), _meter, logger ?? NullLogger<PostgresStore>.Instance);
        _stores.Add(store);
        return store;
    }

    /// <summary>Runs something beside the stores, the schema first in the search path.</summary>
    public object? Execute(string sql)
    {
        using var connection = Connect();
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }

    public NpgsqlConnection Connect()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { SearchPath = Name, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }

    public void Dispose()
    {
        _stores.ForEach(store => store.Dispose());
        _meter.Dispose();
        Execute($"DROP SCHEMA IF EXISTS {Name} CASCADE");
    }
}
