using System.Collections.Immutable;
using System.Globalization;

namespace Decisioning.Simulation.Tests.Torture;

/// <summary>What a run of torture is told.</summary>
internal sealed record TortureOptions
{
    public const string Usage = """
        usage: torture [--store sqlite|postgres|both] [--silos N] [--kills N] [--faults all|none|NAME[,NAME …]] [--races N] [--seed S]

          --store    which store (sqlite)
          --silos    how many engines at once as one cluster, 1 to 10 (1); more than 1 need `--store postgres` and the real Orleans packages,
                     and are killed only
          --kills    how often the engine is killed under load on each store (20)
          --faults   what happens to the store under load (all): full; on postgres also stop, crash, cut, freeze, lock, deadlock
          --races    how often two activations of one customer write at once on each store (1000)
          --seed     where chance begins (a new one each time, printed)
        """;

    private const string All = "all";
    private const string None = "none";

    /// <summary>What can happen to a store, by name.</summary>
    public static ImmutableArray<string> FaultNames { get; } = ["full", "stop", "crash", "cut", "freeze", "lock", "deadlock"];

    /// <summary>Where chance begins.</summary>
    public required int Seed { get; init; }

    /// <summary>How often the engine is killed.</summary>
    public int Kills { get; init; } = 20;

    /// <summary>What happens to the store, by name.</summary>
    public ImmutableArray<string> Faults { get; init; } = FaultNames;

    /// <summary>How often two activations of one customer write at once.</summary>
    public int Races { get; init; } = 1_000;

    /// <summary>Engines at once; more than one are a cluster.</summary>
    public int Silos { get; init; } = 1;

    /// <summary>Callers at once.</summary>
    public int Callers { get; init; } = 10;

    /// <summary>Customers they call about.</summary>
    public int Customers { get; init; } = 400;

    /// <summary>On which stores.</summary>
    public string Store { get; init; } = "sqlite";

    /// <summary>Further switches of the engine: snapshots so often that every life writes and reads some.</summary>
    public string[] EngineArguments { get; init; } = ["--Decisioning:Grains:SnapshotEvery", "15", "--Decisioning:Grains:SnapshotOnLeaveAfter", "1"];

    /// <summary>Whether a fault is to happen.</summary>
    /// <exception cref="ArgumentException">Nobody could ask for it: <see cref="FaultNames"/> lacks it.</exception>
    public bool Wants(string fault) => FaultNames.Contains(fault) ? Faults.Contains(fault) : throw new ArgumentException($"`{fault}` is none of the faults", nameof(fault));

    /// <summary>Reads a command line; null when it is not understood.</summary>
    public static TortureOptions? Read(string[] args)
    {
        var options = new TortureOptions { Seed = Environment.TickCount & 0xFFFFF };
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length)
            {
                return null;
            }

            var isNumber = int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out var number) && number >= 0;
            var next = (args[i], args[i + 1]) switch
            {
                ("--seed", _) when isNumber => options with { Seed = number },
                ("--kills", _) when isNumber => options with { Kills = number },
                ("--races", _) when isNumber => options with { Races = number },
                ("--faults", All) => options with { Faults = FaultNames },
                ("--faults", None) => options with { Faults = [] },
                ("--faults", var faults) when faults.Split(',').All(name => FaultNames.Contains(name)) => options with { Faults = [.. faults.Split(',')] },
                ("--silos", _) when isNumber && number is >= 1 and <= 10 => options with { Silos = number },
                ("--store", "sqlite" or "postgres" or "both") => options with { Store = args[i + 1] },
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            options = next;
        }

        return options.Silos == 1 || options.Store == "postgres" ? options : null;
    }
}
