namespace Decisioning.Silo;

/// <summary>The command line: a few short switches for the settings that differ from start to start, and any setting by its full name.</summary>
internal static class SiloArguments
{
    /// <summary>Which setting a switch stands for.</summary>
    public static IReadOnlyDictionary<string, string> Switches { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["--port"] = "Decisioning:GrpcPort",
        ["--http-port"] = "Decisioning:HttpPort",
        ["--data"] = "Storage:DataFolder",
        ["--strategy"] = "Decisioning:StrategyFolder",
    };

    public const string Help = """
        Usage: Decisioning.Silo [switches]

          --port PORT          gRPC, HTTP/2 cleartext on loopback (5001; 0 for a free one)
          --http-port PORT     /healthz and /readyz, HTTP/1.1 on loopback (5002; 0 for a free one)
          --data FOLDER        where the embedded database is kept (`data` below the working folder)
          --strategy FOLDER    the strategy in force; published again whenever it changes
          --Section:Setting V  any other setting of appsettings.json by its full name
        """;

    /// <summary>What is wrong with the arguments; null when nothing is. A setting that nobody reads would be a typing error nobody sees.</summary>
    public static string? Mistake(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i].Split('=')[0];
            if (!Switches.ContainsKey(name) && !(name.StartsWith("--", StringComparison.Ordinal) && name.Contains(':', StringComparison.Ordinal)))
            {
                return $"`{args[i]}` is no switch; those there are: {string.Join(", ", Switches.Keys)}, or `--Section:Setting`";
            }

            if (args[i].Contains('=', StringComparison.Ordinal))
            {
                continue;
            }

            if (++i == args.Length)
            {
                return $"`{name}` needs a value after it";
            }
        }

        return null;
    }
}
