using Decisioning.Gateway;
using Decisioning.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Decisioning.Silo;

/// <summary>
/// The store takes what is written and answers what is read. However often it is asked, the store is asked once a second at most, and one
/// question at a time.
/// </summary>
internal sealed class StoreReadyCheck(IStoreCondition condition, IStrategyStore store, IOptions<GatewayOptions> gateway, TimeProvider clock) : IHealthCheck
{
    // Beyond it callers are about to be refused.
    private const double FullnessMax = 0.9;

    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Task<bool>? _asked;
    private long _askedAt;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        !condition.CanWrite ? HealthCheckResult.Unhealthy("the last commit failed")
        : condition.Fullness >= FullnessMax ? HealthCheckResult.Unhealthy("too much waits to be written")
        : await AnswersAsync(cancellationToken) ? HealthCheckResult.Healthy()
        : HealthCheckResult.Unhealthy("it does not answer");

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await Asked().WaitAsync(AnswerMax, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private Task<bool> Asked()
    {
        lock (_gate)
        {
            if (_asked is null || (_asked.IsCompleted && clock.GetElapsedTime(_askedAt) >= AskEvery))
            {
                (_asked, _askedAt) = (AskAsync(), clock.GetTimestamp());
            }

            return _asked;
        }
    }

    private async Task<bool> AskAsync()
    {
        try
        {
            // There is none that is newer: one look into an index.
            await store.FindLatestAsync(gateway.Value.Tenant, long.MaxValue, CancellationToken.None);
            return true;
        }
        catch (StorageUnavailableException)
        {
            return false;
        }
    }
}
