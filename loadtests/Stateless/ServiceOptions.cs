using System.Globalization;

namespace Decisioning.LoadTests.Stateless;

/// <summary>How the service is started.</summary>
internal sealed record ServiceOptions
{
    /// <summary>The port on the loopback interface.</summary>
    public required int Port { get; init; }

    /// <summary>How PostgreSQL is reached.</summary>
    public required string Postgres { get; init; }

    /// <summary>The path of the socket where Redis listens.</summary>
    public required string Redis { get; init; }

    /// <summary>Callers' events in a transaction at most; 1 for each by itself.</summary>
    public int Together { get; init; } = 256;

    /// <summary>Transactions of events under way at most: few where each takes many along, else one for each caller of a load.</summary>
    public int Lanes => Together == 1 ? 64 : 4;

    /// <summary>Them as arguments of a command line; the port is whoever starts it's.</summary>
    public static string[] Arguments(string postgres, string redis, int together) =>
        ["--postgres", postgres, "--redis", redis, "--together", together.ToString(CultureInfo.InvariantCulture)];

    /// <summary>Reads a command line.</summary>
    public static ServiceOptions Read(string[] args)
    {
        var given = args.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        return new()
        {
            Port = int.Parse(given["--port"], CultureInfo.InvariantCulture),
            Postgres = given["--postgres"],
            Redis = given["--redis"],
            Together = int.Parse(given["--together"], CultureInfo.InvariantCulture),
        };
    }
}
