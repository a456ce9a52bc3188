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
        List<Memory> memory = [];
        using var done = new CancellationTokenSource();
        var watching = WatchAsync(run, memory, done.Token);
        var stats = await run.PlayAsync("soak", Mixed.Loads(run, run.Options.Rate, during));
        await done.CancelAsync();
        await watching;
        await File.WriteAllLinesAsync(
            Path.Combine(run.Folder, "soak-memory.csv"), memory.Select(look => FormattableString.Invariant($"{look.At.TotalSeconds:0},{look.Megabytes:0.0},{look.Objects:0.0}")).Prepend("seconds,megabytes,objects"));

        // Flat: the last third of an hour begins and ends the same. Of a shorter soak, its last two thirds.
        var from = during - TimeSpan.FromMinutes(Math.Min(20, during.TotalMinutes * 2 / 3));
        var quarter = (during - from) / 4;
        var (first, last) = (Between(memory, from, from + quarter), Between(memory, during - quarter, during));
        var (was, now) = (first.Average(look => look.Megabytes), last.Average(look => look.Megabytes));
        var (held, holds) = (first.Min(look => look.Objects), last.Min(look => look.Objects));
        return
        [
            .. stats.ScenarioStats.Select(scenario => new Row($"{scenario.ScenarioName}: p99", scenario.Ok.Latency.Percent99, "ms")),
            new($"memory {from.TotalMinutes:0} minutes in", was, "MB"),
            new("memory at the end", now, "MB"),
            new("  growth", (now / was) - 1, "", Budget.AtMost(0.02)),
            new($"objects after a collection, at least, {from.TotalMinutes:0} minutes in", held, "MB"),
            new("objects at the end", holds, "MB"),
            new("  growth", (holds / held) - 1, ""),
            Rows.Failed(stats.AllFailCount),
        ];
    }

    private static async Task WatchAsync(LoadRun run, List<Memory> memory, CancellationToken done)
    {
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Look);
        try
        {
            while (await timer.WaitForNextTickAsync(done))
            {
                await LookAsync(run, memory, started);
            }
        }
        catch (OperationCanceledException)
        {
            // The load is over.
        }
    }

    private static async Task LookAsync(LoadRun run, List<Memory> memory, long started)
    {
        try
        {
            var objects = await run.Engine!.MetricAsync("dotnet_gc_last_collection_heap_size_bytes")
                - await run.Engine.MetricAsync("dotnet_gc_last_collection_heap_fragmentation_size_bytes");
            memory.Add(new(Stopwatch.GetElapsedTime(started), run.Engine.Memory / 1e6, objects / 1e6));
        }
        catch (HttpRequestException)
        {
            // What becomes of the calls of an engine that does not answer is in the report, which a look must not lose.
        }
    }

    // A soak too short for a look is looked at whole.
    private static List<Memory> Between(List<Memory> memory, TimeSpan from, TimeSpan to) =>
        memory.FindAll(look => look.At >= from && look.At <= to) is { Count: > 0 } looks ? looks : memory;

    /// <summary>A look at the engine's memory.</summary>
    /// <param name="At">How long after the soak began.</param>
    /// <param name="Megabytes">Its working set.</param>
    /// <param name="Objects">Megabytes of objects after its last collection, those not yet found dead among them, its free room not.</param>
    private sealed record Memory(TimeSpan At, double Megabytes, double Objects);
}
