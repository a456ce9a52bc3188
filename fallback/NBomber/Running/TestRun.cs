using System.Globalization;
using System.Runtime.InteropServices;
using NBomber.Contracts;
using NBomber.Contracts.Stats;
using NBomber.Reporting;

namespace NBomber.Running;

/// <summary>A test from its beginning to its reports.</summary>
internal sealed class TestRun
{
    private readonly List<ScenarioRun> _runs = [];
    private readonly List<ThresholdWatch> _watches;
    private string? _stopReason;
    private volatile bool _isStopped;

    public TestRun(NBomberContext context)
    {
        (Context, Pace) = (context, context.Pace());
        var now = context.Clock.GetUtcNow().UtcDateTime;
        Info = new()
        {
            SessionId = string.Create(CultureInfo.InvariantCulture, $"{now:yyyy-MM-dd_HH-mm-ss}_{Guid.NewGuid():N}")[..28],
            TestSuite = context.TestSuite,
            TestName = context.TestName,
            Created = now,
        };
        Node = new()
        {
            MachineName = Environment.MachineName,
            OS = RuntimeInformation.OSDescription,
            DotNetVersion = Environment.Version.ToString(),
            CoresCount = Environment.ProcessorCount,
        };
        _watches = [.. context.Scenarios.SelectMany(scenario => scenario.Thresholds.Select(threshold => new ThresholdWatch(scenario.ScenarioName, threshold)))];
    }

    public NBomberContext Context { get; }

    public IPace Pace { get; }

    public TestInfo Info { get; }

    public NodeInfo Node { get; }

    /// <summary>Runs it. On a thread of its own, since it is what keeps the time.</summary>
    public NodeStats Run() => Task.Factory.StartNew(RunHere, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).GetAwaiter().GetResult();

    /// <summary>Ends a scenario, or all.</summary>
    public void Stop(string? scenario, string reason)
    {
        Interlocked.CompareExchange(ref _stopReason, reason, null);
        if (scenario is null)
        {
            _isStopped = true;
        }

        foreach (var run in Runs())
        {
            if (scenario is null || run.Props.ScenarioName == scenario)
            {
                run.Stop();
            }
        }
    }

    private NodeStats RunHere()
    {
        Node.CurrentOperation = OperationType.Init;
        ForEachScenario(scenario => scenario.Init, isClean: false);
        try
        {
            var loads = Context.Scenarios.Where(scenario => scenario.Run is not null).ToList();
            Node.CurrentOperation = OperationType.WarmUp;
            Play(loads.Where(scenario => scenario.WarmUp > TimeSpan.Zero).Select(scenario => New(scenario, LoadPlan.WarmUp(scenario.Simulations, scenario.WarmUp!.Value), counts: false)));
            Node.CurrentOperation = OperationType.Bombing;
            Play(_isStopped ? [] : loads.Select(scenario => New(scenario, new(scenario.Simulations), counts: true)));
        }
        finally
        {
            Node.CurrentOperation = OperationType.Stop;
            ForEachScenario(scenario => scenario.Clean, isClean: true);
        }

        Node.CurrentOperation = OperationType.Complete;
        var stats = Stats();
        stats.ReportFiles = Reports.Write(Context, stats);
        foreach (var run in _runs)
        {
            run.Dispose();
        }

        return stats;
    }

    private ScenarioRun New(ScenarioProps props, LoadPlan plan, bool counts) => new(this, props, plan, counts);

    private void Play(IEnumerable<ScenarioRun> runs)
    {
        lock (_runs)
        {
            _runs.ForEach(run => run.Dispose());
            _runs.Clear();
            _runs.AddRange(runs);
        }

        var began = Pace.Now;
        _runs.ForEach(run => run.Begin(began));
        var check = began + Context.ReportingInterval;
        while (true)
        {
            var now = Pace.Now;
            var next = _runs.Count == 0 ? TimeSpan.MaxValue : _runs.Min(run => run.Advance(now));
            if (_runs.TrueForAll(run => run.IsDone))
            {
                break;
            }

            if (now >= check)
            {
                Check(now - began);
                check = now + Context.ReportingInterval;
            }

            Pace.WaitUntil(next < check ? next : check);
        }

        _runs.ForEach(run => run.Finish());
        Check(TimeSpan.MaxValue);
    }

    private void Check(TimeSpan into)
    {
        if (Node.CurrentOperation != OperationType.Bombing)
        {
            return;
        }

        foreach (var watch in _watches)
        {
            var run = _runs.Find(run => run.Props.ScenarioName == watch.Scenario);
            if (run is not null && watch.Check(run.Stats(), into))
            {
                Stop(null, $"threshold `{watch.Expression}` of scenario `{watch.Scenario}` failed too often");
            }
        }
    }

    private ScenarioRun[] Runs()
    {
        lock (_runs)
        {
            return [.. _runs];
        }
    }

    private void ForEachScenario(Func<ScenarioProps, Func<IScenarioInitContext, Task>?> pick, bool isClean)
    {
        foreach (var scenario in Context.Scenarios)
        {
            if (pick(scenario) is not { } act)
            {
                continue;
            }

            using var run = New(scenario, new(scenario.Simulations), counts: false);
            try
            {
                act(new ScenarioCopy(run, 0, isLoop: false)).GetAwaiter().GetResult();
            }
            catch (Exception e) when (isClean)
            {
                Console.Error.WriteLine($"scenario `{scenario.ScenarioName}` did not end cleanly: {e.Message}");
            }
        }
    }

    private NodeStats Stats()
    {
        var scenarios = _runs.Select(run => run.Stats()).ToArray();
        return new()
        {
            ScenarioStats = scenarios,
            Thresholds = [.. _watches.Select(watch => watch.Result())],
            NodeInfo = Node,
            TestInfo = Info,
            AllRequestCount = scenarios.Sum(scenario => scenario.AllRequestCount),
            AllOkCount = scenarios.Sum(scenario => scenario.AllOkCount),
            AllFailCount = scenarios.Sum(scenario => scenario.AllFailCount),
            AllBytes = scenarios.Sum(scenario => scenario.AllBytes),
            Duration = scenarios.Select(scenario => scenario.Duration).DefaultIfEmpty().Max(),
            StopReason = _stopReason,
        };
    }
}
