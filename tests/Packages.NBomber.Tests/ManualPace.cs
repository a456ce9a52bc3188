using NBomber.Running;

namespace Decisioning.Packages.NBomber.Tests;

/// <summary>A time that goes on only where somebody waits for it: a minute of load takes as long as its iterations do.</summary>
internal sealed class ManualPace : IPace
{
    private readonly PriorityQueue<Action, (TimeSpan At, int Number)> _events = new();
    private int _made;

    public TimeSpan Now { get; private set; }

    /// <summary>How often somebody waited.</summary>
    public int Waits { get; private set; }

    public void WaitUntil(TimeSpan at)
    {
        Waits++;
        while (_events.TryPeek(out _, out var key) && key.At <= at)
        {
            var act = _events.Dequeue();
            Now = key.At > Now ? key.At : Now;
            act();
        }

        Now = at > Now ? at : Now;
    }

    public void Start(IThreadPoolWorkItem work) => work.Execute();

    /// <summary>A task that ends at a time.</summary>
    public Task At(TimeSpan at)
    {
        var done = new TaskCompletionSource();
        _events.Enqueue(done.SetResult, (at, _made++));
        return done.Task;
    }

    /// <summary>A task that ends after a time.</summary>
    public Task After(TimeSpan time) => At(Now + time);
}
