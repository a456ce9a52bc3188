using System.Diagnostics;
using Decisioning.LoadTests.Runs;

namespace Decisioning.LoadTests.Scenarios;

/// <summary>The mixed load for half an hour.</summary>
internal sealed class Soak : ILoadScenario
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public string Question => "whether memory and latencies stay as they are under a mixed load for long";

    /// <inheritdoc/>
    public bool NeedsOwnEngine => true;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Row>> RunAsync(LoadRun run)
    {
        var during = TimeSpan.FromMinutes(run.Options.Minutes);
        List<(TimeSpan At, double Megabytes)> memory = [];
        using var done = new CancellationTokenSource();
        var watching = WatchAsync(run, memory, done.Token);
        var stats = await run.PlayAsync("soak", Mixed.Loads(run, run.Options.Rate, during));
        await done.CancelAsync();
        await watching;
        await File.WriteAllLinesAsync(
            Path.Combine(run.Folder, "soak-memory.csv"), memory.Select(look => FormattableString.Invariant($"{look.At.TotalSeconds:0},{look.Megabytes:0.0}")).Prepend("seconds,megabytes"));

        // Flat: the last third of an hour begins and ends the same. Of a shorter soak, its last two thirds.
        var from = during - TimeSpan.FromMinutes(Math.Min(20, during.TotalMinutes * 2 / 3));
        var quarter = (during - from) / 4;
        var (first, last) = (Mean(memory, from, from + quarter), Mean(memory, during - quarter, during));
        return
        [
            .. stats.ScenarioStats.Select(scenario => new Row($"{scenario.ScenarioName}: p99", scenario.Ok.Latency.Percent99, "ms")),
            new($"memory {from.TotalMinutes:0} minutes in", first, "MB"),
            new("memory at the end", last, "MB"),
            new("  growth", (last / first) - 1, "", Budget.AtMost(0.02)),
            Rows.Failed(stats.AllFailCount),
        ];
    }

    private static async Task WatchAsync(LoadRun run, List<(TimeSpan At, double Megabytes)> memory, CancellationToken done)
    {
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Look);
        try
        {
            while (await timer.WaitForNextTickAsync(done))
            {
                memory.Add((Stopwatch.GetElapsedTime(started), run.Engine!.Memory / 1e6));
            }
        }
        catch (OperationCanceledException)
        {
            // The load is over.
        }
    }

    private static double Mean(List<(TimeSpan At, double Megabytes)> memory, TimeSpan from, TimeSpan to) =>
        memory.Where(look => look.At >= from && look.At <= to).Select(look => look.Megabytes).DefaultIfEmpty(double.NaN).Average();
}
