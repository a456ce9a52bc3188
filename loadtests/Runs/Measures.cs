using NBomber.Contracts;
using NBomber.Contracts.Stats;
using NBomber.CSharp;

namespace Decisioning.LoadTests.Runs;

/// <summary>One of several things that are measured in turns.</summary>
/// <param name="Name">What it is called in tables and reports.</param>
/// <param name="Call">What a caller does in a call, of which no two of a run have the same number.</param>
/// <param name="Callers">How many callers there are at once; 0 where calls come at a rate.</param>
/// <param name="Rate">Calls per second, whatever becomes of those before; 0 where callers wait.</param>
internal sealed record Measure(string Name, Func<long, Task<IResponse>> Call, int Callers = 0, int Rate = 0)
{
    // One count for all: whom a call is about and what its event is called are functions of its number.
    private static long _calls = -1;

    /// <summary>It as a scenario.</summary>
    public ScenarioProps Scenario(TimeSpan during, TimeSpan? pause = null)
    {
        var call = Rate > 0 ? new Lines(Call, TimeProvider.System).CallAsync : Call;
        var load = Rate > 0 ? Simulation.Inject(Rate, TimeSpan.FromSeconds(1), during) : Simulation.KeepConstant(Callers, during);
        return NBomber.CSharp.Scenario.Create(Name, _ => call(Interlocked.Increment(ref _calls)))
            .WithoutWarmUp()
            .WithMaxFailCount(int.MaxValue)
            .WithLoadSimulations(pause is { } before ? [Simulation.Pause(before), load] : [load]);
    }
}

/// <summary>The best rounds of several measures.</summary>
internal sealed class Measured
{
    private readonly Dictionary<string, List<ScenarioStats>> _rounds = new(StringComparer.Ordinal);

    /// <summary>Adds a round.</summary>
    public void Add(ScenarioStats stats)
    {
        if (!_rounds.TryGetValue(stats.ScenarioName, out var rounds))
        {
            _rounds.Add(stats.ScenarioName, rounds = []);
        }

        rounds.Add(stats);
    }

    /// <summary>Answers per second of the fastest round: what else runs on the machine only ever takes away.</summary>
    public double PerSecond(Measure measure) => _rounds[measure.Name].Max(stats => stats.Ok.Request.RPS);

    /// <summary>Milliseconds that half did not exceed, in the best round.</summary>
    public double P50(Measure measure) => _rounds[measure.Name].Min(stats => stats.Ok.Latency.Percent50);

    /// <summary>Milliseconds that 99 of 100 did not exceed, in the best round.</summary>
    public double P99(Measure measure) => _rounds[measure.Name].Min(stats => stats.Ok.Latency.Percent99);

    /// <summary>Milliseconds of the longest, in the best round.</summary>
    public double Max(Measure measure) => _rounds[measure.Name].Min(stats => stats.Ok.Latency.MaxMs);

    /// <summary>Calls of all rounds that failed.</summary>
    public int Failed(params Measure[] measures) => measures.Sum(measure => _rounds[measure.Name].Sum(stats => stats.AllFailCount));
}
