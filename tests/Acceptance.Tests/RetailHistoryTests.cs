using System.Text.RegularExpressions;
using Decisioning.Tests.Shared;
using Decisioning.V1;

namespace Decisioning.Acceptance.Tests;

/// <summary>A real order history goes in over gRPC; what the engine knows afterwards equals what others computed from it.</summary>
public sealed partial class RetailHistoryTests
{
    private const int Events = 17813;

    [Fact]
    public async Task An_imported_history_gives_every_customers_true_figures()
    {
        var history = RetailHistory.FindOrSkip();
        using var folder = new TemporaryFolder();
        await using var engine = await StartAsync(folder);

        var (exitCode, output) = await ImportAsync(history, engine);

        Assert.True(exitCode == 0, output);
        Assert.Equal((Events, 0), Counts(output));
        Assert.Empty(await DifferencesAsync(history, engine, folder));
    }

    [Fact]
    public async Task A_history_whose_import_was_killed_half_way_is_completed_by_importing_it_again()
    {
        var history = RetailHistory.FindOrSkip();
        using var folder = new TemporaryFolder();
        await using (var engine = await StartAsync(folder))
        {
            using var import = DecideProgram.Start("import", history.Orders, "--map", RetailHistory.Map, "--address", engine.GrpcAddress);
            await CustomersReachAsync(engine, 400);
            await engine.KillAsync();
            var (exitCode, output) = await DecideProgram.EndAsync(import);
            Assert.True(exitCode == 3, output);
        }

        await using var again = await StartAsync(folder);
        var (secondExit, secondOutput) = await ImportAsync(history, again);
        Assert.True(secondExit == 0, secondOutput);
        var (applied, duplicates) = Counts(secondOutput);
        Assert.Equal(Events, applied + duplicates);
        Assert.InRange(duplicates, 400, Events - 1);
        Assert.Empty(await DifferencesAsync(history, again, folder));
    }

    [Fact]
    public async Task Decisions_made_while_a_history_came_in_are_the_same_made_again_although_the_engine_was_killed_and_the_strategy_changed()
    {
        var history = RetailHistory.FindOrSkip();
        using var folder = new TemporaryFolder();
        using var files = new TemporaryFolder();
        var part = history.Part(files, rows: 30_000);
        await using (var engine = await StartAsync(folder))
        {
            using var import = DecideProgram.Start([.. Deciding(part), "--address", engine.GrpcAddress]);
            await CustomersReachAsync(engine, 300);
            await engine.KillAsync();
            Assert.Equal(3, (await DecideProgram.EndAsync(import)).ExitCode);
        }

        await using var again = await SiloProcess.ReadyAsync("--data", folder.Path, "--strategy", RetailHistory.ChangedStrategy(files));
        var (exitCode, output) = await DecideProgram.RunAsync([.. Deciding(part), "--address", again.GrpcAddress]);
        Assert.True(exitCode == 0, output);

        (exitCode, output) = await DecideProgram.RunAsync("replay", "--decisions", "--address", again.GrpcAddress);
        Assert.True(exitCode == 0, output);
        var replayed = Replayed().Match(output);
        Assert.True(replayed.Success, output);
        Assert.InRange(int.Parse(replayed.Groups["decisions"].Value), 1000, int.MaxValue);
        (exitCode, output) = await DecideProgram.RunAsync("replay", "--verify", "--address", again.GrpcAddress);
        Assert.True(exitCode == 0, output);

        static string[] Deciding(string file) =>
            ["import", file, "--map", RetailHistory.Map, "--decide-every", "1", "--channel", "web", "--placements", "hero,banner"];
    }

    private static Task<SiloProcess> StartAsync(TemporaryFolder folder) =>
        SiloProcess.ReadyAsync("--data", folder.Path, "--strategy", RetailHistory.Strategy);

    private static Task<(int ExitCode, string Output)> ImportAsync(RetailHistory history, SiloProcess engine) =>
        DecideProgram.RunAsync("import", history.Orders, "--map", RetailHistory.Map, "--address", engine.GrpcAddress);

    private static async Task<IReadOnlyList<string>> DifferencesAsync(RetailHistory history, SiloProcess engine, TemporaryFolder folder)
    {
        var file = Path.Combine(folder.Path, "export.csv");
        var (exitCode, output) = await DecideProgram.RunAsync(
            "export", "--features", "orders,units,gross,first_order,last_order", "--output", file, "--address", engine.GrpcAddress);
        Assert.True(exitCode == 0, output);
        return history.Differences(file);
    }

    private static async Task CustomersReachAsync(SiloProcess engine, int count)
    {
        using var channel = engine.Channel();
        var client = new Customers.CustomersClient(channel);
        while ((await client.ListAsync(new ListRequest { PageSize = count })).Customers.Count < count)
        {
            // The import goes on in its own process.
        }
    }

    private static (int Applied, int Duplicates) Counts(string output)
    {
        var match = Counted().Match(output);
        Assert.True(match.Success, output);
        return (int.Parse(match.Groups["applied"].Value), int.Parse(match.Groups["duplicate"].Value));
    }

    // Nothing after it: all could be made again.
    [GeneratedRegex(@"^customers \d+  decisions (?<decisions>\d+)  differing 0 \(0 %\)\s*$")]
    private static partial Regex Replayed();

    [GeneratedRegex(@"applied (?<applied>\d+)  duplicate (?<duplicate>\d+)")]
    private static partial Regex Counted();
}
