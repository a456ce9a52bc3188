using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Microsoft.Extensions.Hosting;

public static class OrleansSiloGenericHostExtensions
{
    /// <summary>Runs a silo in this host. May be called several times; each call configures the same silo.</summary>
    public static IHostApplicationBuilder UseOrleans(this IHostApplicationBuilder hostAppBuilder, Action<ISiloBuilder> configureDelegate)
    {
        Add(hostAppBuilder.Services, hostAppBuilder.Configuration, configureDelegate);
        return hostAppBuilder;
    }

    public static IHostApplicationBuilder UseOrleans(this IHostApplicationBuilder hostAppBuilder) => hostAppBuilder.UseOrleans(static _ => { });

    public static HostApplicationBuilder UseOrleans(this HostApplicationBuilder hostAppBuilder, Action<ISiloBuilder> configureDelegate)
    {
        Add(hostAppBuilder.Services, hostAppBuilder.Configuration, configureDelegate);
        return hostAppBuilder;
    }

    public static HostApplicationBuilder UseOrleans(this HostApplicationBuilder hostAppBuilder) => hostAppBuilder.UseOrleans(static _ => { });

    public static IHostBuilder UseOrleans(this IHostBuilder hostBuilder, Action<HostBuilderContext, ISiloBuilder> configureDelegate) =>
        hostBuilder.ConfigureServices((context, services) => Add(services, context.Configuration, builder => configureDelegate(context, builder)));

    public static IHostBuilder UseOrleans(this IHostBuilder hostBuilder, Action<ISiloBuilder> configureDelegate) =>
        hostBuilder.UseOrleans((_, builder) => configureDelegate(builder));

    private static void Add(IServiceCollection services, IConfiguration configuration, Action<ISiloBuilder> configureDelegate)
    {
        if (!services.Any(static each => each.ServiceType == typeof(SiloRuntime)))
        {
            services.AddLogging();
            services.AddOptions();
            services.TryAddSingleton<Cluster>();
            services.TryAddSingleton(TimeProvider.System);
            services.AddSingleton(new ServiceLifetimes(services));
            services.AddSingleton<SiloRuntime>();
            services.AddSingleton<IClusterClient>(static provider => provider.GetRequiredService<SiloRuntime>().GrainFactory);
            services.AddSingleton<IGrainFactory>(static provider => provider.GetRequiredService<SiloRuntime>().GrainFactory);
            services.AddSingleton<IGrainContextAccessor, CurrentGrainContext>();
            services.AddHostedService<SiloHost>();
        }

        configureDelegate(new HostBuilding(services, configuration));
    }

    private sealed class CurrentGrainContext : IGrainContextAccessor
    {
        public IGrainContext GrainContext => RuntimeContext.Current!;
    }
}

/// <summary>Starts and stops a silo with its host.</summary>
internal sealed class SiloHost(SiloRuntime silo, IEnumerable<ILifecycleParticipant<ISiloLifecycle>> participants) : IHostedService
{
    private readonly Lifecycle _lifecycle = new();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _lifecycle.Subscribe("silo", ServiceLifecycleStage.BecomeActive, _ =>
        {
            silo.Start();
            return Task.CompletedTask;
        });
        foreach (var participant in participants)
        {
            participant.Participate(_lifecycle);
        }

        try
        {
            await _lifecycle.StartAsync(cancellationToken);
        }
        catch
        {
            // A host that fails to start is never asked to stop.
            await StopAsync(CancellationToken.None);
            throw;
        }
    }

    /// <summary>What began when the silo was active ends first, then the grains, then what the grains used.</summary>
    public Task StopAsync(CancellationToken cancellationToken) =>
        _lifecycle.StopAsync(cancellationToken, ServiceLifecycleStage.BecomeActive, () => silo.StopAsync(cancellationToken));
}
