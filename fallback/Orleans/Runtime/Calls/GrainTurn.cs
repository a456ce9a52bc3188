using System.ComponentModel;

namespace Orleans.Runtime;

/// <summary>
/// Something an activation does as one request: a method call, a timer tick, a stream event. It is itself the task that
/// the activation's scheduler executes, so that `TaskScheduler.Current` inside is the activation's, at no further cost.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class GrainTurn : Task
{
    private static readonly ExecutionContext CleanContext = CaptureCleanContext();

    [ThreadStatic]
    private static GrainTurn? _starting;

    private Task? _pending;

    private protected GrainTurn()
        : base(static () => Begin())
    {
    }

    internal Activation Target { get; set; } = null!;

    /// <summary>The caller's request context.</summary>
    internal Dictionary<string, object>? Context { get; set; }

    internal bool IsReadOnly { get; set; }

    internal bool AlwaysInterleaves { get; set; }

    /// <summary>Whether this request counts as use of the activation.</summary>
    internal bool KeepsAlive { get; set; } = true;

    /// <summary>Whether the work ended within the turn that began it. Read on that turn's thread only.</summary>
    internal bool EndedInTurn => _pending is null;

    /// <summary>Whether nobody waits for the outcome any more.</summary>
    internal virtual bool IsAbandoned => false;

    /// <summary>Makes <paramref name="turn"/> the one that the next executed turn task on this thread begins.</summary>
    internal static void SetStarting(GrainTurn turn) => _starting = turn;

    /// <summary>Called before the outcome can become known to another thread than the caller's.</summary>
    internal abstract void Publish();

    /// <summary>Begins the work; gives what is still running, or null when it has ended.</summary>
    private protected abstract Task? Work(Activation activation);

    /// <summary>Hands the outcome to whoever waits for it. The activation has already moved on.</summary>
    internal abstract void Finish();

    /// <summary>Ends this request without running it.</summary>
    internal abstract void Reject(Exception exception);

    private static void Begin()
    {
        var turn = _starting!;
        _starting = null;

        // Nothing ambient of the caller reaches the grain, as if the call had crossed a wire; only the request context does.
        ExecutionContext.Restore(CleanContext);
        if (SynchronizationContext.Current is not null)
        {
            SynchronizationContext.SetSynchronizationContext(null);
        }

        if (turn.Context is { } context)
        {
            RequestContext.Snapshot = context;
            ActivityPropagation.Restore(context);
        }

        if (turn.Work(turn.Target) is { } pending)
        {
            turn._pending = pending;
            turn.Publish();
            pending.GetAwaiter().UnsafeOnCompleted(turn.End);
        }
    }

    private void End()
    {
        Target.OnEnded(this);
        Finish();
    }

    private static ExecutionContext CaptureCleanContext()
    {
        ExecutionContext? context = null;
        var thread = new Thread(() => context = ExecutionContext.Capture()) { IsBackground = true };
        thread.UnsafeStart();
        thread.Join();
        return context!;
    }
}
