using Orleans;

namespace Decisioning.Contracts;

/// <summary>No strategy is in force for the tenant: nothing can be recorded or decided until one is published.</summary>
/// <param name="message">What to do, for the caller.</param>
[GenerateSerializer, Alias("decisioning.no-strategy")]
public sealed class NoStrategyException(string message) : Exception(message);
