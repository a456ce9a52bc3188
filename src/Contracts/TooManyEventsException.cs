using Orleans;

namespace Decisioning.Contracts;

/// <summary>One customer was sent more events than are taken of one: none of the call's was recorded; repeating with the same ids is safe.</summary>
/// <param name="message">What happened, for the caller.</param>
/// <param name="retryAfter">When as many will be taken.</param>
[GenerateSerializer, Alias("decisioning.too-many-events")]
public sealed class TooManyEventsException(string message, TimeSpan retryAfter) : Exception(message)
{
    /// <summary>When as many will be taken.</summary>
    [Id(0)]
    public TimeSpan RetryAfter { get; } = retryAfter;
}
