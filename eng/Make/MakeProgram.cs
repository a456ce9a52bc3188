namespace Decisioning.Make;

/// <summary>What <c>dotnet run make.cs COMMAND</c> does.</summary>
public static class MakeProgram
{
    private const int Refused = 2;

    private const string Usage = """
        usage: dotnet run make.cs COMMAND

          up      build, start the engine, play the sample day, serve until Ctrl-C
                  [--port N] [--http-port N] [--strategy FOLDER] [--no-sample]
                  [--data FOLDER] or [--storage postgres --postgres "Host=…;Database=…;Username=…"]
          test    build everything and run all tests          [--only NAME]
          bench   print a table of what its parts cost        [--save FILE] [--compare FILE]
                  [memory | growth | --full | NAME …]         customers in memory, orders of growth, BenchmarkDotNet, the long ones
          load    put the engine under load and measure it    [SCENARIO …] [--rate N] [--seconds S] [--customers N]
                  [--store sqlite|postgres] [--target HOST:PORT --key KEY]; `load help` tells all
          torture kill the engine and its store under load, and check every acknowledgement
                  [--store sqlite|postgres|both] [--kills N] [--faults NAMES] [--races N] [--silos N] [--seed N]
          attack  do to an engine what callers on an open port may do, and check that others notice nothing
                  [--seed N] [--quick] [--only NAME[,NAME …]] [--ratio N]
          decide  run the command line from this checkout     ARGS …
          build   build everything
          help    print this

          --packages nuget|fallback   before or after the command (before `decide`): which packages to build with;
                                      found out once and kept otherwise
        """;

    private static readonly Dictionary<string, Func<string, List<string>, Task<int>>> Commands = new(StringComparer.Ordinal)
    {
        ["up"] = Up.RunAsync,
        ["test"] = Tests.RunAsync,
        ["bench"] = Bench.RunAsync,
        ["load"] = Load.RunAsync,
        ["torture"] = Simulation.Of("torture"),
        ["attack"] = Simulation.Of("attack"),
        ["decide"] = Decide.RunAsync,
        ["build"] = async (root, _) => await Dotnet.BuildAsync(root, "Decisioning.sln", "Release") ? 0 : 1,
    };

    /// <summary>Runs a command; its exit code: that of what it ran, or 2 when it is not understood.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var arguments = args.ToList();

        // What follows `decide` is for the command line alone.
        string? packages = null;
        if (arguments is not ["decide", ..] && !Take(arguments, "--packages", out packages))
        {
            return Refuse("--packages needs a value: nuget or fallback");
        }

        packages ??= Environment.GetEnvironmentVariable(Packages.Property) is { Length: > 0 } set ? set : null;
        if (packages is not null && !Packages.IsChoice(packages))
        {
            return Refuse($"the packages asked for are `{packages}`; they must be nuget or fallback");
        }

        if (arguments is ["help" or "--help" or "-h", ..])
        {
            Console.WriteLine(Usage);
            return 0;
        }

        if (arguments.Count == 0 || !Commands.TryGetValue(arguments[0], out var command))
        {
            return Refuse(arguments.Count == 0 ? Usage : $"`{arguments[0]}` is not a command\n\n{Usage}");
        }

        if (Repository.Find() is not { } root)
        {
            return Refuse("run this inside the checkout");
        }

        await Packages.SelectAsync(root, packages);
        return await command(root, arguments[1..]);
    }

    /// <summary>Takes an option with its value out of arguments; false when the value is missing.</summary>
    internal static bool Take(List<string> arguments, string name, out string? value)
    {
        value = null;
        var at = arguments.IndexOf(name);
        if (at < 0)
        {
            return true;
        }

        if (at + 1 == arguments.Count)
        {
            return false;
        }

        value = arguments[at + 1];
        arguments.RemoveRange(at, 2);
        return true;
    }

    /// <summary>Says what goes on, beside what a command prints: <c>decide export</c> writes its table to standard output.</summary>
    internal static void Say(string line) => Console.Error.WriteLine(line);

    internal static int Refuse(string message)
    {
        Console.Error.WriteLine(message);
        return Refused;
    }
}
