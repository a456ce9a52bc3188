using Decisioning.Simulation.Tests.Torture;
using Decisioning.Tests.Shared;

namespace Decisioning.Simulation.Tests;

/// <summary>Short tortures; <c>dotnet run make.cs torture</c> takes its time.</summary>
public sealed class FaultTests(ITestOutputHelper output)
{
    private readonly TortureOptions _options = new() { Seed = Environment.TickCount & 0xFFFFF, Kills = 5, Customers = 100, Races = 400 };

    [Fact]
    public Task Engines_killed_under_load_lose_double_and_mistake_nothing_on_sqlite() => RunAsync(new TortureRun(new SqliteTorture(), _options, output.WriteLine));

    [Fact]
    public Task Engines_killed_under_load_lose_double_and_mistake_nothing_on_postgres()
    {
        TestPostgres.RequireInstalled();
        return RunAsync(new TortureRun(new PostgresTorture(), _options, output.WriteLine));
    }

    [Fact]
    public Task A_server_that_crashes_and_whose_connections_are_cut_loses_nothing_while_decisions_go_on_from_memory()
    {
        TestPostgres.RequireInstalled();
        return RunAsync(new FaultRun(new PostgresTorture(), _options with { Faults = ["crash", "cut", "deadlock"] }, output.WriteLine));
    }

    [Fact]
    public Task Two_engines_that_write_at_once_on_postgres_lose_nothing()
    {
        TestPostgres.RequireInstalled();
        return RunAsync(new RaceRun(new PostgresTorture(), _options));
    }

    [Fact]
    public Task A_disk_that_is_full_loses_nothing_while_decisions_go_on_from_memory()
    {
        var store = new SqliteTorture(onSmallDisk: true);
        Assert.SkipUnless(store.HasSmallDisk, "only root may make a small disk to fill");
        return RunAsync(new FaultRun(store, _options, output.WriteLine));
    }

    private async Task RunAsync(ITortureRun run)
    {
        await using (run)
        {
            var summary = await run.RunAsync();
            output.WriteLine($"seed {_options.Seed}\n{summary}");
            Assert.True(summary.Findings.Total == 0, $"seed {_options.Seed}: {string.Join('\n', summary.Findings.Samples)}");
        }
    }
}
