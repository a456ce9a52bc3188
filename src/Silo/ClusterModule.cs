using Decisioning.Grains;
using Decisioning.Storage;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Storage;

namespace Decisioning.Silo;

/// <summary>The cluster that the silo is part of: its own, or that of all silos on one database.</summary>
internal static class ClusterModule
{
    private const string Npgsql = "Npgsql";

    // Who cannot reach a living silo after the wait of ClusterEntry has a network to be mended.
    private static readonly TimeSpan JoinMax = TimeSpan.FromSeconds(30);

    /// <summary>Adds the silo with its grains, alone or in a cluster as <see cref="SiloClusterOptions"/> say.</summary>
    /// <exception cref="OptionsValidationException">The settings of the cluster cannot be meant.</exception>
    public static WebApplicationBuilder UseCluster(this WebApplicationBuilder builder)
    {
        var cluster = Options(builder.Configuration);
        builder.Services.AddSingleton(services => new ClusterEntry(
            cluster,
            services.GetRequiredService<IOptions<StorageOptions>>().Value,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<ClusterEntry>>()));
        Ports.RefuseTaken(cluster.Address!, cluster.SiloPort, $"--{SiloClusterOptions.Section}:{nameof(SiloClusterOptions.SiloPort)}");
        Ports.RefuseTaken(cluster.Address!, cluster.GatewayPort, $"--{SiloClusterOptions.Section}:{nameof(SiloClusterOptions.GatewayPort)}");
        var port = cluster.SiloPort == 0 ? Ports.Free(cluster.Address!) : cluster.SiloPort;
        builder.UseOrleans(silo =>
        {
            if (Traces.IsWanted(builder.Configuration))
            {
                silo.AddActivityPropagation();
            }

            if (cluster.Mode == ClusterMode.Single)
            {
                // Its id holds its port, so that two engines on one host never meet.
                silo.UseLocalhostClustering(port, cluster.GatewayPort, serviceId: cluster.ServiceId, clusterId: $"{cluster.ClusterId}-{port}");
                silo.AddDecisioningGrains();
            }
            else
            {
                silo.UsePostgres(cluster, port, Connection(builder.Configuration, cluster));
            }
        });
        return builder;
    }

    private static ISiloBuilder UsePostgres(this ISiloBuilder silo, SiloClusterOptions cluster, int port, string connection)
    {
        silo.ConfigureEndpoints(cluster.Address!, port, cluster.GatewayPort);
        silo.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (Npgsql, connection));
        silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster.ClusterId, cluster.ServiceId));
        silo.Configure<ClusterMembershipOptions>(options =>
        {
            options.ProbeTimeout = cluster.ProbeTimeout;
            options.NumMissedProbesLimit = cluster.MissedProbesMax;
            options.NumVotesForDeathDeclaration = cluster.DeathVotes;
            options.IAmAliveTablePublishTimeout = cluster.AliveEvery;
            options.NumMissedTableIAmAliveLimit = SiloClusterOptions.AliveMissedMax;
            options.MaxJoinAttemptTime = JoinMax;
        });

        // Subscriptions are states of Orleans' own types, which only its own serializer knows whole; ours are for people to read.
        silo.Services.AddKeyedSingleton<IGrainStorageSerializer, OrleansGrainStorageSerializer>(GrainStorages.Subscriptions);
        silo.Services.AddKeyedSingleton<IGrainStorageSerializer, SystemTextJsonGrainStorageSerializer>(GrainStorages.LowRate);
        return silo.AddDecisioningGrains((to, name) =>
            to.AddAdoNetGrainStorage(name, options => (options.Invariant, options.ConnectionString) = (Npgsql, connection)));
    }

    private static SiloClusterOptions Options(ConfigurationManager configuration)
    {
        // Orleans is given values, not options: they are checked before it hears of them.
        var options = configuration.GetSection(SiloClusterOptions.Section).Get<SiloClusterOptions>() ?? new SiloClusterOptions();
        var check = new SiloClusterOptionsValidator().Validate(null, options);
        return check.Failed ? throw new OptionsValidationException(nameof(SiloClusterOptions), typeof(SiloClusterOptions), check.Failures) : options;
    }

    private static string Connection(ConfigurationManager configuration, SiloClusterOptions cluster)
    {
        var storage = configuration.GetSection(StorageOptions.Section).Get<StorageOptions>() ?? new StorageOptions();
        return storage.Kind == StorageKind.Postgres
            ? storage.Postgres.ConnectionStringOf("decisioning cluster", cluster.ConnectionsMax)
            : throw new OptionsValidationException(
                nameof(SiloClusterOptions),
                typeof(SiloClusterOptions),
                [$"{SiloClusterOptions.Section}:{nameof(SiloClusterOptions.Mode)} is `postgres`, but the log is not; set Storage:Kind to `postgres` too: a cluster shares its log"]);
    }
}
