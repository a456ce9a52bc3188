using System.Collections.Concurrent;
using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Customers;
using Decisioning.Grains;
using Decisioning.Simulation.Tests.Audit;
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
    private readonly List<InProcessTestCluster> _clusters = [];
    private readonly ConcurrentDictionary<CustomerKey, FaultScript> _scripts = new();
    private readonly List<FaultyLog> _logs = [];
    private readonly Func<IServiceProvider> _openStore;

    private World(Func<IServiceProvider> openStore)
    {
        _openStore = openStore;
        Ledger = new(Findings);
    }

    public Findings Findings { get; } = new();

    public Ledger Ledger { get; }

    /// <summary>Appends that lost to another activation.</summary>
    public int Conflicts => _logs.Sum(log => log.Conflicts);

    public TestClock Clock { get; } = new();

    /// <summary>The engines that callers reach.</summary>
    public IGrainFactory[] Engines { get; } = new IGrainFactory[2];

    /// <summary>Two engines on a store in memory.</summary>
    public static Task<World> StartAsync()
    {
        var services = new ServiceCollection().AddMemoryStorage(new MemoryStore()).BuildServiceProvider();
        return StartAsync(() => services);
    }

    /// <summary>Two engines on a store.</summary>
    /// <param name="openStore">Opens it for an engine; may give the same one to all.</param>
    public static async Task<World> StartAsync(Func<IServiceProvider> openStore)
    {
        var world = new World(openStore);
        await world.CrashAsync(0);
        var files = Directory.EnumerateFiles(TortureStrategy.Folder).Select(file => new Contracts.Messages.StrategyFile(Path.GetFileName(file), File.ReadAllText(file)));
        var published = await world.Engines[0].GetGrain<IStrategyGrain>("default").PublishAsync(new PublishStrategy([.. files], ""));
        Assert.Empty(published.Mistakes);
        await world.CrashAsync(1);
        return world;
    }

    /// <summary>Lets a customer's calls to the log meet with faults.</summary>
    public void Play(CustomerKey customer, FaultScript script) => _scripts[customer] = script;

    /// <summary>From now on callers reach another engine in the place of this one, which knows nothing but the store.</summary>
    public async Task CrashAsync(int engine)
    {
        var store = _openStore();
        var log = new FaultyLog(store.GetRequiredService<ICustomerLog>(), _scripts);
        var builder = new InProcessTestClusterBuilder(1) { Options = { ConfigureFileLogging = false } };
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton<TimeProvider>(Clock);
            silo.Services.AddSingleton<ICustomerLog>(log);
            silo.Services.AddSingleton(store.GetRequiredService<IDecisionLog>());
            silo.Services.AddSingleton(store.GetRequiredService<IStrategyStore>());
            silo.Services.AddSingleton(store.GetRequiredService<IDueTable>());
            silo.Services.AddSingleton(store.GetRequiredService<IRetention>());
            silo.Services.AddSingleton(store.GetRequiredService<IErasure>());
            silo.Services.AddSingleton(store.GetRequiredService<IKeptRows>());
            silo.Services.AddSingleton(store.GetRequiredService<IKeyStore>());
            silo.Services.AddSingleton(store.GetRequiredService<IAuditLog>());
            silo.AddDecisioningGrains();
            silo.Services.Configure<GrainsOptions>(options =>
            {
                options.OpenCustomersMax = 2;
                options.SnapshotEvery = 5;
                options.SnapshotOnLeaveAfter = 2;
                options.SequenceWaitMax = TimeSpan.FromMilliseconds(2);
            });
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        _clusters.Add(cluster);
        _logs.Add(log);
        Engines[engine] = cluster.Client;
    }

    /// <summary>Looks at every customer.</summary>
    public async Task<Auditor> AuditAsync()
    {
        _scripts.Clear();
        var auditor = new Auditor(Ledger, Findings, TortureStrategy.Compile(TortureStrategy.Folder));
        await auditor.AuditAsync(_logs[0], _clusters[0].Silos[0].ServiceProvider.GetRequiredService<IDecisionLog>());
        return auditor;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var cluster in _clusters)
        {
            await cluster.DisposeAsync();
        }
    }
}
