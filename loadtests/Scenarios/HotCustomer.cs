using Decisioning.LoadTests.Runs;
using NBomber;
using Api = Decisioning.V1;

namespace Decisioning.LoadTests.Scenarios;

/// <summary>One customer who does far more than all others: a broken tracker, a shared account.</summary>
internal sealed class HotCustomer : ILoadScenario
{
    /// <summary>The hot one is nobody whom the others' load picks often.</summary>
    private const int HotEventsPerSecond = 500;

    /// <inheritdoc/>
    public string Question => "whether one customer with a flood of events and questions slows down the others";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Row>> RunAsync(LoadRun run)
    {
        var hot = run.World.Customers - 1;
        var during = 2 * run.During;
        var others = new Measure("others", run.Decisions(run.Target), Rate: run.Options.Rate);
        var hotEvents = new Measure("hot customer's events", call => run.Target.TrackAsync(run.World.Live(call, run.Load + "-hot", hot)), Rate: HotEventsPerSecond);
        var hotQuestions = new Measure("hot customer's questions", call => run.Target.DecideAsync(run.World.Question(call, Api.ExplainLevel.None, hot)), Rate: HotEventsPerSecond);
        await run.PlayAsync(null, others.Scenario(TimeSpan.FromSeconds(2)));
        var alone = (await run.PlayAsync("hot customer: others alone", others.Scenario(during))).ScenarioStats.Get(others.Name);
        var stats = await run.PlayAsync("hot customer", others.Scenario(during), hotEvents.Scenario(during), hotQuestions.Scenario(during));
        var beside = stats.ScenarioStats.Get(others.Name);
        var (events, questions) = (stats.ScenarioStats.Get(hotEvents.Name), stats.ScenarioStats.Get(hotQuestions.Name));
        return
        [
            new($"others at {run.Options.Rate} a second, alone: p99", alone.Ok.Latency.Percent99, "ms"),
            new("others beside the hot customer: p99", beside.Ok.Latency.Percent99, "ms"),
            new("  of alone", beside.Ok.Latency.Percent99 / alone.Ok.Latency.Percent99, "×"),
            new($"hot customer's {HotEventsPerSecond} events a second: p99", events.Ok.Latency.Percent99, "ms"),
            new($"hot customer's {HotEventsPerSecond} questions a second: p99", questions.Ok.Latency.Percent99, "ms"),
            Rows.Failed(alone.AllFailCount + stats.AllFailCount),
        ];
    }
}
