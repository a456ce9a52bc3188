namespace Orleans.Runtime;

/// <summary>Which request may begin while others run, and what waits.</summary>
internal sealed partial class Activation
{
    private List<GrainTurn>? _waiting;
    private Dictionary<Guid, int>? _reentrantSections;

    /// <summary>Requests that have begun and not ended: all of them, those that change something, those that only read.</summary>
    private int _running;
    private int _writers;
    private int _readers;
    private long _lastUseMs;

    /// <summary>How much this activation has to do, for choosing among workers.</summary>
    public int Load
    {
        get
        {
            lock (_gate)
            {
                return _running + (_waiting?.Count ?? 0);
            }
        }
    }

    public bool TryReceive(GrainTurn turn, bool inline)
    {
        lock (_gate)
        {
            if (_state == ActivationState.Ended)
            {
                return false;
            }

            turn.Target = this;
            if (_state == ActivationState.New)
            {
                BeginActivation(turn.Context);
            }

            if (_state != ActivationState.Valid || !MayStart(turn))
            {
                Wait(turn);
                return true;
            }

            OnStarted(turn);
            if (!inline || _busy || !HasStackForInline())
            {
                turn.Publish();
                turn.Start(this);
                return true;
            }

            _busy = true;
        }

        RunInline(turn);
        return true;
    }

    public void OnEnded(GrainTurn turn)
    {
        lock (_gate)
        {
            AfterEnded(turn);
        }
    }

    public void EnterReentrantSection(Guid id)
    {
        lock (_gate)
        {
            _reentrantSections ??= [];
            _reentrantSections[id] = _reentrantSections.GetValueOrDefault(id) + 1;
            StartWaiting(all: true);
        }
    }

    public void LeaveReentrantSection(Guid id)
    {
        lock (_gate)
        {
            if (_reentrantSections is null || !_reentrantSections.TryGetValue(id, out var count))
            {
                throw new InvalidOperationException("Attempted to exit reentrant section without entering it.");
            }

            if (count == 1)
            {
                _reentrantSections.Remove(id);
            }
            else
            {
                _reentrantSections[id] = count - 1;
            }
        }
    }

    private void Wait(GrainTurn turn)
    {
        turn.Publish();
        var limit = Silo.Messaging.MaxEnqueuedRequestsHardLimit;
        if (limit > 0 && _running + (_waiting?.Count ?? 0) > limit)
        {
            turn.Reject(new LimitExceededException($"{this} has more than {limit} requests; `MaxEnqueuedRequestsHardLimit` says no more"));
            return;
        }

        (_waiting ??= []).Add(turn);
    }

    private bool MayStart(GrainTurn turn) =>
        _running == 0
        || turn.AlwaysInterleaves
        || Class.IsReentrant
        || (_writers == 0 && (_readers == 0 || turn.IsReadOnly))
        || IsInReentrantSection(turn);

    private bool IsInReentrantSection(GrainTurn turn) =>
        _reentrantSections is { Count: > 0 } sections
        && turn.Context?.GetValueOrDefault(RequestContext.ReentrancyKey) is Guid id
        && sections.ContainsKey(id);

    private void OnStarted(GrainTurn turn)
    {
        _running++;
        if (turn.AlwaysInterleaves)
        {
            return;
        }

        if (turn.IsReadOnly)
        {
            _readers++;
        }
        else
        {
            _writers++;
        }
    }

    private void AfterEnded(GrainTurn turn)
    {
        _running--;
        if (!turn.AlwaysInterleaves)
        {
            if (turn.IsReadOnly)
            {
                _readers--;
            }
            else
            {
                _writers--;
            }
        }

        if (turn.KeepsAlive)
        {
            _lastUseMs = Environment.TickCount64;
        }

        if (_state == ActivationState.Deactivating && _running == 0)
        {
            BeginDeactivation();
            return;
        }

        StartWaiting(all: false);
    }

    /// <summary>Starts what may start now, in order of arrival; one that must wait lets others pass that need not.</summary>
    /// <param name="all">Whether requests that interleave with everything may be among those that wait.</param>
    private void StartWaiting(bool all)
    {
        if (_state != ActivationState.Valid || _waiting is not { Count: > 0 } waiting)
        {
            return;
        }

        for (var i = 0; i < waiting.Count;)
        {
            var turn = waiting[i];
            if (turn.IsAbandoned)
            {
                waiting.RemoveAt(i);
            }
            else if (MayStart(turn))
            {
                waiting.RemoveAt(i);
                OnStarted(turn);
                turn.Start(this);
            }
            else
            {
                i++;
            }

            if (!all && _writers > 0 && !Class.IsReentrant && _reentrantSections is not { Count: > 0 })
            {
                break;
            }
        }
    }
}
