using System.Diagnostics.Metrics;
using System.Threading.RateLimiting;
using Decisioning.Gateway.Access;
using Microsoft.Extensions.Options;

namespace Decisioning.Gateway.Throttling;

/// <summary>
/// How many calls a key may make, and how many decisions are under way at once. What goes beyond is refused at once and counted. A key
/// that is quiet for some ten seconds takes up no room.
/// </summary>
internal sealed class CallLimits : IDisposable
{
    private const int StepsPerSecond = 10;

    private static readonly KeyValuePair<string, object?> ByKey = new("limit", "key");
    private static readonly KeyValuePair<string, object?> ByDecisions = new("limit", "decisions");

    private readonly PartitionedRateLimiter<Caller>? _keys;
    private readonly ConcurrencyLimiter _decisions;
    private readonly int _decisionsWaitingMax;
    private readonly int _decisionsAtOnceMax;
    private readonly TimeSpan _retryDelay;
    private readonly Meter _meter;
    private readonly Counter<long> _refused;

    public CallLimits(IOptions<LimitsOptions> limits, IOptions<GatewayOptions> gateway, IMeterFactory meters)
    {
        var options = limits.Value;
        (_retryDelay, _decisionsAtOnceMax, _decisionsWaitingMax) = (gateway.Value.RetryDelay, options.DecisionsAtOnceMax, options.DecisionsWaitingMax);
        _keys = options.CallsPerKeyPerSecond == 0 ? null : PartitionedRateLimiter.Create<Caller, string>(
            caller => RateLimitPartition.GetTokenBucketLimiter(caller.KeyId, _ => Bucket(options)),
            StringComparer.Ordinal);
        _decisions = new(new() { PermitLimit = options.DecisionsAtOnceMax, QueueLimit = options.DecisionsWaitingMax, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
        _meter = meters.Create("Decisioning.Gateway");
        _refused = _meter.CreateCounter<long>("decisioning.gateway.refused", unit: "{call}", description: "Calls refused because more was asked than is taken at once, by limit");
        _meter.CreateObservableGauge(
            "decisioning.gateway.decisions.active",
            Active,
            unit: "{decision}",
            description: "Questions for a next best action that are under way");
    }

    // Whoever reads the meters may do so while this ends, and must not fail for it.
    private int Active()
    {
        try
        {
            return _decisionsAtOnceMax - (int)(_decisions.GetStatistics()?.CurrentAvailablePermits ?? _decisionsAtOnceMax);
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
    }

    /// <summary>Whether questions are refused now because too many wait.</summary>
    public bool IsFull => _decisions.GetStatistics() is { CurrentAvailablePermits: 0 } now && now.CurrentQueuedCount >= _decisionsWaitingMax;

    /// <summary>Counts a call of a key.</summary>
    /// <returns>How long to wait before the next when this one is too many; null when it is not.</returns>
    public TimeSpan? Refuses(Caller caller)
    {
        if (_keys is null || caller.KeyId == Caller.LocalId)
        {
            return null;
        }

        using var lease = _keys.AttemptAcquire(caller);
        if (lease.IsAcquired)
        {
            return null;
        }

        _refused.Add(1, ByKey);
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : _retryDelay;
    }

    /// <summary>Takes a place among the decisions under way; whoever has it gives it back.</summary>
    /// <exception cref="CallRefusedException">Too many wait already.</exception>
    public async ValueTask<RateLimitLease> DecideAsync(CancellationToken cancellationToken)
    {
        var lease = await _decisions.AcquireAsync(1, cancellationToken);
        if (lease.IsAcquired)
        {
            return lease;
        }

        lease.Dispose();
        _refused.Add(1, ByDecisions);
        throw new CallRefusedException("too many decisions are under way; nothing was done: repeat in a while, with the same ids", _retryDelay);
    }

    /// <summary>What a key is told that calls too often.</summary>
    public static string TooOften(Caller caller) => $"`{caller.KeyId}` calls more often than it may; nothing was done: repeat in a while, or send more events with each call";

    public void Dispose()
    {
        _keys?.Dispose();
        _decisions.Dispose();
        _meter.Dispose();
    }

    private static TokenBucketRateLimiterOptions Bucket(LimitsOptions options)
    {
        var perStep = Math.Max(1, options.CallsPerKeyPerSecond / StepsPerSecond);
        return new()
        {
            TokenLimit = Math.Max(options.CallsPerKeyBurst, perStep),
            TokensPerPeriod = perStep,
            ReplenishmentPeriod = TimeSpan.FromSeconds((double)perStep / options.CallsPerKeyPerSecond),
            QueueLimit = 0,
        };
    }
}
