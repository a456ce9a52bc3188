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
        var track = new Measure("events", run.Target.TrackAsync, Callers: callers);
        var open = new Measure("events, open loop", run.Target.TrackAsync, Rate: run.Options.Rate);
        var grain = run.Echoes() is { } echoes ? new Measure(echoes.Grain.Name, echoes.Grain.TrackAsync, Callers: callers) : null;
        var closed = await run.TakeTurnsAsync("events", Rounds, grain is null ? [track] : [grain, track]);
        var atRate = await run.TakeTurnsAsync("events, open loop", Rounds, open);
        List<Row> rows = [];
        if (grain is not null)
        {
            rows.Add(new($"empty gRPC → grain, {callers} callers", closed.PerSecond(grain), "per s"));
        }

        rows.Add(new($"events, {callers} callers", closed.PerSecond(track), "per s"));
        if (grain is not null)
        {
            rows.Add(new("  of empty gRPC → grain", closed.PerSecond(track) / closed.PerSecond(grain), "×", Budget.AtLeast(0.6)));
        }

        return [.. rows, .. Rows.OpenLoop("events", atRate, open), Rows.Failed(closed.Failed(track) + atRate.Failed(open))];
    }
}
