using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace Decisioning.Silo.Tests;

/// <summary>When a connection ends whose caller has left.</summary>
public sealed class ConnectionEndTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly IMeterFactory _meters;
    private readonly CancellationTokenSource _leaves = new();
    private readonly TaskCompletionSource _calls = new();
    private long _givenUp;

    public ConnectionEndTests()
    {
        _meters = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "decisioning.gateway.connections.given_up" && ReferenceEquals(instrument.Meter.Scope, _meters))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) => _givenUp += value);
        _listener.Start();
    }

    [Fact]
    public async Task It_is_given_up_and_counted_when_a_call_does_not_end()
    {
        using var ends = new ConnectionEnds(TimeProvider.System, _meters, TimeSpan.Zero);
        var connection = Connection(ends);
        Assert.False(connection.IsCompleted);
        await _leaves.CancelAsync();
        await connection;
        Assert.Equal(1, _givenUp);
    }

    [Fact]
    public async Task It_ends_with_its_calls_and_counts_as_nothing_when_these_end()
    {
        using var ends = new ConnectionEnds(TimeProvider.System, _meters);
        var connection = Connection(ends);
        await _leaves.CancelAsync();
        Assert.False(connection.IsCompleted);
        _calls.SetResult();
        await connection;
        Assert.Equal(0, _givenUp);
    }

    [Fact]
    public async Task It_stays_open_as_long_as_its_caller()
    {
        using var ends = new ConnectionEnds(TimeProvider.System, _meters, TimeSpan.Zero);
        var connection = Connection(ends);
        Assert.False(connection.IsCompleted);
        _calls.SetResult();
        await connection;
        Assert.Equal(0, _givenUp);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
        _leaves.Dispose();
    }

    private Task Connection(ConnectionEnds ends) => ends.Of(_ => _calls.Task)(new DefaultConnectionContext { ConnectionClosed = _leaves.Token });
}
