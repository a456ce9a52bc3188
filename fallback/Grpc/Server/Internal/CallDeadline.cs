namespace Grpc.AspNetCore.Server.Internal;

/// <summary>
/// The clock of one call. Exactly one of two things happens: the call completes, or the deadline answers for it.
/// The token fires at the deadline and also when the request is aborted.
/// </summary>
internal sealed class CallDeadline : IAsyncDisposable
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(24);

    private readonly ServerCall _call;
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Timer _timer;
    private CancellationTokenSource? _cancellation;
    private CancellationTokenRegistration _aborted;
    private volatile State _state;

    internal CallDeadline(ServerCall call, TimeSpan timeout)
    {
        _call = call;
        Deadline = DateTime.UtcNow + timeout;
        using (ExecutionContext.SuppressFlow())
        {
            _timer = new Timer(static self => ((CallDeadline)self!).Tick(), this, Timeout.Infinite, Timeout.Infinite);
        }

        Arm();
    }

    private enum State
    {
        Running,
        Completed,
        Exceeded,
    }

    internal DateTime Deadline { get; }

    /// <summary>Held while the call becomes over: whoever holds it knows whether it is.</summary>
    internal Lock Gate { get; } = new();

    /// <summary>Made when first asked for; most methods never ask.</summary>
    internal CancellationToken Token
    {
        get
        {
            lock (Gate)
            {
                if (_cancellation is null)
                {
                    _cancellation = new CancellationTokenSource();
                    if (_state == State.Exceeded)
                    {
                        _cancellation.Cancel();
                    }
                    else
                    {
                        _aborted = _call.HttpContext.RequestAborted.UnsafeRegister(static self => ((CallDeadline)self!).Abort(), this);
                    }
                }

                return _cancellation.Token;
            }
        }
    }

    internal bool IsExceeded => _state == State.Exceeded;

    /// <summary>Ends when the deadline's answer is out.</summary>
    internal Task Answered => _answered.Task;

    /// <summary>True: the call may answer. False: the deadline does.</summary>
    internal bool TryComplete() => TryLeave(State.Completed);

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _aborted.DisposeAsync();
        _cancellation?.Dispose();
    }

    private void Arm()
    {
        var left = Deadline - DateTime.UtcNow;
        var due = left > LongestTimer ? LongestTimer : left > TimeSpan.Zero ? left : TimeSpan.Zero;
        _timer.Change((long)Math.Ceiling(due.TotalMilliseconds), Timeout.Infinite);
    }

    private void Tick()
    {
        if (DateTime.UtcNow < Deadline)
        {
            Arm();
        }
        else if (TryLeave(State.Exceeded))
        {
            _ = AnswerAsync();
        }
    }

    private async Task AnswerAsync()
    {
        try
        {
            await _call.ExceedDeadlineAsync();
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or ObjectDisposedException)
        {
            // The connection went away in the same moment: there is nobody to answer.
        }
        finally
        {
            try
            {
                CancellationTokenSource? cancellation;
                lock (Gate)
                {
                    cancellation = _cancellation;
                }

                if (cancellation is not null)
                {
                    await cancellation.CancelAsync();
                }
            }
            finally
            {
                _answered.TrySetResult();
            }
        }
    }

    private void Abort()
    {
        TryLeave(State.Completed);
        _cancellation?.Cancel();
    }

    private bool TryLeave(State to)
    {
        lock (Gate)
        {
            if (_state != State.Running)
            {
                return _state == to;
            }

            _state = to;
            return true;
        }
    }
}
