using System.Globalization;
using System.Net;

namespace Decisioning.LoadTests;

/// <summary>What a command line asks for.</summary>
internal sealed record LoadOptions
{
    private const int CustomersMax = 10_000_000;

    /// <summary>The environment variable that holds the key where none is given.</summary>
    private const string KeyVariable = "DECISIONING_KEY";

    /// <summary>The scenarios to run, in this order; none: those that take a few minutes.</summary>
    public IReadOnlyList<string> Scenarios { get; init; } = [];

    /// <summary>Calls per second of open loads.</summary>
    public int Rate { get; init; } = 2_000;

    /// <summary>How long each load is measured.</summary>
    public int Seconds { get; init; } = 5;

    /// <summary>Callers of closed loads.</summary>
    public int Callers { get; init; } = 32;

    /// <summary>Customers there are.</summary>
    public int Customers { get; init; } = 100_000;

    /// <summary>Whether the store is PostgreSQL.</summary>
    public bool IsPostgres { get; init; }

    /// <summary>The engine to load; none: one is started.</summary>
    public Uri? Target { get; init; }

    /// <summary>The key to be let in with.</summary>
    public string? Key { get; init; }

    /// <summary>What chance is made of.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How long a soak takes.</summary>
    public int Minutes { get; init; } = 30;

    /// <summary>Where reports or data go; none: below <c>artifacts/load</c>.</summary>
    public string? Folder { get; init; }

    /// <summary>Reads a command line.</summary>
    /// <exception cref="LoadException">It is not understood; the message says why.</exception>
    public static LoadOptions Read(string[] args)
    {
        var (options, isRemote, scenarios) = (new LoadOptions(), false, new List<string>());
        for (var i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith('-'))
            {
                scenarios.Add(args[i]);
            }
            else if (args[i] == "--remote")
            {
                isRemote = true;
            }
            else
            {
                var (name, value) = (args[i], i + 1 < args.Length ? args[++i] : throw Refused($"{args[i]} needs a value after it"));
                options = name switch
                {
                    "--rate" => options with { Rate = Number(name, value, 1, 1_000_000) },
                    "--seconds" => options with { Seconds = Number(name, value, 1, 86_400) },
                    "--callers" => options with { Callers = Number(name, value, 1, 10_000) },
                    "--customers" => options with { Customers = Number(name, value, 1, CustomersMax) },
                    "--seed" => options with { Seed = Number(name, value, 0, int.MaxValue) },
                    "--minutes" => options with { Minutes = Number(name, value, 1, 10_080) },
                    "--store" => options with { IsPostgres = value is "postgres" or "sqlite" ? value == "postgres" : throw Refused($"--store is `{value}`; it must be sqlite or postgres") },
                    "--target" => options with { Target = Address(value) },
                    "--key" => options with { Key = value },
                    "--out" => options with { Folder = value },
                    _ => throw Refused($"`{name}` is not an option\n\n{LoadCommand.Usage}"),
                };
            }
        }

        return options.Target is { } target && !isRemote && !IsLoopback(target)
            ? throw Refused($"{target.Host} is not this machine; a load can do harm there: give --remote too if it is meant")
            : options with { Scenarios = scenarios, Key = options.Key ?? Environment.GetEnvironmentVariable(KeyVariable) };
    }

    private static int Number(string name, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Refused(string.Create(CultureInfo.InvariantCulture, $"{name} is `{value}`; it must be {least} to {most}"));

    private static Uri Address(string value) =>
        Uri.TryCreate(value.Contains("://", StringComparison.Ordinal) ? value : "http://" + value, UriKind.Absolute, out var address)
        && address is { Scheme: "http" or "https", IsDefaultPort: false, PathAndQuery: "/" }
            ? address
            : throw Refused($"--target is `{value}`; it must be HOST:PORT, or https://HOST:PORT");

    // A name is what its owner says it is: only numbers and the one name that every machine has are this machine.
    private static bool IsLoopback(Uri address) =>
        address.Host == "localhost" || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));

    private static LoadException Refused(string message) => new(message, LoadException.Refused);
}
