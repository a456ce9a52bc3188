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
        ["--storage"] = "Storage:Kind",
        ["--postgres"] = "Storage:Postgres:ConnectionString",
        ["--strategy"] = "Decisioning:StrategyFolder",
    };

    public const string Help = """
        Usage: Decisioning.Silo [switches]

          --port PORT          gRPC, HTTP/2 cleartext on loopback (5001; 0 for a free one)
          --http-port PORT     /healthz and /readyz, HTTP/1.1 on loopback (5002; 0 for a free one)
          --data FOLDER        where the embedded database is kept (`data` below the working folder)
          --storage KIND       sqlite, the embedded database, or postgres (sqlite)
          --postgres SERVER    the server for `--storage postgres`: "Host=…;Database=…;Username=…;Password=…"
          --strategy FOLDER    the strategy in force; published again whenever it changes
          --Section:Setting V  any other setting of appsettings.json by its full name
        """;

    /// <summary>Refuses what no setting would hear of: a typing error that nobody sees.</summary>
    /// <exception cref="SiloArgumentException">An argument is no switch, or lacks its value.</exception>
    public static void Check(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i].Split('=')[0];
            if (!Switches.ContainsKey(name) && !(name.StartsWith("--", StringComparison.Ordinal) && name.Contains(':', StringComparison.Ordinal)))
            {
                throw new SiloArgumentException($"`{args[i]}` is no switch; those there are: {string.Join(", ", Switches.Keys)}, or `--Section:Setting`");
            }

            var value = args[i].Contains('=', StringComparison.Ordinal) ? args[i][(name.Length + 1)..] : ++i < args.Length ? args[i] : null;
            if (string.IsNullOrEmpty(value) || value.StartsWith("--", StringComparison.Ordinal))
            {
                throw new SiloArgumentException($"`{name}` needs a value after it");
            }

            if (name.EndsWith("port", StringComparison.Ordinal) && !ushort.TryParse(value, out _))
            {
                throw new SiloArgumentException($"`{value}` is no port; give `{name}` 0 to 65535, 0 for a free one");
            }
        }
    }
}

/// <summary>The command line says something that cannot be meant.</summary>
internal sealed class SiloArgumentException(string message) : Exception(message);
