using System.Collections.Immutable;
using Decisioning.Engine.Customers;

namespace Decisioning.Simulation.Tests.InProcess;

/// <summary>Which of a customer's calls to the log fail, and how; a function of the seed and of how many calls there were.</summary>
internal sealed class FaultScript(int seed)
{
    private readonly Lock _lock = new();
    private readonly Random _random = new(seed);
    private (ImmutableHashSet<string> Messages, HeldAppend Append)? _hold;

    /// <summary>Holds back the append of some of these messages, the first one, until it is released. Appends of others pass: a wake may come before.</summary>
    public HeldAppend Hold(IEnumerable<string> messages)
    {
        lock (_lock)
        {
            var held = new HeldAppend();
            _hold = ([.. messages], held);
            return held;
        }
    }

    /// <summary>No append is held back any more that has not come yet.</summary>
    public void HoldNone()
    {
        lock (_lock)
        {
            _hold = null;
        }
    }

    /// <summary>What holds back an append of these events; null when it may go on.</summary>
    public HeldAppend? TakeHold(ImmutableArray<RecordedEvent> events)
    {
        lock (_lock)
        {
            if (_hold is not { } hold || !events.Any(recorded => hold.Messages.Contains(recorded.Event.MessageId)))
            {
                return null;
            }

            _hold = null;
            return hold.Append;
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
