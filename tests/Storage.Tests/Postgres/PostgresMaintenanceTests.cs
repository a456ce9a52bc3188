using System.Diagnostics;
using Decisioning.Storage.Maintenance;
using Decisioning.Storage.Postgres;
using Decisioning.Tests.Shared;
using Npgsql;

namespace Decisioning.Storage.Tests.Postgres;

/// <summary>A store on PostgreSQL looked after from outside: counted, brought up to date, copied and restored by PostgreSQL's own programs.</summary>
public sealed class PostgresMaintenanceTests : IDisposable
{
    private readonly TestSchema _schema = new();
    private readonly string _dump = Path.Combine(Path.GetTempPath(), $"decisioning-{Guid.NewGuid():N}.dump");

    [Fact]
    public async Task A_dump_made_while_events_are_written_holds_what_was_acknowledged_before_it_and_goes_on()
    {
        Assert.SkipWhen(PostgresServer.Programs is null, "pg_dump is not installed");
        await using var underway = new Underway(_schema.Open());
        var acknowledged = await underway.AcknowledgedAsync();

        // The very command that `decide db backup` names.
        Run(Refusal(() => StoreMaintenance.Backup(_schema.Options, _dump)).Split(": ")[^1]);

        using var restored = new RestoredDatabase(_schema, _dump, Run);
        await Underway.AssertHoldsAsync(restored.Store, acknowledged);
    }

    [Fact]
    public async Task Status_counts_beside_a_running_engine()
    {
        var store = _schema.Open();
        await store.AppendAsync(Samples.Customer(1), 0, new Samples(1).Events(0, 10), dueAt: Samples.Start, CancellationToken.None);
        await store.AppendAsync(Samples.Customer(2), 0, new Samples(2).Events(0, 3), dueAt: null, CancellationToken.None);

        var status = StoreMaintenance.Status(_schema.Options);

        Assert.Equal((StorageKind.Postgres, PostgresMigrator.Newest, false), (status.Kind, status.Schema, status.IsNewer));
        Assert.Equal([("customers", 2), ("events", 13), ("decisions", 0), ("snapshots", 0), ("due rows", 1), ("bases", 0), ("strategies", 0), ("keys", 0), ("audit rows", 0)], status.Counts);
        Assert.InRange(status.Bytes, 1, 100_000_000);
    }

    [Fact]
    public void Migrating_makes_what_is_missing_once_and_status_before_it_changes_nothing()
    {
        var before = StoreMaintenance.Status(_schema.Options);
        Assert.Equal((0, PostgresMigrator.Newest), (before.Schema, before.Pending.Length));
        Assert.Equal(0L, _schema.Execute($"SELECT count(*) FROM pg_namespace WHERE nspname = '{_schema.Name}'"));

        Assert.Equal(PostgresMigrator.Newest, StoreMaintenance.Migrate(_schema.Options).After.Schema);
        Assert.Equal(PostgresMigrator.Newest, StoreMaintenance.Migrate(_schema.Options).Before.Schema);
        _schema.Execute($"INSERT INTO schema_version (version, name) VALUES ({PostgresMigrator.Newest + 1}, 'future')");
        Assert.True(StoreMaintenance.Status(_schema.Options).IsNewer);
        Assert.Contains("start a newer program", Refusal(() => StoreMaintenance.Migrate(_schema.Options)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CREATE TABLE {0}.customer (name text)")]
    [InlineData("CREATE TABLE {0}.schema_version (number int)")]
    [InlineData("CREATE SEQUENCE {0}.numbers")]
    public void Another_programs_schema_is_refused_by_status_and_by_an_engine_alike(string theirs)
    {
        _schema.Execute($"CREATE SCHEMA {_schema.Name}; {string.Format(System.Globalization.CultureInfo.InvariantCulture, theirs, _schema.Name)}");

        Assert.Contains("another program's tables; choose another with `--schema`", Refusal(() => StoreMaintenance.Status(_schema.Options)), StringComparison.Ordinal);
        Assert.Contains("another program's tables; choose another with `Storage:Postgres:Schema`", Refusal(() => _schema.Open()), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _schema.Dispose();
        File.Delete(_dump);
    }

    private static string Refusal(Action action) => Assert.Throws<StoreRefusedException>(action).Message;

    private static void Run(string command)
    {
        var words = command.Split(' ');
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(PostgresServer.Programs!, words[0]), words[1..]) { RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{command}: {errors}");
    }

    /// <summary>A database made of a dump, with a store on it.</summary>
    private sealed class RestoredDatabase : IDisposable
    {
        private readonly TestSchema _source;
        private readonly string _name = $"restored_{Guid.NewGuid():N}";
        private readonly StorageMeter _meter = new(null);

        public RestoredDatabase(TestSchema source, string dump, Action<string> run)
        {
            _source = source;
            source.Execute($"CREATE DATABASE {_name}");
            var server = new NpgsqlConnectionStringBuilder(source.ConnectionString) { Database = _name };
            run($"pg_restore --no-owner --exit-on-error --host={server.Host} --port={server.Port} --username={server.Username} --dbname={_name} {dump}");
            var options = new StorageOptions { Kind = StorageKind.Postgres, Postgres = { ConnectionString = server.ConnectionString, Schema = source.Name } };
            Store = new(Microsoft.Extensions.Options.Options.Create(options), _meter, Microsoft.Extensions.Logging.Abstractions.NullLogger<PostgresStore>.Instance);
        }

        public PostgresStore Store { get; }

        public void Dispose()
        {
            Store.Dispose();
            _meter.Dispose();
            _source.Execute($"DROP DATABASE {_name} WITH (FORCE)");
        }
    }
}
