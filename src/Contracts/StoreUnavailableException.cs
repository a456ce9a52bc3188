using Orleans;

namespace Decisioning.Contracts;

/// <summary>The log cannot be reached or is overloaded: nothing was acknowledged; repeating with the same ids is safe.</summary>
/// <param name="message">What happened, for the caller.</param>
/// <param name="isOverload">Whether it is full rather than gone.</param>
[GenerateSerializer, Alias("decisioning.store-unavailable")]
public sealed class StoreUnavailableException(string message, bool isOverload) : Exception(message)
{
    /// <summary>Whether the log is full rather than gone.</summary>
    [Id(0)]
    public bool IsOverload { get; } = isOverload;

    /// <summary>Whether what was read is not as it was written: asking again does not help. Default: no.</summary>
    [Id(1)]
    public bool IsDamage { get; init; }
}
