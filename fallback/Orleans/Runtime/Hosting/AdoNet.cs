using System.Net;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.Configuration
{
    /// <summary>When silos take one of them for dead. The fallback runs in one process, which has nobody to watch.</summary>
    public class ClusterMembershipOptions
    {
        public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(5);

        public int NumMissedProbesLimit { get; set; } = 3;

        public int NumVotesForDeathDeclaration { get; set; } = 2;

        public int NumMissedTableIAmAliveLimit { get; set; } = 3;

        public TimeSpan MaxJoinAttemptTime { get; set; } = TimeSpan.FromMinutes(5);

        public TimeSpan IAmAliveTablePublishTimeout { get; set; } = TimeSpan.FromSeconds(30);
    }

    /// <summary>Where the members of a cluster are kept.</summary>
    public class AdoNetClusteringSiloOptions
    {
        public string? ConnectionString { get; set; }

        public string Invariant { get; set; } = null!;
    }

    /// <summary>Where the states of grains are kept.</summary>
    public class AdoNetGrainStorageOptions
    {
        public string? ConnectionString { get; set; }

        public string Invariant { get; set; } = "Microsoft.Data.SqlClient";
    }
}

namespace Orleans.Runtime.MembershipService
{
    /// <summary>A silo that joins does not reach those that live. Never thrown here: the fallback's clusters are one process.</summary>
    public sealed class OrleansClusterConnectivityCheckFailedException(string message) : OrleansException(message);
}

namespace Orleans.Storage
{
    /// <summary>How a storage writes states. The fallback's own storage writes JSON and asks for none.</summary>
    public interface IGrainStorageSerializer;

    public sealed class SystemTextJsonGrainStorageSerializer : IGrainStorageSerializer;

    public class OrleansGrainStorageSerializer : IGrainStorageSerializer;
}

namespace Orleans.Hosting
{
    public static class EndpointOptionsExtensions
    {
        /// <summary>Where a silo would listen. The fallback opens no port.</summary>
        public static ISiloBuilder ConfigureEndpoints(
            this ISiloBuilder builder, IPAddress advertisedIP, int siloPort, int gatewayPort, bool listenOnAnyHostAddress = false) =>
            builder.Configure<EndpointOptions>(options => (options.SiloPort, options.GatewayPort) = (siloPort, gatewayPort));
    }

    public static class AdoNetHostingExtensions
    {
        /// <summary>Refused: a cluster whose members a database keeps is several processes.</summary>
        public static ISiloBuilder UseAdoNetClustering(this ISiloBuilder builder, Action<AdoNetClusteringSiloOptions> configureOptions) =>
            throw AdoNet.Missing("a cluster of several processes", "Microsoft.Orleans.Clustering.AdoNet");
    }

    public static class AdoNetGrainStorageSiloBuilderExtensions
    {
        /// <summary>Refused: the fallback keeps states in memory only.</summary>
        public static ISiloBuilder AddAdoNetGrainStorage(this ISiloBuilder builder, string name, Action<AdoNetGrainStorageOptions> configureOptions) =>
            throw AdoNet.Missing($"storage `{name}` in a database", "Microsoft.Orleans.Persistence.AdoNet");
    }

    internal static class AdoNet
    {
        public static OrleansConfigurationException Missing(string what, string package) =>
            new($"{what} needs package {package}, which this program was built without; build it with Packages=nuget");
    }
}
