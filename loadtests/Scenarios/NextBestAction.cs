using Decisioning.LoadTests.Runs;
using Decisioning.LoadTests.Targets;
using Api = Decisioning.V1;

namespace Decisioning.LoadTests.Scenarios;

/// <summary>Decisions: unary and over streams, beside services that do nothing.</summary>
internal sealed class NextBestAction : ILoadScenario
{
    private const int Rounds = 3;

    /// <inheritdoc/>
    public string Question => "how many decisions a second, and how long one takes";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Row>> RunAsync(LoadRun run)
    {
        var (callers, rate) = (run.Options.Callers, run.Options.Rate);
        await using var engineStreams = run.NewStreams();
        var decide = new Measure("decisions", run.Decisions(run.Target), Callers: callers);
        var reasons = new Measure("decisions with reasons", run.Decisions(run.NewTarget("engine", Api.ExplainLevel.Summary)), Callers: callers);
        var stream = new Measure("decisions, streams", run.Decisions(engineStreams), Callers: EngineStreamsTarget.Callers);
        var open = new Measure("decisions, open loop", run.Decisions(run.Target), Rate: rate);
        if (run.Echoes() is not var (echo, grain, grainStreams))
        {
            var alone = await run.TakeTurnsAsync("closed loop", Rounds, decide, reasons, stream);
            var aloneOpen = await run.TakeTurnsAsync("open loop", Rounds, open);
            return
            [
                new($"decisions, {callers} callers", alone.PerSecond(decide), "per s"),
                new($"decisions with reasons, {callers} callers", alone.PerSecond(reasons), "per s"),
                .. Rows.Streams(alone, decide, stream),
                .. Rows.OpenLoop("decisions", aloneOpen, open),
                Rows.Failed(alone.Failed(decide, reasons, stream) + aloneOpen.Failed(open)),
            ];
        }

        await using var streams = grainStreams();
        var unaryEcho = new Measure(echo.Name, run.Decisions(echo), Callers: callers);
        var unaryGrain = new Measure(grain.Name, run.Decisions(grain), Callers: callers);
        var streamGrain = new Measure(streams.Name, run.Decisions(streams), Callers: EngineStreamsTarget.Callers);
        var openGrain = new Measure(grain.Name + ", open loop", run.Decisions(grain), Rate: rate);
        var closed = await run.TakeTurnsAsync("closed loop", Rounds, unaryEcho, unaryGrain, decide, reasons, streamGrain, stream);
        var atRate = await run.TakeTurnsAsync("open loop", Rounds, openGrain, open);
        return
        [
            new($"empty gRPC, {callers} callers", closed.PerSecond(unaryEcho), "per s"),
            new($"empty gRPC → grain, {callers} callers", closed.PerSecond(unaryGrain), "per s"),
            new($"decisions, {callers} callers", closed.PerSecond(decide), "per s"),
            new("  of empty gRPC → grain", closed.PerSecond(decide) / closed.PerSecond(unaryGrain), "×", Budget.AtLeast(0.8)),
            new("  p99", closed.P99(decide), "ms"),
            new($"decisions with reasons, {callers} callers", closed.PerSecond(reasons), "per s"),
            new("  of empty gRPC → grain", closed.PerSecond(reasons) / closed.PerSecond(unaryGrain), "×"),
            new("empty stream → grain", closed.PerSecond(streamGrain), "per s"),
            .. Rows.Streams(closed, decide, stream),
            new("  of empty stream → grain", closed.PerSecond(stream) / closed.PerSecond(streamGrain), "×"),
            .. Rows.OpenLoop("empty gRPC → grain", atRate, openGrain),
            .. Rows.OpenLoop("decisions", atRate, open),
            new("  p99 of that of empty gRPC → grain", atRate.P99(open) / atRate.P99(openGrain), "×", Budget.AtMost(1.5)),
            Rows.Failed(closed.Failed(decide, reasons, stream) + atRate.Failed(open)),
        ];
    }
}
