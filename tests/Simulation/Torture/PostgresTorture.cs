using Decisioning.Simulation.Tests.Torture.Faults;
using Decisioning.Tests.Shared;

namespace Decisioning.Simulation.Tests.Torture;

/// <summary>A PostgreSQL server of the torture's own, which waits for the disk as in use.</summary>
internal sealed class PostgresTorture : TortureStore
{
    private readonly PostgresServer _server = PostgresServer.Start(sync: true, "deadlock_timeout = 100ms");
    private SmallDisk? _disk;

    public override string Name => "postgres";

    public override string[] Arguments => ["--storage", "postgres", "--postgres", _server.ConnectionString];

    // Sessions of the torturer's own: one kept from before a fault may be one that the fault broke.
    private string Session => _server.ConnectionString + ";Pooling=false;Application Name=torture";

    protected override Dictionary<string, string?> Settings => new()
    {
        ["Storage:Kind"] = "postgres",
        ["Storage:Postgres:ConnectionString"] = _server.ConnectionString,
    };

    public override async Task<IReadOnlyList<Fault>> FaultsAsync()
    {
        List<Fault> faults =
        [
            new StoppedServer(_server, immediately: false),
            new StoppedServer(_server, immediately: true),
            new CutConnections(Session),
            new FrozenServer(_server),
            new LockedTable(Session),
            new Deadlocks(_server, Session),
        ];
        if (_disk is null && (_disk = SmallDisk.TryMount(megabytes: 48, owner: "postgres")) is { } disk)
        {
            // The events on a disk of their own: where the server's own files find no room, it ends, as in `crash`.
            await Sql.RunAsync(Session, $"CREATE TABLESPACE small LOCATION '{disk.Folder}'");
            await Sql.RunAsync(Session, "ALTER TABLE decisioning.event SET TABLESPACE small");
            faults.Add(new FullDisk(disk));
        }

        return faults;
    }

    public override ValueTask DisposeAsync()
    {
        _server.Dispose();
        _disk?.Dispose();
        return default;
    }
}
