namespace Decisioning.Gateway.Throttling;

/// <summary>More was asked than is taken at once, and nothing of it was done; becomes RESOURCE_EXHAUSTED or 429.</summary>
/// <param name="refusal">A sentence with the cure.</param>
/// <param name="retryAfter">When it is worth trying again.</param>
internal sealed class CallRefusedException(string refusal, TimeSpan retryAfter) : Exception(refusal)
{
    public TimeSpan RetryAfter { get; } = retryAfter;
}
