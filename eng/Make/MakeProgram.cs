namespace Decisioning.Make;

/// <summary>What <c>dotnet run make.cs COMMAND</c> does.</summary>
public static class MakeProgram
{
    private const string Usage = """
        usage: dotnet run make.cs COMMAND

          up      build, start the engine on its embedded store, play the sample day, serve until Ctrl-C
                  [--port N] [--http-port N] [--data FOLDER] [--strategy FOLDER] [--no-sample]
          test    build everything and run all tests          [--only NAME]
          bench   print the table of benchmarks               [NAME …]
          decide  run the command line from this checkout     ARGS …
          build   build everything

          --packages nuget|fallback   before or after the command: which packages to build with; found out once and kept otherwise
        """;

    /// <summary>Runs a command; its exit code.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var arguments = args.ToList();
        var isDecide = arguments.Count > 0 && arguments[0] == "decide";
        string? packages = null;
        if (!isDecide && !Take(arguments, "--packages", out packages))
        {
            return Refuse("--packages needs a value: nuget or fallback");
        }

        if (packages is not (null or "nuget" or "fallback"))
        {
            return Refuse($"--packages is `{packages}`; it must be nuget or fallback");
        }

        if (arguments.Count == 0)
        {
            return Refuse(Usage);
        }

        var root = Repository.Find();
        await Packages.SelectAsync(root, packages);
        var (command, rest) = (arguments[0], arguments[1..]);
        return command switch
        {
            "up" => await Up.RunAsync(root, rest),
            "test" => await Tests.RunAsync(root, rest),
            "bench" => await Bench.RunAsync(root, rest),
            "decide" => await Decide.RunAsync(root, rest),
            "build" => await Dotnet.BuildAsync(root, "Decisioning.sln", "Release") ? 0 : 1,
            _ => Refuse($"`{command}` is not a command\n\n{Usage}"),
        };
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

    internal static int Refuse(string message)
    {
        Console.Error.WriteLine(message);
        return 2;
    }
}
