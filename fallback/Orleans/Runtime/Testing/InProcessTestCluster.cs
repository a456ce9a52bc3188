using System.Collections.ObjectModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Orleans.TestingHost;

/// <summary>What is particular to one silo of a test cluster.</summary>
public sealed class InProcessTestSiloSpecificOptions
{
    public int SiloPort { get; set; }

    public int GatewayPort { get; set; }

    public string SiloName { get; set; } = null!;
}

/// <summary>What the silos of a test cluster have in common.</summary>
public sealed class InProcessTestClusterOptions
{
    public short InitialSilosCount { get; set; }

    public string ClusterId { get; set; } = null!;

    public string ServiceId { get; set; } = null!;

    /// <summary>Whether silos log into files. Here they never do.</summary>
    public bool ConfigureFileLogging { get; set; }

    internal List<Action<InProcessTestSiloSpecificOptions, IHostApplicationBuilder>> Silos { get; } = [];

    internal List<Action<IHostApplicationBuilder>> Clients { get; } = [];
}

/// <summary>Builds a cluster of several silos and a client in the test's own process.</summary>
public sealed class InProcessTestClusterBuilder(short initialSilosCount)
{
    public InProcessTestClusterBuilder()
        : this(2)
    {
    }

    public InProcessTestClusterOptions Options { get; } = new()
    {
        InitialSilosCount = initialSilosCount,
        ClusterId = $"testcluster-{Guid.NewGuid():N}",
        ServiceId = Guid.NewGuid().ToString("N"),
    };

    /// <summary>Configures the hosts of the silos and of the client.</summary>
    public InProcessTestClusterBuilder ConfigureHost(Action<IHostApplicationBuilder> configureDelegate)
    {
        Options.Silos.Add((_, builder) => configureDelegate(builder));
        Options.Clients.Add(configureDelegate);
        return this;
    }

    public InProcessTestClusterBuilder ConfigureSilo(Action<InProcessTestSiloSpecificOptions, ISiloBuilder> configureSiloDelegate)
    {
        Options.Silos.Add((options, builder) => builder.UseOrleans(silo => configureSiloDelegate(options, silo)));
        return this;
    }

    public InProcessTestClusterBuilder ConfigureSiloHost(Action<InProcessTestSiloSpecificOptions, IHostApplicationBuilder> configureSiloHostDelegate)
    {
        Options.Silos.Add(configureSiloHostDelegate);
        return this;
    }

    public InProcessTestClusterBuilder ConfigureClient(Action<IClientBuilder> configureClientDelegate)
    {
        Options.Clients.Add(builder => configureClientDelegate(new HostBuilding(builder.Services, builder.Configuration)));
        return this;
    }

    public InProcessTestClusterBuilder ConfigureClientHost(Action<IHostApplicationBuilder> configureHostDelegate)
    {
        Options.Clients.Add(configureHostDelegate);
        return this;
    }

    public InProcessTestCluster Build() => new(Options);
}

/// <summary>One silo of a test cluster.</summary>
public sealed class InProcessSiloHandle
{
    public string Name { get; init; } = null!;

    public IHost SiloHost { get; init; } = null!;

    public IServiceProvider ServiceProvider => SiloHost.Services;

    public bool IsActive { get; internal set; } = true;
}

/// <summary>Silos and a client in one process. The silos share one directory; a stopped silo's grains come back on the others.</summary>
public sealed class InProcessTestCluster : IDisposable, IAsyncDisposable
{
    private readonly Cluster _cluster = new();
    private readonly List<InProcessSiloHandle> _silos = [];
    private IHost? _client;
    private int _started;

    internal InProcessTestCluster(InProcessTestClusterOptions options) => Options = options;

    public InProcessTestClusterOptions Options { get; }

    public ReadOnlyCollection<InProcessSiloHandle> Silos => _silos.Where(each => each.IsActive).ToList().AsReadOnly();

    public IClusterClient Client => _client?.Services.GetRequiredService<IClusterClient>()
        ?? throw new InvalidOperationException("The cluster is not deployed; call DeployAsync first.");

    /// <summary>The services of the first silo.</summary>
    public IServiceProvider GetSiloServiceProvider() => Silos[0].ServiceProvider;

    public async Task DeployAsync()
    {
        await StartSilosAsync(Options.InitialSilosCount);
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddLogging();
        builder.Services.AddSingleton(_cluster);
        builder.Services.AddSingleton<IClusterClient>(services => new GrainFactory(_cluster, null, services));
        builder.Services.AddSingleton<IGrainFactory>(services => services.GetRequiredService<IClusterClient>());
        foreach (var configure in Options.Clients)
        {
            configure(builder);
        }

        _client = builder.Build();
        await _client.StartAsync();
    }

    public async Task<InProcessSiloHandle> StartAdditionalSiloAsync() => (await StartSilosAsync(1))[0];

    public async Task<List<InProcessSiloHandle>> StartSilosAsync(int silosToStart)
    {
        var started = new List<InProcessSiloHandle>();
        for (var i = 0; i < silosToStart; i++)
        {
            started.Add(await StartSiloAsync());
        }

        return started;
    }

    public async Task StopSiloAsync(InProcessSiloHandle instance)
    {
        if (_silos.Contains(instance) && instance.IsActive)
        {
            instance.IsActive = false;
            await instance.SiloHost.StopAsync();
        }
    }

    public async Task StopAllSilosAsync()
    {
        if (_client is not null)
        {
            await _client.StopAsync();
        }

        foreach (var silo in Silos)
        {
            await StopSiloAsync(silo);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAllSilosAsync();
        _client?.Dispose();
        foreach (var silo in _silos)
        {
            silo.SiloHost.Dispose();
        }
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private async Task<InProcessSiloHandle> StartSiloAsync()
    {
        var number = _started++;
        var options = new InProcessTestSiloSpecificOptions { SiloName = $"Silo_{number}", SiloPort = 10000 + number, GatewayPort = 20000 + number };
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton(_cluster);
        builder.Services.Configure<ClusterOptions>(each => (each.ClusterId, each.ServiceId) = (Options.ClusterId, Options.ServiceId));
        builder.Services.Configure<SiloOptions>(each => each.SiloName = options.SiloName);
        builder.UseOrleans();
        foreach (var configure in Options.Silos)
        {
            configure(options, builder);
        }

        var handle = new InProcessSiloHandle { Name = options.SiloName, SiloHost = builder.Build() };
        await handle.SiloHost.StartAsync();
        _silos.Add(handle);
        return handle;
    }
}
