using System.Diagnostics;
using Decisioning.LoadTests.Runs;
using Decisioning.LoadTests.Targets;
using NBomber;
using NBomber.Contracts;
using Api = Decisioning.V1;

namespace Decisioning.LoadTests.Scenarios;

/// <summary>An engine that was just started: on an empty store, and with customers it has yet to read.</summary>
internal sealed class ColdStart : ILoadScenario
{
    private const int ColdAsked = 20_000;

    /// <inheritdoc/>
    public string Question => "how long from the start to the first decision, and how long a customer takes who is asked about first";

    /// <inheritdoc/>
    public bool NeedsOwnEngine => true;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Row>> RunAsync(LoadRun run)
    {
        var empty = await EmptyAsync(run);
        await run.Engine!.StopAsync();
        var started = Stopwatch.GetTimestamp();
        await run.Engine.StartAsync();
        await FirstAsync(run.Target, run.World.Question(0, Api.ExplainLevel.None, 0));
        var stored = Stopwatch.GetElapsedTime(started);

        // The code of decisions is made while the first are asked: that is the engine's start, not the customers'.
        var known = Math.Min(2_000, run.World.Customers / 10);
        foreach (var batch in Enumerable.Range(0, known).Chunk(20))
        {
            await Task.WhenAll(batch.Select(customer => run.Target.DecideAsync(run.World.Question(customer, Api.ExplainLevel.None, customer))));
        }

        var rate = Math.Min(run.Options.Rate, 1_000);
        var seconds = Math.Max(1, Math.Min(ColdAsked, run.World.Customers - known) / rate);
        var asked = seconds * rate;
        var next = known - 1;
        var cold = new Measure("cold customers", _ => ColdAsync(run, Interlocked.Increment(ref next)), Rate: rate);
        var stats = (await run.PlayAsync("cold customers", cold.Scenario(TimeSpan.FromSeconds(seconds)))).ScenarioStats.Get(cold.Name);
        return
        [
            new("start to first decision, empty store", empty.TotalSeconds, "s", Budget.AtMost(2)),
            new($"start to first decision, {run.World.Customers:N0} customers stored", stored.TotalSeconds, "s", Budget.AtMost(5)),
            new($"first question about each of {asked:N0} customers, {rate} a second: p50", stats.Ok.Latency.Percent50, "ms"),
            new("  p99", stats.Ok.Latency.Percent99, "ms", Budget.AtMost(5)),
            new("  max", stats.Ok.Latency.MaxMs, "ms"),
            Rows.Failed(stats.AllFailCount),
        ];
    }

    private static Task<IResponse> ColdAsync(LoadRun run, int customer) => run.Target.DecideAsync(run.World.Question(customer, Api.ExplainLevel.None, customer));

    private static async Task<TimeSpan> EmptyAsync(LoadRun run)
    {
        using var store = run.NewStore();
        await using var engine = LoadRun.NewEngine(run.Folder, store);
        using var channel = run.Open(engine.Address);
        var target = new EngineTarget("engine", channel.CreateCallInvoker(), run.World, run.Load, Api.ExplainLevel.None);
        var started = Stopwatch.GetTimestamp();
        await engine.StartAsync();
        await FirstAsync(target, run.World.Question(0, Api.ExplainLevel.None, 0));
        return Stopwatch.GetElapsedTime(started);
    }

    private static async Task FirstAsync(EngineTarget target, Api.NextBestActionRequest question)
    {
        if (await target.DecideAsync(question) is { IsError: true } failed)
        {
            throw new LoadException($"the engine that was just started does not decide: {failed.StatusCode}: {failed.Message}", LoadException.Wrong);
        }
    }
}
