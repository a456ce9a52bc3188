using System.Diagnostics;
using Grpc.Net.Client;
using Api = Decisioning.V1;

namespace Decisioning.Simulation.Tests.Load;

/// <summary>Where the load goes: an engine that comes and goes.</summary>
internal sealed class Target : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Connection> _connections = [];
    private TaskCompletionSource<Connection> _up = New();

    /// <summary>The engine is there.</summary>
    /// <param name="address">Where.</param>
    /// <param name="startedAt">When its process was started, as a timestamp of <see cref="Stopwatch"/>.</param>
    public Connection Up(string address, long startedAt)
    {
        var connection = new Connection(GrpcChannel.ForAddress(address), startedAt);
        lock (_lock)
        {
            _connections.Add(connection);
            _up.TrySetResult(connection);
        }

        return connection;
    }

    /// <summary>The engine is gone, or will be in a moment: callers wait for the next.</summary>
    public void Down()
    {
        lock (_lock)
        {
            if (_up.Task.IsCompleted)
            {
                _up = New();
            }
        }
    }

    public Task<Connection> ConnectionAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _up.Task.IsCompleted ? _up.Task : _up.Task.WaitAsync(cancellationToken);
        }
    }

    public void Dispose() => _connections.ForEach(connection => connection.Channel.Dispose());

    private static TaskCompletionSource<Connection> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>One life of the engine, as callers see it.</summary>
internal sealed class Connection(GrpcChannel channel, long startedAt)
{
    private readonly TaskCompletionSource<TimeSpan> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public GrpcChannel Channel { get; } = channel;

    public Api.Events.EventsClient Events { get; } = new(channel);

    public Api.Decisions.DecisionsClient Decisions { get; } = new(channel);

    /// <summary>When it was killed, as a timestamp of <see cref="Stopwatch"/>; 0 while it lives, and when it ended in peace.</summary>
    public long KilledAt { get; set; }

    /// <summary>Ends at the first answer, with the time from the start of the process to it.</summary>
    public Task<TimeSpan> FirstAnswer => _answered.Task;

    public void Answered()
    {
        if (!_answered.Task.IsCompleted)
        {
            _answered.TrySetResult(Stopwatch.GetElapsedTime(startedAt));
        }
    }
}
