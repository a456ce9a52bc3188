using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Customers;
using Decisioning.Grains.Due;
using Decisioning.Storage;
using Decisioning.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Storage;
using Orleans.Streams;
using Orleans.TestingHost;

namespace Decisioning.Grains.Tests.Support;

/// <summary>Silos on the embedded store with a clock that the test moves. Tests use tenants and customers of their own.</summary>
public sealed class TestEngine : IAsyncLifetime
{
    private static int _names;
    private readonly short _silos;
    private readonly bool _ownsStore;
    private readonly bool _sweeps;
    private InProcessTestCluster _cluster = null!;

    /// <summary>For the tests that share one silo.</summary>
    public TestEngine()
        : this(1, TestStore.Opened(), new TestClock(), ownsStore: true)
    {
    }

    internal TestEngine(short silos, TestStore store, TestClock clock, bool ownsStore = false, bool sweeps = false) =>
        (_silos, Store, Clock, _ownsStore, _sweeps) = (silos, store, clock, ownsStore, sweeps);

    internal TestStore Store { get; }

    private Action<GrainsOptions>? Configure { get; init; }

    private IGrainStorage? Leases { get; init; }

    private Arrivals? Arrivals { get; init; }

    internal TestClock Clock { get; }

    internal IGrainFactory Grains => _cluster.Client;

    internal IServiceProvider Silo(int index) => _cluster.Silos[index].ServiceProvider;

    /// <summary>Starts silos on a store; whoever asks disposes them.</summary>
    /// <param name="store">Where the log is.</param>
    /// <param name="clock">What the silos take for now.</param>
    /// <param name="silos">How many.</param>
    /// <param name="sweeps">Whether customers are woken when they are due. Else time acts on them with their next event only.</param>
    /// <param name="configure">Further settings; null for none.</param>
    /// <param name="leases">Where who sweeps is kept; null for a place of its own.</param>
    /// <param name="arrivals">What is told of calls that arrive; null for nothing.</param>
    internal static async Task<TestEngine> StartAsync(
        TestStore store,
        TestClock clock,
        short silos = 1,
        bool sweeps = false,
        Action<GrainsOptions>? configure = null,
        IGrainStorage? leases = null,
        Arrivals? arrivals = null)
    {
        var engine = new TestEngine(silos, store, clock, sweeps: sweeps) { Configure = configure, Leases = leases, Arrivals = arrivals };
        await engine.InitializeAsync();
        return engine;
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(_silos) { Options = { ConfigureFileLogging = false } };
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton<TimeProvider>(Clock);
            silo.Services.AddSingleton<ICustomerLog>(Store.Log);
            silo.Services.AddSingleton<IDueTable>(Store.Due);
            silo.Services.AddSingleton(Store.Decisions);
            silo.Services.AddSingleton(Store.Strategies);
            silo.Services.AddSingleton(Store.Retention);
            silo.Services.AddSingleton<IErasure>(Store.Erasure);
            silo.Services.AddSingleton(Store.Kept);
            silo.Services.Configure<StorageOptions>(options => (options.Retention.Decisions, options.Retention.StepPause) = (TimeSpan.FromDays(90), TimeSpan.Zero));
            silo.AddDecisioningGrains(Leases is null ? null : AddStorage);
            if (Arrivals is not null)
            {
                silo.AddIncomingGrainCallFilter(Arrivals);
            }

            if (!_sweeps)
            {
                silo.Services.Remove(silo.Services.Single(service => service.ImplementationType == typeof(DueKeeper)));
                silo.Services.Remove(silo.Services.Single(service => service.ImplementationType == typeof(DueSpreader)));
            }

            silo.Services.Configure<DueOptions>(options =>
            {
                options.SweepEvery = TimeSpan.FromMilliseconds(10);
                options.KeepEvery = TimeSpan.FromMilliseconds(50);
            });
            silo.Services.Configure<GrainsOptions>(options =>
            {
                // Every customer goes to rest as soon as another is asked for.
                options.OpenCustomersMax = 1;
                options.SnapshotEvery = 5;
                options.SnapshotOnLeaveAfter = 2;
                options.SequenceWaitMax = TimeSpan.FromSeconds(3);
                options.ChangeFlushEvery = TimeSpan.FromMilliseconds(5);
                options.StrategyPollEvery = TimeSpan.FromMilliseconds(20);
                Configure?.Invoke(options);
            });
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    private void AddStorage(ISiloBuilder silo, string name)
    {
        if (name == GrainStorages.LowRate)
        {
            silo.Services.AddKeyedSingleton(name, Leases!);
        }
        else
        {
            silo.AddMemoryGrainStorage(name);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        if (_ownsStore)
        {
            await Store.DisposeAsync();
        }
    }

    internal static string NewTenant() => $"t{Interlocked.Increment(ref _names)}";

    /// <summary>A customer of a tenant of its own, whose strategy is in force.</summary>
    internal async Task<TestCustomer> CustomerAsync(string strategy = TestStrategies.Shop)
    {
        var tenant = NewTenant();
        await PublishAsync(tenant, strategy);
        return Customer(tenant, "ann");
    }

    internal TestCustomer Customer(string tenant, string id) => new(this, CustomerKey.User(tenant, id));

    internal async Task<PublishedStrategy> PublishAsync(string tenant, string yaml)
    {
        var reply = await Grains.GetGrain<IStrategyGrain>(tenant).PublishAsync(Publishing.Of(yaml));
        Assert.Empty(reply.Mistakes);
        return reply.InForce!;
    }

    /// <summary>The stream of changes, as a client sees it.</summary>
    internal IAsyncStream<T> Stream<T>(string streamNamespace, string key) =>
        Silo(0).GetRequiredKeyedService<IStreamProvider>(Streams.Provider).GetStream<T>(StreamId.Create(streamNamespace, key));
}

/// <summary>Tests that share one silo.</summary>
[CollectionDefinition]
public sealed class SharedEngine : ICollectionFixture<TestEngine>;
