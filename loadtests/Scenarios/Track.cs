using Decisioning.LoadTests.Runs;

namespace Decisioning.LoadTests.Scenarios;

/// <summary>Events in calls, each acknowledged when it is on the disk, beside a grain that does nothing.</summary>
internal sealed class Track : ILoadScenario
{
    private const int Rounds = 3;

    /// <summary>Commits are shared: more callers than decisions need, as a gateway of many clients has them.</summary>
    private const int CallersLeast = 128;

    /// <inheritdoc/>
    public string Question => "how many durable events a second in calls, and how long one takes";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Row>> RunAsync(LoadRun run)
    {
        var callers = Math.Max(run.Options.Callers, CallersLeast);
        var track = new Measure("events", run.EventsInTurn(run.Target), Callers: callers);
        var few = new Measure("events, a few customers often", run.Events(run.Target), Callers: callers);
        var open = new Measure("events, open loop", run.EventsInTurn(run.Target), Rate: run.Options.Rate);
        var grain = run.Echoes() is { } echoes ? new Measure(echoes.Grain.Name, run.EventsInTurn(echoes.Grain), Callers: callers) : null;
        var closed = await run.TakeTurnsAsync("events", Rounds, grain is null ? [track, few] : [grain, track, few]);
        var atRate = await run.TakeTurnsAsync("events, open loop", Rounds, open);
        return
        [
            .. Rows.Events(closed, $"events, {callers} callers", grain, track, few, Budget.AtLeast(0.6)),
            .. Rows.OpenLoop("events", atRate, open),
            Rows.Failed(closed.Failed(track, few) + atRate.Failed(open)),
        ];
    }
}
