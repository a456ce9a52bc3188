using Decisioning.Contracts;
using Decisioning.Grains.Customers;
using Decisioning.Grains.Due;
using Decisioning.Grains.Retention;
using Decisioning.Grains.Strategies;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Decisioning.Grains;

/// <summary>Adds the grains to a silo.</summary>
public static class GrainsModule
{
    /// <summary>How often the packages look for what was published on a stream: eight queues, a look each costs microseconds.</summary>
    private static readonly TimeSpan WatchPollEvery = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// How long the packages keep what was published, read or not. Left to themselves they keep half an hour: at the 100 bytes
    /// that one decision was seen to add, 360 MB where 2,000 are made a second.
    /// </summary>
    private static readonly TimeSpan ChangesKeptFor = TimeSpan.FromSeconds(10);

    /// <summary>Adds the grains, what serves them, and the streams of changes. The storage ports are added by whoever hosts.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="addStorage">
    /// Adds one of <see cref="GrainStorages"/> to the silo, where all silos of the cluster share it. Default: in memory, right for a
    /// cluster of one process.
    /// </param>
    public static ISiloBuilder AddDecisioningGrains(this ISiloBuilder silo, Action<ISiloBuilder, string>? addStorage = null)
    {
        silo.Services.AddOptions<GrainsOptions>().BindConfiguration(GrainsOptions.Section).ValidateOnStart();
        silo.Services.AddSingleton<IValidateOptions<GrainsOptions>, GrainsOptionsValidator>();
        silo.Services.TryAddSingleton(TimeProvider.System);

        // Orleans activates no grain while a clock stands before the last instant at which it looked for idle ones: one set back by an hour
        // would stop the engine for that long.
        silo.Services.AddKeyedSingleton<TimeProvider>(TimeProviderNames.ActivationManagement, new SteadyClock(TimeProvider.System));
        silo.Services.TryAddSingleton(typeof(GrainReferences<>));
        silo.Services.AddSingleton<GrainMeter>();
        silo.Services.AddSingleton<StrategyCatalog>();
        silo.Services.AddSingleton<CustomerServices>();
        silo.Services.AddSingleton<SnapshotWriter>();
        silo.Services.AddSingleton<ChangePublisher>();
        silo.Services.AddHostedService(services => services.GetRequiredService<SnapshotWriter>());
        silo.Services.AddHostedService(services => services.GetRequiredService<ChangePublisher>());
        silo.Services.AddHostedService<StrategyRefresher>();
        silo.Services.AddHostedService<StrategyWarmer>();
        silo.Services.AddDue(new LeaseStorage(OutlivesSilo: addStorage is not null));
        silo.Services.AddSingleton<CustomerReduction>();
        silo.Services.AddSingleton<RetentionPass>();
        silo.Services.AddHostedService<RetentionService>();
        silo.AddMemoryStreams(Streams.Provider);

        // A watcher sees a change within 50 ms; the packages' own 100 ms would be twice that.
        silo.Services.Configure<StreamPullingAgentOptions>(Streams.Provider, agent => agent.GetQueueMsgsTimerPeriod = WatchPollEvery);
        silo.Services.Configure<StreamCacheEvictionOptions>(
            Streams.Provider,
            cache => (cache.DataMinTimeInCache, cache.DataMaxAgeInCache, cache.MetadataMinTimeInCache) = (ChangesKeptFor / 2, ChangesKeptFor, ChangesKeptFor));
        foreach (var name in GrainStorages.All)
        {
            (addStorage ?? AddInMemory)(silo, name);
        }

        return silo;
    }

    private static void AddDue(this IServiceCollection services, LeaseStorage leases)
    {
        services.AddSingleton(leases);
        services.AddOptions<DueOptions>().BindConfiguration(DueOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<DueOptions>, DueOptionsValidator>();
        services.AddSingleton<DueServices>();
        services.AddHostedService<DueKeeper>();
        services.AddHostedService<DueSpreader>();
    }

    private static void AddInMemory(ISiloBuilder silo, string name) => silo.AddMemoryGrainStorage(name);
}
