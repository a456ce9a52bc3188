using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Decisioning.Storage.Postgres;
using Decisioning.Tests.Shared;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Decisioning.Storage.Tests.Postgres;

/// <summary>A schema of its own for one test, and stores on it, one after another or at once.</summary>
internal sealed class TestSchema : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly StorageMeter _meter;
    private readonly List<PostgresStore> _stores = [];

    public TestSchema(string? connectionString = null)
    {
        ConnectionString = connectionString ?? TestPostgres.ConnectionString;
        Options.Postgres.ConnectionString = ConnectionString;
        Options.Postgres.Schema = Name;
        using var factory = new OwnMeters();
        _meter = new(factory);
        _listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument is Counter<long> && ReferenceEquals(instrument.Meter.Scope, factory))
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Counted.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        _listener.Start();
    }

    /// <summary>What the stores counted, by the instrument's name.</summary>
    public ConcurrentDictionary<string, long> Counted { get; } = [];

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
        _listener.Dispose();
        _meter.Dispose();
        Execute($"DROP SCHEMA IF EXISTS {Name} CASCADE");
    }

    // Other tests have stores too: the scope tells whose meter it is.
    private sealed class OwnMeters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(new MeterOptions(options.Name) { Scope = this });

        public void Dispose()
        {
        }
    }
}
