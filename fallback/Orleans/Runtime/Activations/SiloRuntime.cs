using System.Collections.Frozen;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Serialization.Configuration;

namespace Orleans.Runtime;

/// <summary>A silo: the services its grains use, their clock, their collection.</summary>
internal sealed partial class SiloRuntime
{
    private readonly FrozenSet<Type> _singletons;
    private readonly ILogger _logger;
    private Timer? _collector;

    public SiloRuntime(IServiceProvider services, Cluster cluster, ServiceLifetimes lifetimes, IOptions<SiloOptions> options)
    {
        (Services, Cluster) = (services, cluster);
        Name = options.Value.SiloName ?? $"Silo_{Guid.NewGuid():N}"[..10];
        Messaging = services.GetRequiredService<IOptions<SiloMessagingOptions>>().Value;
        Collection = services.GetRequiredService<IOptions<GrainCollectionOptions>>().Value;
        GrainTime = services.GetKeyedService<TimeProvider>(TimeProviderNames.Grains) ?? services.GetService<TimeProvider>() ?? TimeProvider.System;
        _logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Orleans.Silo");
        _singletons = lifetimes.Singletons();
        var filters = services.GetServices<IIncomingGrainCallFilter>().ToArray();
        IncomingFilters = filters.Length == 0 ? null : filters;
        GrainFactory = new(cluster, this, services);
    }

    public string Name { get; }

    public IServiceProvider Services { get; }

    public Cluster Cluster { get; }

    public SiloMessagingOptions Messaging { get; }

    public GrainCollectionOptions Collection { get; }

    public TimeProvider GrainTime { get; }

    public IIncomingGrainCallFilter[]? IncomingFilters { get; }

    public GrainFactory GrainFactory { get; }

    public bool IsActive { get; private set; }

    public bool IsSingleton(Type type) => _singletons.Contains(type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type);

    public void Start()
    {
        if (Collection.CollectionAge <= Collection.CollectionQuantum)
        {
            throw new OrleansConfigurationException(
                $"`CollectionAge` ({Collection.CollectionAge}) must be longer than `CollectionQuantum` ({Collection.CollectionQuantum})");
        }

        if (Services.GetRequiredService<IOptions<TypeManifestOptions>>().Value.EnableConfigurationAnalysis != false)
        {
            Cluster.Classes(Collection).CheckInterfaces();
        }

        IsActive = true;
        Cluster.Join(this);
        _collector = new(static silo => ((SiloRuntime)silo!).Collect(), this, Collection.CollectionQuantum, Collection.CollectionQuantum);
    }

    /// <summary>Takes no new activations and ends those there are; waits for them as long as one deactivation may take.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        IsActive = false;
        Cluster.Leave(this);
        if (_collector is { } collector)
        {
            await collector.DisposeAsync();
        }

        var reason = new DeactivationReason(DeactivationReasonCode.ShuttingDown, "This process is terminating.");
        var ending = Cluster.Directory.Activations.Where(each => each.Silo == this).ToArray();
        await Task.WhenAll(ending.Select(activation =>
        {
            activation.Deactivate(reason);
            return activation.Deactivated;
        })).WaitAsync(Collection.DeactivationTimeout, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Collect()
    {
        var now = Environment.TickCount64;
        foreach (var activation in Cluster.Directory.Activations.Where(each => each.Silo == this))
        {
            activation.CollectIfIdle(now);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Activating {GrainId} failed")]
    public partial void LogActivationFailure(GrainId grainId, Exception exception);

    [LoggerMessage(2, LogLevel.Error, "Deactivating {GrainId} failed")]
    public partial void LogDeactivationFailure(GrainId grainId, Exception exception);

    [LoggerMessage(3, LogLevel.Warning, "A timer of {GrainId} failed")]
    public partial void LogTimerFailure(GrainId grainId, Exception exception);

    [LoggerMessage(4, LogLevel.Warning, "One-way call {Call} failed")]
    public partial void LogOneWayFailure(GrainCall call, Exception exception);

    [LoggerMessage(6, LogLevel.Warning, "{GrainId} has a subscription to stream {StreamId} that this activation has not resumed; the event is dropped")]
    public partial void LogStreamWithoutObserver(StreamId streamId, GrainId grainId);

    [LoggerMessage(5, LogLevel.Error, "An event of stream {StreamId} failed in its subscriber")]
    public partial void LogStreamFailure(StreamId streamId, Exception exception);
}

/// <summary>The service registrations of a host, read once it is built.</summary>
internal sealed class ServiceLifetimes(IServiceCollection services)
{
    /// <summary>Services that are singletons and nothing else, so that they need no scope.</summary>
    public FrozenSet<Type> Singletons() => services.Where(each => !each.IsKeyedService).GroupBy(each => each.ServiceType)
        .Where(group => group.All(each => each.Lifetime == ServiceLifetime.Singleton))
        .Select(group => group.Key).ToFrozenSet();
}
