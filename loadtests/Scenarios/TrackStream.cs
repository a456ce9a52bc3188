using Decisioning.LoadTests.Runs;
using Decisioning.LoadTests.Targets;

namespace Decisioning.LoadTests.Scenarios;

/// <summary>Events over streams, one event of one customer to a message, beside a grain that does nothing.</summary>
internal sealed class TrackStream : ILoadScenario
{
    private const int Rounds = 3;

    /// <inheritdoc/>
    public string Question => "how many durable events a second over streams";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Row>> RunAsync(LoadRun run)
    {
        await using var engine = run.NewStreams();
        var track = new Measure("events, streams", engine.TrackAsync, Callers: EngineStreamsTarget.Callers);
        if (run.Echoes() is not var (_, _, grainStreams))
        {
            var alone = await run.TakeTurnsAsync("events, streams", Rounds, track);
            return [new("events over streams", alone.PerSecond(track), "per s"), Rows.Failed(alone.Failed(track))];
        }

        await using var streams = grainStreams();
        var grain = new Measure(streams.Name, streams.TrackAsync, Callers: EngineStreamsTarget.Callers);
        var measured = await run.TakeTurnsAsync("events, streams", Rounds, grain, track);
        return
        [
            new("empty stream → grain", measured.PerSecond(grain), "per s"),
            new($"events over {EngineStreamsTarget.Count} streams", measured.PerSecond(track), "per s"),
            new("  of empty stream → grain", measured.PerSecond(track) / measured.PerSecond(grain), "×", Budget.AtLeast(run.Options.IsPostgres ? 0.4 : 0.25)),
            new("  p99", measured.P99(track), "ms"),
            Rows.Failed(measured.Failed(track)),
        ];
    }
}
