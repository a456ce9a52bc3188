using System.Collections.Concurrent;
using NBomber.Contracts;
using NBomber.Contracts.Stats;
using NBomber.CSharp;
using NBomber.Measuring;

namespace NBomber.Running;

/// <summary>A scenario from its first iteration to its last. One thread moves it on; iterations come back on any.</summary>
internal sealed class ScenarioRun : IDisposable
{
    /// <summary>Iterations under way at most: what is due beyond is counted as failed instead of filling the memory.</summary>
    private const int UnderWayMax = 200_000;

    private static readonly TimeSpan SampleEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DrainLook = TimeSpan.FromMilliseconds(5);
    private readonly ConcurrentQueue<ScenarioCopy> _idle = new();
    private readonly List<Moment> _timeline = [];
    private readonly List<ScenarioCopy> _loops = [];
    private readonly HashSet<int> _looping = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly IEnumerator<TimeSpan> _due;
    private readonly int? _failsMax;
    private (Distribution Ok, Distribution Fail) _sampled = (Distribution.Empty, Distribution.Empty);
    private bool _hasDue;
    private bool _isClosed;
    private volatile bool _isStopped;
    private TimeSpan _began;
    private TimeSpan _sampledAt;
    private TimeSpan? _ended;
    private int _copiesMade;
    private int _underWay;
    private int _failed;
    private long _lastAnswer;

    public ScenarioRun(TestRun test, ScenarioProps props, LoadPlan plan, bool counts)
    {
        (Test, Props, Plan, Stopped) = (test, props, plan, _stop.Token);
        _failsMax = counts ? props.MaxFailCount : null;
        _due = plan.Due().GetEnumerator();
        _hasDue = _due.MoveNext();
        Meter = new(props.ScenarioName);
    }

    public TestRun Test { get; }

    public ScenarioProps Props { get; }

    public LoadPlan Plan { get; }

    public Meter Meter { get; }

    public CancellationToken Stopped { get; }

    public TimeSpan Time => Test.Pace.Now - _began;

    public bool IsDone => _ended is not null && (_isClosed || Volatile.Read(ref _underWay) == 0);

    public void Begin(TimeSpan now) => (_began, _sampledAt) = (now, now);

    public void Stop()
    {
        _isStopped = true;
        _stop.Cancel();
    }

    /// <summary>Begins all that is due.</summary>
    /// <returns>When it wants to be moved on again.</returns>
    public TimeSpan Advance(TimeSpan now)
    {
        if (now - _sampledAt >= SampleEvery)
        {
            Sample(now);
        }

        var into = now - _began;
        if (_ended is null)
        {
            Inject(into);
            SetCopies(_isStopped ? 0 : Plan.Copies(into));
            if (_isStopped || (into >= Plan.Duration && !_hasDue))
            {
                _ended = now;
            }
        }

        if (_ended is { } ended)
        {
            if (!IsDone && now - ended >= Test.Context.CompletionTimeout)
            {
                GiveUp(now - ended);
            }

            return IsDone ? TimeSpan.MaxValue : now + DrainLook;
        }

        var next = Least(_sampledAt + SampleEvery, _began + Plan.NextCopies(into));
        return _hasDue ? Least(next, _began + _due.Current) : next;
    }

    /// <summary>Whether a copy that loops is to begin another iteration; if not, it is gone.</summary>
    public bool Wants(ScenarioCopy copy)
    {
        lock (_looping)
        {
            if (!_isStopped && copy.Number < Plan.Copies(Time))
            {
                return true;
            }

            _looping.Remove(copy.Number);
            Interlocked.Decrement(ref _underWay);
            return false;
        }
    }

    /// <summary>An iteration that was due is done.</summary>
    public void Answered(ScenarioCopy copy, TimeSpan due, IResponse response)
    {
        Answered(due, response);
        _idle.Enqueue(copy);
        Interlocked.Decrement(ref _underWay);
    }

    /// <summary>An iteration is done.</summary>
    public void Answered(TimeSpan began, IResponse response)
    {
        if (Volatile.Read(ref _isClosed))
        {
            return;
        }

        var now = Test.Pace.Now;
        Meter.Add(now - began, response);
        Volatile.Write(ref _lastAnswer, now.Ticks);
        if (response.IsError && Interlocked.Increment(ref _failed) == _failsMax)
        {
            Test.Stop(null, $"scenario `{Props.ScenarioName}` failed {_failsMax} times");
        }
    }

    public ScenarioStats Stats()
    {
        var now = Test.Pace.Now;
        var end = _ended is { } ended ? Most(ended, new(Volatile.Read(ref _lastAnswer))) : now;
        var planned = Least(end - _began, Plan.Duration);
        var pauses = planned == Plan.Duration ? Plan.Pauses : TimeSpan.Zero;
        return Meter.Stats(end - _began - pauses, [.. _timeline]);
    }

    /// <summary>Keeps what came since the last full second.</summary>
    public void Finish() => Sample(Most(Test.Pace.Now, _sampledAt));

    public void Dispose()
    {
        _due.Dispose();
        _stop.Dispose();
    }

    private void Inject(TimeSpan into)
    {
        while (_hasDue && !_isStopped && _due.Current <= into)
        {
            var due = _began + _due.Current;
            if (Volatile.Read(ref _underWay) >= UnderWayMax)
            {
                Answered(due, Response.Fail("not sent", $"{UnderWayMax} iterations were under way"));
            }
            else
            {
                Interlocked.Increment(ref _underWay);
                if (!_idle.TryDequeue(out var copy))
                {
                    copy = new(this, _copiesMade++, isLoop: false);
                }

                copy.Due = due;
                Test.Pace.Start(copy);
            }

            _hasDue = _due.MoveNext();
        }
    }

    private void SetCopies(int wanted)
    {
        for (var number = 0; number < wanted; number++)
        {
            if (number == _loops.Count)
            {
                _loops.Add(new(this, number, isLoop: true));
            }

            bool isNew;
            lock (_looping)
            {
                isNew = _looping.Add(number);
            }

            if (isNew)
            {
                Interlocked.Increment(ref _underWay);
                Test.Pace.Start(_loops[number]);
            }
        }
    }

    private void GiveUp(TimeSpan waited)
    {
        var left = Volatile.Read(ref _underWay);
        for (var i = 0; i < left; i++)
        {
            Answered(Test.Pace.Now - waited, Response.Fail("timeout", $"not answered {waited.TotalSeconds:0.#} s after the load's end"));
        }

        Volatile.Write(ref _isClosed, true);
        _stop.Cancel();
    }

    private void Sample(TimeSpan now)
    {
        var seconds = (now - _sampledAt).TotalSeconds;
        if (seconds <= 0)
        {
            return;
        }

        var look = Meter.Look();
        var (ok, fail) = (look.Ok.Since(_sampled.Ok), look.Fail.Since(_sampled.Fail));
        _timeline.Add(new(now - _began, ok.Count / seconds, fail.Count / seconds, Side.Ms(ok.Percentile(0.5)), Side.Ms(ok.Percentile(0.99)), Side.Ms(ok.Max)));
        (_sampled, _sampledAt) = (look, now);
    }

    private static TimeSpan Least(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private static TimeSpan Most(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
