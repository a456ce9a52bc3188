using System.Diagnostics;
using Grpc.Net.Client;
using Api = Decisioning.V1;

namespace Decisioning.Simulation.Tests.Load;

/// <summary>Where the load goes: engines that come and go.</summary>
internal sealed class Target : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Connection> _connections = [];
    private readonly List<Connection> _up = [];
    private TaskCompletionSource _anyUp = New();
    private int _next;

    /// <summary>An engine is there.</summary>
    /// <param name="address">Where.</param>
    /// <param name="startedAt">When its process was started, as a timestamp of <see cref="Stopwatch"/>.</param>
    public Connection Up(string address, long startedAt)
    {
        var connection = new Connection(GrpcChannel.ForAddress(address), startedAt);
        lock (_lock)
        {
            _connections.Add(connection);
            _up.Add(connection);
            _anyUp.TrySetResult();
        }

        return connection;
    }

    /// <summary>An engine is gone, or will be in a moment: callers go to another, or wait for the next.</summary>
    public void Down(Connection gone)
    {
        lock (_lock)
        {
            _up.Remove(gone);
            if (_up.Count == 0 && _anyUp.Task.IsCompleted)
            {
                _anyUp = New();
            }
        }
    }

    public bool IsUp(Connection connection)
    {
        lock (_lock)
        {
            return _up.Contains(connection);
        }
    }

    /// <summary>Each of the engines that are there in turn.</summary>
    public async Task<Connection> ConnectionAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task anyUp;
            lock (_lock)
            {
                if (_up.Count > 0)
                {
                    return _up[_next++ % _up.Count];
                }

                anyUp = _anyUp.Task;
            }

            await anyUp.WaitAsync(cancellationToken);
        }
    }

    public void Dispose() => _connections.ForEach(connection => connection.Channel.Dispose());

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>One life of an engine, as callers see it.</summary>
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
