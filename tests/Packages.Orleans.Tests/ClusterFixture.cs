using Decisioning.PackageTests;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Serialization.Configuration;
using Orleans.Storage;
using Orleans.TestingHost;

[assembly: AssemblyFixture(typeof(ClusterFixture))]

namespace Decisioning.PackageTests;

/// <summary>One cluster of two silos for all tests; each test uses keys of its own.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    /// <summary>How long the streams of the provider "brief" keep what was published.</summary>
    public static readonly TimeSpan Briefly = TimeSpan.FromSeconds(1);

    public InProcessTestCluster Cluster { get; private set; } = null!;

    public IClusterClient Client => Cluster.Client;

    public async ValueTask InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(2) { Options = { ConfigureFileLogging = false } };
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMemoryGrainStorageAsDefault();
            silo.AddMemoryGrainStorage("PubSubStore");
            silo.AddMemoryStreams("memory");
            silo.AddMemoryStreams("brief");
            silo.Services.Configure<StreamCacheEvictionOptions>("brief", cache => (cache.DataMinTimeInCache, cache.DataMaxAgeInCache, cache.MetadataMinTimeInCache) = (Briefly, Briefly, Briefly));
            silo.Services.AddKeyedSingleton<IGrainStorage, DictionaryStorage>("dictionary");
            silo.Services.AddSingleton<Shelf>();
            silo.Services.AddScoped<ScopedThing>();
            silo.AddIncomingGrainCallFilter<NotingFilter>();

            // One interface of these tests cannot be called, on purpose; a silo that looks at its start would refuse to start.
            silo.Configure<TypeManifestOptions>(options => options.EnableConfigurationAnalysis = false);
            silo.Configure<GrainCollectionOptions>(options =>
            {
                options.CollectionQuantum = TimeSpan.FromSeconds(1);
                options.ClassSpecificCollectionAge[typeof(ShortLivedGrain).FullName!] = TimeSpan.FromSeconds(2);
            });
        });
        builder.ConfigureClient(client => client.AddMemoryStreams("memory").AddMemoryStreams("brief").Configure<TypeManifestOptions>(options => options.EnableConfigurationAnalysis = false));
        Cluster = builder.Build();
        await Cluster.DeployAsync();
    }

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}

/// <summary>A singleton of each silo.</summary>
public sealed class Shelf;

/// <summary>A service with one instance for each activation.</summary>
public sealed class ScopedThing
{
    public Guid Id { get; } = Guid.NewGuid();
}
