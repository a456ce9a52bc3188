using System.Globalization;
using Decisioning.LoadTests.Data;
using Decisioning.LoadTests.Runs;
using Decisioning.LoadTests.Scenarios;
using Spectre.Console;

namespace Decisioning.LoadTests;

/// <summary>The command line <c>load</c>.</summary>
internal static class LoadCommand
{
    private const string DataVerb = "data";

    private static readonly ILoadScenario[] All =
    [
        new NextBestAction(), new Track(), new TrackStream(), new Mixed(), new HotCustomer(), new ColdStart(), new Spike(), new Failover(), new Overload(), new Soak(), new Instead(),
    ];

    /// <summary>What it can be asked.</summary>
    public static string Usage { get; } = $"""
        usage: dotnet run make.cs load [SCENARIO …] [options]

        {string.Join('\n', All.Select(scenario => $"  {scenario.GetType().Name,-16} {scenario.Question}"))}
          {DataVerb,-16} write the customers and a stretch of load to files that `decide play` reads, and run nothing

        without a scenario: all but Overload, Soak and Instead. Options:

          --rate N            calls per second of open loads (2000)
          --seconds S         how long each load is measured (5)
          --callers N         callers of closed loads (32)
          --customers N       customers there are (100000)
          --store KIND        sqlite or postgres (sqlite)
          --minutes M         how long Soak takes (30); give it --customers 2000: with more, what is kept of each grows all the time
          --seed N            what chance is made of (1)
          --target HOST:PORT  an engine that runs already, with a strategy of its own; --remote where it is not this machine
          --key KEY           the key to be let in with (DECISIONING_KEY)
          --out FOLDER        where reports or data go (a folder of its own below artifacts/load)
        """;

    /// <summary>Runs it; 0 when all was answered as it must be.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["help" or "--help" or "-h", ..])
        {
            Console.WriteLine(Usage);
            return LoadException.Well;
        }

        try
        {
            var options = LoadOptions.Read(args);
            var now = TimeProvider.System.GetUtcNow();
            var folder = Path.GetFullPath(options.Folder ?? Path.Combine("artifacts", "load", now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)));
            if (options.Scenarios is [DataVerb])
            {
                DataFiles.Write(new World(options.Seed, options.Customers, now), options.Seed, folder).ToList().ForEach(Console.WriteLine);
                return LoadException.Well;
            }

            return await RunAsync(options, Chosen(options), folder);
        }
        catch (LoadException e)
        {
            Console.Error.WriteLine("load: " + e.Message);
            return e.ExitCode;
        }
    }

    private static List<ILoadScenario> Chosen(LoadOptions options)
    {
        List<ILoadScenario> chosen = options.Scenarios.Count == 0
            ? [.. All.Where(scenario => scenario is not (Overload or Soak or Instead) && (options.Target is null || !scenario.NeedsOwnEngine))]
            : [.. options.Scenarios.Select(Find)];
        return options.Target is not null && chosen.Find(scenario => scenario.NeedsOwnEngine) is { } own
            ? throw new LoadException($"{own.GetType().Name} stops and starts the engine: it needs one of its own; leave --target out", LoadException.Refused)
            : chosen;
    }

    private static ILoadScenario Find(string name) => Array.Find(All, scenario => scenario.GetType().Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new LoadException($"`{name}` is not a scenario; there are {string.Join(", ", All.Select(scenario => scenario.GetType().Name))} and {DataVerb}", LoadException.Refused);

    private static async Task<int> RunAsync(LoadOptions options, List<ILoadScenario> scenarios, string folder)
    {
        await using var run = await LoadRun.StartAsync(options, folder, scenarios.Exists(scenario => scenario.NeedsCustomers));
        var summary = Path.Combine(folder, "summary.md");
        await File.WriteAllTextAsync(summary, string.Create(
            CultureInfo.InvariantCulture,
            $"# Load of {TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC\n\n{Environment.ProcessorCount} cores, .NET {Environment.Version}, {(options.Target is { } target ? $"engine at {target}" : options.IsPostgres || !scenarios.Exists(scenario => scenario.NeedsCustomers) ? "PostgreSQL" : "SQLite")}, {options.Customers:N0} customers, seed {options.Seed}\n\n"));
        var isRight = true;
        foreach (var scenario in scenarios)
        {
            var unrecorded = await run.UnrecordedAsync();
            List<Row> rows = [.. await scenario.RunAsync(run)];
            if (run.Engine is not null)
            {
                // An engine that was started anew counts anew.
                rows.Add(new("decisions answered but not recorded", Math.Max(0, await run.UnrecordedAsync() - unrecorded), ""));
            }

            var title = $"{scenario.GetType().Name}: {scenario.Question}";
            Summary.Print(AnsiConsole.Console, title, rows);
            await File.AppendAllTextAsync(summary, Summary.Markdown(title, rows));
            isRight &= rows.All(row => row.Budget is not { IsRight: true } budget || budget.Holds(row.Value));
        }

        Console.WriteLine($"reports: {folder}");
        return isRight ? LoadException.Well : LoadException.Wrong;
    }
}
