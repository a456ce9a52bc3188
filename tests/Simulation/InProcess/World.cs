using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Grains;
using Decisioning.Simulation.Tests.Audit;
using Decisioning.Simulation.Tests.Load;
using Decisioning.Simulation.Tests.Torture;
using Decisioning.Storage;
using Decisioning.Storage.Memory;
using Decisioning.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace Decisioning.Simulation.Tests.InProcess;

/// <summary>
/// Engines in this process that share one store and do not know each other: each customer may have an activation in every one of
/// them. One that crashed is left as it stands: what it had under way may still reach the store.
/// </summary>
internal sealed class World : IAsyncDisposable
{
    private static readonly string StrategyFolder = Path.Combine(AppContext.BaseDirectory, "strategy");
    private readonly List<InProcessTestCluster> _clusters = [];
    private readonly Action<IServiceCollection> _addStore;

    private World(Action<IServiceCollection> addStore, ICustomerLog log)
    {
        _addStore = addStore;
        Log = new(log);
        Ledger = new(Findings);
    }

    public Findings Findings { get; } = new();

    public Ledger Ledger { get; }

    public FaultyLog Log { get; }

    public TestClock Clock { get; } = new();

    /// <summary>The engines that callers reach.</summary>
    public IGrainFactory[] Engines { get; } = new IGrainFactory[2];

    /// <summary>Two engines on a store in memory.</summary>
    public static Task<World> StartAsync()
    {
        var store = new MemoryStore();
        return StartAsync(services => services.AddMemoryStorage(store), store);
    }

    /// <summary>Two engines on a store.</summary>
    /// <param name="addStore">Adds all ports of the store.</param>
    /// <param name="log">The log of that store.</param>
    public static async Task<World> StartAsync(Action<IServiceCollection> addStore, ICustomerLog log)
    {
        var world = new World(addStore, log);
        await world.CrashAsync(0);
        var files = Directory.EnumerateFiles(StrategyFolder).Select(file => new Contracts.Messages.StrategyFile(Path.GetFileName(file), File.ReadAllText(file)));
        var published = await world.Engines[0].GetGrain<IStrategyGrain>("default").PublishAsync(new PublishStrategy([.. files], ""));
        Assert.Empty(published.Mistakes);
        await world.CrashAsync(1);
        return world;
    }

    /// <summary>From now on callers reach another engine in the place of this one, which knows nothing but the store.</summary>
    public async Task CrashAsync(int engine)
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton<TimeProvider>(Clock);
            _addStore(silo.Services);
            silo.Services.AddSingleton<ICustomerLog>(Log);
            silo.AddDecisioningGrains();
            silo.Services.Configure<GrainsOptions>(options =>
            {
                options.SnapshotEvery = 5;
                options.SnapshotOnLeaveAfter = 2;
                options.SequenceWaitMax = TimeSpan.FromMilliseconds(2);
            });
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        _clusters.Add(cluster);
        Engines[engine] = cluster.Client;
    }

    /// <summary>Ends all engines and looks at every customer.</summary>
    public async Task<Auditor> AuditAsync(ICustomerLog log, IDecisionLog decisions)
    {
        Log.Heal();
        var auditor = new Auditor(Ledger, Findings, TortureStrategy.Compile(StrategyFolder));
        await auditor.AuditAsync(log, decisions);
        return auditor;
    }

    public IServiceProvider Services => _clusters[0].Silos[0].ServiceProvider;

    public async ValueTask DisposeAsync()
    {
        foreach (var cluster in _clusters)
        {
            await cluster.DisposeAsync();
        }
    }
}
