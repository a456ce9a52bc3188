using Decisioning.Simulation.Tests.Torture;

namespace Decisioning.Simulation.Tests;

/// <summary>A short torture; <c>dotnet run make.cs torture</c> takes its time.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Engines_killed_under_load_lose_double_and_mistake_nothing_on_sqlite()
    {
        var options = new TortureOptions { Seed = Environment.TickCount & 0xFFFFF, Kills = 5, Customers = 100 };
        await using var run = new TortureRun(new SqliteTorture(), options, output.WriteLine);
        var summary = await run.RunAsync();

        output.WriteLine($"seed {options.Seed}\n{summary}");
        Assert.True(summary.Findings.Total == 0, $"seed {options.Seed}: {string.Join('\n', summary.Findings.Samples)}");
    }
}
