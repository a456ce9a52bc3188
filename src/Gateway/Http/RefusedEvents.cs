using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Decisioning.Gateway.Http;

/// <summary>
/// Counts and logs events that were refused where the protocol does not make its senders look at it. The meter is
/// <c>Decisioning.Gateway</c>.
/// </summary>
internal sealed class RefusedEvents : IDisposable
{
    // A sender that sends nothing else would fill the log.
    private static readonly TimeSpan LogEvery = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _clock;
    private readonly ILogger<RefusedEvents> _logger;
    private readonly Meter _meter;
    private readonly Counter<long> _refused;
    private readonly Lock _gate = new();
    private long? _loggedAt;
    private long _unlogged;

    public RefusedEvents(TimeProvider clock, IMeterFactory meters, ILogger<RefusedEvents> logger)
    {
        (_clock, _logger) = (clock, logger);
        _meter = meters.Create("Decisioning.Gateway");
        _refused = _meter.CreateCounter<long>(
            "decisioning.gateway.events.refused", unit: "{event}", description: "Events left out of a batch that was taken for the rest of it, by protocol");
    }

    /// <summary>Counts events of one request.</summary>
    /// <param name="source">The protocol.</param>
    /// <param name="keyId">The id of the sender's key.</param>
    /// <param name="count">How many.</param>
    public void Add(string source, string keyId, int count)
    {
        _refused.Add(count, new KeyValuePair<string, object?>("source", source));
        lock (_gate)
        {
            _unlogged += count;
            if (_loggedAt is { } last && _clock.GetElapsedTime(last) < LogEvery)
            {
                return;
            }

            (_loggedAt, count, _unlogged) = (_clock.GetTimestamp(), (int)Math.Min(_unlogged, int.MaxValue), 0);
        }

        Log.EventsRefused(_logger, count, keyId, source);
    }

    public void Dispose() => _meter.Dispose();
}
