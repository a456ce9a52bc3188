namespace Orleans.Runtime;

/// <summary>A timer whose ticks are requests of its activation. The next tick is set when the last one has ended, so ticks never overlap.</summary>
internal abstract class GrainTimer : IGrainTimer
{
    private const uint LongestMs = 0xfffffffe;

    private readonly Activation _activation;
    private readonly GrainTimerCreationOptions _options;
    private readonly CancellationTokenSource _disposed = new();
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private TimeSpan _dueTime;
    private TimeSpan _period;
    private bool _ticking;
    private bool _changed;

    protected GrainTimer(Activation activation, GrainTimerCreationOptions options)
    {
        (_activation, _options) = (activation, options);
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
        {
            _timer = activation.Silo.GrainTime.CreateTimer(
                static timer => ((GrainTimer)timer!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public static GrainTimer Create<TState>(
        Activation activation, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
    {
        Validate(options.DueTime, options.Period);
        var timer = new Typed<TState>(activation, callback, state, options);
        activation.Add(timer);
        timer.Change(options.DueTime, options.Period);
        return timer;
    }

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Validate(dueTime, period);
        lock (_gate)
        {
            (_dueTime, _period, _changed) = (dueTime, period, true);
            if (!_ticking)
            {
                Arm(dueTime);
            }
        }
    }

    public void Dispose()
    {
        _disposed.Cancel();
        _timer.Dispose();
        _activation.Remove(this);
    }

    protected abstract Task CallbackAsync(CancellationToken cancellationToken);

    private static void Validate(TimeSpan dueTime, TimeSpan period)
    {
        ValidateMs((long)dueTime.TotalMilliseconds, nameof(dueTime));
        ValidateMs((long)period.TotalMilliseconds, nameof(period));
    }

    private static void ValidateMs(long milliseconds, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(milliseconds, -1, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(milliseconds, LongestMs, name);
    }

    private void Arm(TimeSpan dueTime)
    {
        if (!_disposed.IsCancellationRequested)
        {
            _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
        }
    }

    private void Fire()
    {
        lock (_gate)
        {
            if (_ticking || _disposed.IsCancellationRequested)
            {
                return;
            }

            (_ticking, _changed) = (true, false);
        }

        _activation.TryReceive(new Tick(this) { AlwaysInterleaves = _options.Interleave, KeepsAlive = _options.KeepAlive }, inline: false);
    }

    private void OnTickEnded()
    {
        lock (_gate)
        {
            _ticking = false;
            Arm(_changed ? _dueTime : _period);
        }
    }

    private sealed class Tick(GrainTimer timer) : GrainTurn
    {
        internal override bool IsAbandoned => timer._disposed.IsCancellationRequested;

        internal override void Publish()
        {
        }

        private protected override Task? Work(Activation activation) => RunAsync() is { IsCompleted: false } running ? running : null;

        internal override void Finish() => timer.OnTickEnded();

        internal override void Reject(Exception exception)
        {
        }

        private async Task RunAsync()
        {
            try
            {
                await timer.CallbackAsync(timer._disposed.Token);
            }
            catch (Exception exception)
            {
                Target.Silo.LogTimerFailure(Target.GrainId, exception);
            }
        }
    }

    private sealed class Typed<TState>(
        Activation activation, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
        : GrainTimer(activation, options)
    {
        protected override Task CallbackAsync(CancellationToken cancellationToken) => callback(state, cancellationToken);
    }
}
