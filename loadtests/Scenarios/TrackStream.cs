using Decisioning.LoadTests.Runs;
using Decisioning.LoadTests.Targets;

namespace Decisioning.LoadTests.Scenarios;

/// <summary>Events over streams, one event to a message, beside a grain that does nothing.</summary>
internal sealed class TrackStream : ILoadScenario
{
    private const int Rounds = 3;

    /// <inheritdoc/>
    public string Question => "how many durable events a second over streams";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Row>> RunAsync(LoadRun run)
    {
        await using var engine = run.NewStreams();
        await using var echo = run.Echoes()?.GrainStreams();
        var track = new Measure("events, streams", run.EventsInTurn(engine), Callers: EngineStreamsTarget.Callers);
        var few = new Measure("events, streams, a few customers often", run.Events(engine), Callers: EngineStreamsTarget.Callers);
        var grain = echo is null ? null : new Measure(echo.Name, run.EventsInTurn(echo), Callers: EngineStreamsTarget.Callers);
        var measured = await run.TakeTurnsAsync("events, streams", Rounds, grain is null ? [track, few] : [grain, track, few]);
        return
        [
            .. Rows.Events(measured, $"events over {EngineStreamsTarget.Count} streams", grain, track, few, Budget.AtLeast(run.Options.IsPostgres ? 0.4 : 0.25)),
            new("  p99", measured.P99(track), "ms"),
            Rows.Failed(measured.Failed(track, few)),
        ];
    }
}
