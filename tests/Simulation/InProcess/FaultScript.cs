namespace Decisioning.Simulation.Tests.InProcess;

/// <summary>Which of a customer's calls to the log fail, and how; a function of the seed and of how many calls there were.</summary>
internal sealed class FaultScript(int seed)
{
    private readonly Lock _lock = new();
    private readonly Random _random = new(seed);
    private HeldAppend? _hold;

    /// <summary>Holds back the next append until it is released.</summary>
    public HeldAppend Hold()
    {
        lock (_lock)
        {
            return _hold = new();
        }
    }

    public HeldAppend? TakeHold()
    {
        lock (_lock)
        {
            var held = _hold;
            _hold = null;
            return held;
        }
    }

    public AppendFault NextAppend()
    {
        lock (_lock)
        {
            return _random.Next(100) switch
            {
                < 7 => AppendFault.BeforeWrite,
                < 14 => AppendFault.AfterWrite,
                < 18 => AppendFault.Busy,
                < 30 => AppendFault.Late,
                _ => AppendFault.None,
            };
        }
    }

    public bool NextLoadFails()
    {
        lock (_lock)
        {
            return _random.Next(100) < 8;
        }
    }

    // Snapshots are written behind: at what point of the others' order is chance, so these do not take from it.
    public bool SnapshotFails(long sequence) => new Random(seed + (int)(sequence % 1_000_000) * 31).Next(100) < 20;
}

/// <summary>How an append goes.</summary>
internal enum AppendFault
{
    /// <summary>Well.</summary>
    None,

    /// <summary>It fails, and nothing is written.</summary>
    BeforeWrite,

    /// <summary>It fails, and everything is written.</summary>
    AfterWrite,

    /// <summary>It is told to come again.</summary>
    Busy,

    /// <summary>Well, but not at once.</summary>
    Late,
}

/// <summary>An append that waits for its fate.</summary>
internal sealed class HeldAppend
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the append waits.</summary>
    public Task Arrived => _arrived.Task;

    /// <summary>Lets it go on, or fail before anything is written.</summary>
    public void Release(bool goesOn) => _released.TrySetResult(goesOn);

    public Task<bool> WaitAsync()
    {
        _arrived.TrySetResult();
        return _released.Task;
    }
}
