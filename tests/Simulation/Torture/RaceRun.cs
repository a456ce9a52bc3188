using System.Diagnostics;
using Decisioning.Simulation.Tests.InProcess;

namespace Decisioning.Simulation.Tests.Torture;

/// <summary>Two engines that do not know each other on one store, both writing for the same customers at once; then the audit.</summary>
/// <param name="store">The store they share.</param>
/// <param name="options">How often, and from which seed.</param>
internal sealed class RaceRun(TortureStore store, TortureOptions options) : ITortureRun
{
    /// <summary>Runs all of it.</summary>
    public async Task<Summary> RunAsync()
    {
        var started = Stopwatch.GetTimestamp();
        await using var opened = store.Open();
        await using var world = await World.StartAsync(() => opened);
        await TwoWriters.RunAsync(world, options.Seed, options.Races);
        var auditor = await world.AuditAsync();
        var summary = Summary.Of($"{store.Name}, two activations", world.Ledger, world.Findings, auditor, Stopwatch.GetElapsedTime(started));
        summary.Add("both wrote at once", options.Races);
        summary.Add("  appends lost to the other", world.Conflicts);
        return summary;
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();
}
