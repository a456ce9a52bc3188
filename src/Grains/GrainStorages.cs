using Orleans.Providers;

namespace Decisioning.Grains;

/// <summary>The names of the storages of grains that write seldom. Customers are not among them: their log is the store's.</summary>
public static class GrainStorages
{
    /// <summary>Leases and the like: a few writes a second at most, as JSON.</summary>
    public const string LowRate = "low-rate";

    /// <summary>Who watches which customer, kept by the streams themselves, in a form of their own.</summary>
    public const string Subscriptions = ProviderConstants.DEFAULT_PUBSUB_PROVIDER_NAME;

    /// <summary>Every storage that a silo has to have.</summary>
    public static IReadOnlyList<string> All { get; } = [LowRate, Subscriptions];
}
