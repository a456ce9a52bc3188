namespace Orleans.Serialization.Configuration
{
    public sealed class TypeManifestOptions
    {
        /// <summary>Whether a silo checks at its start that all messages of its grains can be sent. Default: yes.</summary>
        public bool? EnableConfigurationAnalysis { get; set; }
    }
}

namespace Orleans.Configuration
{
    /// <summary>The names of the cluster and of the service it runs.</summary>
    public class ClusterOptions
    {
        public const string DefaultClusterId = "default";
        public const string DevelopmentClusterId = "dev";
        public const string DefaultServiceId = "default";
        public const string DevelopmentServiceId = "dev";

        public string ClusterId { get; set; } = DefaultClusterId;

        public string ServiceId { get; set; } = DefaultServiceId;
    }

    /// <summary>The silo's own name. Default: a random one.</summary>
    public class SiloOptions
    {
        public string? SiloName { get; set; }
    }

    /// <summary>The ports a silo would listen on. The fallback runs in one process and opens none.</summary>
    public class EndpointOptions
    {
        public const int DEFAULT_SILO_PORT = 11111;
        public const int DEFAULT_GATEWAY_PORT = 30000;

        public int SiloPort { get; set; } = DEFAULT_SILO_PORT;

        public int GatewayPort { get; set; } = DEFAULT_GATEWAY_PORT;
    }

    public abstract class MessagingOptions
    {
        /// <summary>How long a caller waits for a reply. Default: 30 seconds. The call itself goes on.</summary>
        public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

        /// <summary>Whether a call whose caller has timed out gets its token cancelled. Default: no.</summary>
        public bool CancelRequestOnTimeout { get; set; }
    }

    /// <summary>Messaging of calls made by grains and by clients in a silo's process.</summary>
    public class SiloMessagingOptions : MessagingOptions
    {
        /// <summary>Requests an activation may have running and waiting; more are refused. Default: 0, no limit.</summary>
        public int MaxEnqueuedRequestsHardLimit { get; set; }

        /// <summary>How often a call that waits for a leaving activation is passed on to the next one before it is refused. Default: 2.</summary>
        public int MaxForwardCount { get; set; } = 2;
    }

    /// <summary>Messaging of calls made by a client outside a silo.</summary>
    public class ClientMessagingOptions : MessagingOptions;

    /// <summary>
    /// How streams are looked at for what was published, under the name of their provider. Here a stream hands everything on at once, and
    /// nothing reads this.
    /// </summary>
    public class StreamPullingAgentOptions
    {
        /// <summary>How long the agent of a queue waits before it looks again. Default: 100 ms.</summary>
        public TimeSpan GetQueueMsgsTimerPeriod { get; set; } = TimeSpan.FromMilliseconds(100);
    }

    /// <summary>
    /// How long streams keep what was published, under the name of their provider. Here a stream hands everything on at once and keeps nothing,
    /// and nothing reads this.
    /// </summary>
    public class StreamCacheEvictionOptions
    {
        /// <summary>How long a message stays at least. Default: 5 minutes.</summary>
        public TimeSpan DataMinTimeInCache { get; set; } = TimeSpan.FromMinutes(5);

        /// <summary>How much older than the newest message one may be. Default: 30 minutes.</summary>
        public TimeSpan DataMaxAgeInCache { get; set; } = TimeSpan.FromMinutes(30);

        /// <summary>How long the places of messages stay at least. Default: twice as long as a message does.</summary>
        public TimeSpan? MetadataMinTimeInCache { get; set; } = TimeSpan.FromMinutes(10);
    }

    /// <summary>When idle activations end.</summary>
    public class GrainCollectionOptions
    {
        /// <summary>How often idle activations are looked for. Default: 1 minute.</summary>
        public TimeSpan CollectionQuantum { get; set; } = TimeSpan.FromMinutes(1);

        /// <summary>How long an activation may be idle. Longer than the quantum. Default: 15 minutes.</summary>
        public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

        /// <summary>Ages by full class name, where they differ.</summary>
        public Dictionary<string, TimeSpan> ClassSpecificCollectionAge { get; set; } = [];

        /// <summary>Longest activation. Default: 30 seconds.</summary>
        public TimeSpan ActivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

        /// <summary>Longest deactivation. Default: 30 seconds.</summary>
        public TimeSpan DeactivationTimeout { get; set; } = TimeSpan.FromSeconds(30);
    }
}
