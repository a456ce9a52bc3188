using Decisioning.LoadTests.Runs;
using NBomber;

namespace Decisioning.LoadTests.Scenarios;

/// <summary>Ten times the load for ten seconds.</summary>
internal sealed class Spike : ILoadScenario
{
    private const int Times = 10;

    // Code that is still compiled answers late, and would make a poor measure of what is normal.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Normal = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Spiking = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public string Question => "what becomes of ten times the load for ten seconds, and how soon all is as before";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Row>> RunAsync(LoadRun run)
    {
        var rate = run.Options.Rate;
        var before = new Measure("before", run.Decisions(run.Target), Rate: rate);
        var spike = new Measure("spike", run.Decisions(run.Target), Rate: Times * rate);
        var recovering = new Measure("two seconds after", run.Decisions(run.Target), Rate: rate);
        var after = new Measure("after that", run.Decisions(run.Target), Rate: rate);
        await run.PlayAsync(null, new Measure("warm-up", run.Decisions(run.Target), run.Options.Callers).Scenario(WarmUp));
        var stats = await run.PlayAsync(
            "spike",
            before.Scenario(Normal),
            spike.Scenario(Spiking, Normal),
            recovering.Scenario(Recovery, Normal + Spiking),
            after.Scenario(Normal, Normal + Spiking + Recovery));
        var spiked = stats.ScenarioStats.Get(spike.Name);
        var refused = spiked.Fail.StatusCodes.Find("ResourceExhausted")?.Count ?? 0;
        var (was, then, now) = (stats.ScenarioStats.Get(before.Name).Ok.Latency, stats.ScenarioStats.Get(recovering.Name).Ok.Latency, stats.ScenarioStats.Get(after.Name).Ok.Latency);
        return
        [
            new($"before, {rate} a second: p99", was.Percent99, "ms"),
            new($"spike, {Times * rate} a second for {Spiking.TotalSeconds:0} s: answered", spiked.Ok.Request.RPS, "per s"),
            new("  p99", spiked.Ok.Latency.Percent99, "ms"),
            new("  refused as too many (RESOURCE_EXHAUSTED)", refused, ""),
            new("first two seconds after: p99", then.Percent99, "ms"),
            new("after that: p99", now.Percent99, "ms"),
            new("  of before", now.Percent99 / was.Percent99, "×", Budget.AtMost(1.5)),
            Rows.Failed(stats.AllFailCount - refused, "calls that failed otherwise"),
        ];
    }
}
