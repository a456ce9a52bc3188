using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Decisioning.Silo;

/// <summary>
/// Ends a connection whose other side has left, also when one of its calls does not end: of a connection that is cut because it floods us
/// with streams, Kestrel loses some of them, and would count it among those open for ever. Ten thousand of these would let nobody in. How many are given up so
/// is counted: their calls may hold memory until the engine ends.
/// </summary>
internal sealed class ConnectionEnds : IDisposable
{
    // A call may still write to the log when its caller has left; nothing in the engine takes longer than half of this.
    private static readonly TimeSpan CallsMax = TimeSpan.FromSeconds(60);

    private readonly TimeProvider _clock;
    private readonly TimeSpan _callsMax;
    private readonly Meter _meter;
    private readonly Counter<long> _givenUp;

    public ConnectionEnds(TimeProvider clock, IMeterFactory meters)
        : this(clock, meters, CallsMax)
    {
    }

    internal ConnectionEnds(TimeProvider clock, IMeterFactory meters, TimeSpan callsMax)
    {
        (_clock, _callsMax) = (clock, callsMax);
        _meter = meters.Create("Decisioning.Gateway");
        _givenUp = _meter.CreateCounter<long>(
            "decisioning.gateway.connections.given_up", unit: "{connection}", description: "Connections whose caller had left for a minute when one of their calls had still not ended");
    }

    /// <summary>A connection that ends so.</summary>
    /// <param name="next">What the connection does.</param>
    public ConnectionDelegate Of(ConnectionDelegate next) => connection => EndAsync(next(connection), connection);

    public void Dispose() => _meter.Dispose();

    private async Task EndAsync(Task calls, ConnectionContext connection)
    {
        if (!calls.IsCompleted)
        {
            var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = connection.ConnectionClosed.UnsafeRegister(static source => ((TaskCompletionSource)source!).TrySetResult(), left);
            if (await Task.WhenAny(calls, left.Task) == left.Task)
            {
                await WaitAsync(calls);
                return;
            }
        }

        await calls;
    }

    private async Task WaitAsync(Task calls)
    {
        try
        {
            await calls.WaitAsync(_callsMax, _clock);
        }
        catch (TimeoutException) when (!calls.IsCompleted)
        {
            // Nothing will end them any more.
            _givenUp.Add(1);
        }
    }
}
