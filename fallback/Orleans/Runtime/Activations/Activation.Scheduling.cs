using System.Runtime.CompilerServices;

namespace Orleans.Runtime;

/// <summary>
/// One turn at a time: turns come from a queue that one thread at a time works off, or, when nothing is queued or running,
/// straight from a caller's thread. In both cases the turn is a task of this scheduler, so that what follows an await
/// comes back here.
/// </summary>
internal sealed partial class Activation
{
    /// <summary>How long a thread works for one activation while others wait.</summary>
    private const int QuantumMs = 50;

    /// <summary>What runs next, and what comes after it: most activations never have more than one turn queued, and there may be a million of them.</summary>
    private Task? _next;
    private Queue<Task>? _later;

    /// <summary>Whether a thread runs turns, or has been asked to.</summary>
    private bool _busy;

    void IThreadPoolWorkItem.Execute()
    {
        var outer = RuntimeContext.Current;
        RuntimeContext.Current = this;
        var until = Environment.TickCount64 + QuantumMs;
        while (true)
        {
            Task? next;
            lock (_gate)
            {
                next = _next;
                if (next is null)
                {
                    _busy = false;
                    break;
                }

                _next = _later is not null && _later.TryDequeue(out var after) ? after : null;
            }

            Run(next);
            if (Environment.TickCount64 > until)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                break;
            }
        }

        RuntimeContext.Current = outer;
    }

    protected override void QueueTask(Task task)
    {
        lock (_gate)
        {
            if (_next is null)
            {
                _next = task;
            }
            else
            {
                (_later ??= new(2)).Enqueue(task);
            }

            if (_busy)
            {
                return;
            }

            _busy = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && RuntimeContext.Current == this && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_gate)
        {
            return _next is null ? [] : [_next, .. _later ?? []];
        }
    }

    private void Run(Task task)
    {
        if (task is not GrainTurn turn)
        {
            TryExecuteTask(task);
            return;
        }

        GrainTurn.SetStarting(turn);
        TryExecuteTask(turn);
        if (turn.EndedInTurn)
        {
            OnEnded(turn);
            turn.Finish();
        }
    }

    /// <summary>Runs a request on its caller's thread. The caller has set <see cref="_busy"/>, and nothing is queued.</summary>
    private void RunInline(GrainTurn turn)
    {
        var outer = RuntimeContext.Current;
        RuntimeContext.Current = this;
        GrainTurn.SetStarting(turn);
        turn.RunSynchronously(this);
        RuntimeContext.Current = outer;

        var ended = turn.EndedInTurn;
        bool more;
        lock (_gate)
        {
            if (ended)
            {
                AfterEnded(turn);
            }

            more = _next is not null;
            _busy = more;
        }

        if (more)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        if (ended)
        {
            turn.Finish();
        }
    }

    private static bool HasStackForInline() => RuntimeHelpers.TryEnsureSufficientExecutionStack();
}
