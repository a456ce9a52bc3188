namespace Orleans.Runtime;

internal enum ActivationState
{
    New,
    Activating,
    Valid,
    Deactivating,
    Ended,
}

/// <summary>Activation, timers, deactivation.</summary>
internal sealed partial class Activation
{
    private ActivationState _state;
    private bool _wasValid;
    private DeactivationReason _reason;
    private TaskCompletionSource? _deactivated;
    private List<GrainTimer>? _timers;
    private long _keepUntilMs = long.MinValue;
    private CancellationTokenSource? _activating;

    public bool HasEnded => _state == ActivationState.Ended;

    public Task Deactivated
    {
        get
        {
            lock (_gate)
            {
                _deactivated ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
                if (_state == ActivationState.Ended)
                {
                    _deactivated.TrySetResult();
                }

                return _deactivated.Task;
            }
        }
    }

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_state is ActivationState.Deactivating or ActivationState.Ended)
            {
                return;
            }

            var before = _state;
            _reason = deactivationReason;
            _wasValid = before == ActivationState.Valid;
            _state = ActivationState.Deactivating;

            // One that is still activating ends when its activation has: the two never overlap.
            if (before == ActivationState.Activating)
            {
                _activating?.Cancel();
            }
            else if (_running == 0)
            {
                BeginDeactivation();
            }
        }
    }

    public void DelayDeactivation(TimeSpan timeSpan) => _keepUntilMs =
        timeSpan <= TimeSpan.Zero && timeSpan != Timeout.InfiniteTimeSpan ? long.MinValue
        : timeSpan == Timeout.InfiniteTimeSpan || timeSpan == TimeSpan.MaxValue ? long.MaxValue
        : Environment.TickCount64 + (long)timeSpan.TotalMilliseconds;

    /// <summary>Ends this activation if nothing has used it for as long as its class allows.</summary>
    public void CollectIfIdle(long nowMs)
    {
        lock (_gate)
        {
            if (_state != ActivationState.Valid || _running > 0 || _waiting is { Count: > 0 } || Class.CollectionAge == Timeout.InfiniteTimeSpan
                || nowMs < _keepUntilMs || nowMs - _lastUseMs < (long)Class.CollectionAge.TotalMilliseconds)
            {
                return;
            }
        }

        Deactivate(new(DeactivationReasonCode.ActivationIdle, "The activation was idle for longer than its class allows."));
    }

    public void Add(GrainTimer timer)
    {
        lock (_gate)
        {
            (_timers ??= []).Add(timer);
        }
    }

    public void Remove(GrainTimer timer)
    {
        lock (_gate)
        {
            _timers?.Remove(timer);
        }
    }

    private void BeginActivation(Dictionary<string, object>? context)
    {
        _state = ActivationState.Activating;
        StartTask(() => ActivateAsync(context));
    }

    private void BeginDeactivation() => StartTask(EndAsync);

    private void StartTask(Func<Task> work)
    {
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
        {
            _ = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this);
        }
    }

    private async Task ActivateAsync(Dictionary<string, object>? context)
    {
        using var timeout = new CancellationTokenSource(Silo.Collection.ActivationTimeout);
        _activating = timeout;
        Exception? failure = null;
        try
        {
            RequestContext.Snapshot = context;
            await StartAsync(timeout.Token);
        }
        catch (Exception exception)
        {
            failure = exception;
            Silo.LogActivationFailure(GrainId, exception);
        }

        lock (_gate)
        {
            _activating = null;
            if (failure is null && _state == ActivationState.Activating)
            {
                _state = ActivationState.Valid;
                _lastUseMs = Environment.TickCount64;
                StartWaiting(all: true);

                // Whoever asked first waited here; most are never waited for again.
                _waiting = _waiting is { Count: > 0 } ? _waiting : null;
                return;
            }

            // Asked to end while it was starting, it ends like any other if it has started all the same.
            _wasValid = failure is null;
            if (_state == ActivationState.Activating)
            {
                _reason = new(DeactivationReasonCode.ActivationFailed, failure, "Failed to activate grain.");
                _state = ActivationState.Deactivating;
            }

            BeginDeactivation();
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        GrainInstance = Class.Create(this);
        if (GrainInstance is ILifecycleParticipant<IGrainLifecycle> participant)
        {
            participant.Participate(ObservableLifecycle);
        }

        if (_lifecycle is { } lifecycle)
        {
            await lifecycle.StartAsync(cancellationToken).WaitAsync(cancellationToken);
        }

        if (GrainInstance is IGrainBase grain)
        {
            await grain.OnActivateAsync(cancellationToken).WaitAsync(cancellationToken);
        }
    }

    private async Task EndAsync()
    {
        using var timeout = new CancellationTokenSource(Silo.Collection.DeactivationTimeout);
        GrainTimer[] timers;
        lock (_gate)
        {
            timers = _timers?.ToArray() ?? [];
        }

        foreach (var timer in timers)
        {
            timer.Dispose();
        }

        try
        {
            if (_wasValid && GrainInstance is IGrainBase grain)
            {
                await grain.OnDeactivateAsync(_reason, timeout.Token).WaitAsync(timeout.Token);
            }
        }
        catch (Exception exception)
        {
            Silo.LogDeactivationFailure(GrainId, exception);
        }

        try
        {
            if (_lifecycle is { } lifecycle)
            {
                await lifecycle.StopAsync(timeout.Token).WaitAsync(timeout.Token);
            }

            await DisposeAsync(GrainInstance);
            await DisposeAsync(_scope);
        }
        catch (Exception exception)
        {
            Silo.LogDeactivationFailure(GrainId, exception);
        }

        Silo.Cluster.Directory.Remove(this);
        Leave();
    }

    private static async ValueTask DisposeAsync(object? thing)
    {
        if (thing is IAsyncDisposable asynchronous)
        {
            await asynchronous.DisposeAsync();
        }
        else
        {
            (thing as IDisposable)?.Dispose();
        }
    }

    /// <summary>Passes on what still waits: to the next activation, or back to its callers when this one failed.</summary>
    private void Leave()
    {
        GrainTurn[] waiting;
        lock (_gate)
        {
            _state = ActivationState.Ended;
            waiting = _waiting?.ToArray() ?? [];
            _waiting = null;
            _deactivated?.TrySetResult();
        }

        foreach (var turn in waiting)
        {
            if (turn.IsAbandoned)
            {
                continue;
            }

            if (_reason.Exception is { } exception)
            {
                turn.Reject(exception);
            }
            else if (turn is GrainCall call && call.Forwards++ >= Silo.Messaging.MaxForwardCount)
            {
                turn.Reject(new OrleansMessageRejectionException(
                    $"Forwarding failed: {call} met {call.Forwards} activations that left; it has not run and can be sent again"));
            }
            else
            {
                Silo.Cluster.Forward(turn, GrainId, Class);
            }
        }
    }
}
