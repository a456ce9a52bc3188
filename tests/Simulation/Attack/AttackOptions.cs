using System.Globalization;

namespace Decisioning.Simulation.Tests.Attack;

/// <summary>What a run of attacks is told.</summary>
internal sealed record AttackOptions
{
    public const string Usage = """
        usage: attack [--seed S] [--quick] [--only NAME[,NAME …]] [--ratio N]

          --seed    where chance begins (a new one each time, printed)
          --quick   a hundredth of everything, in half a minute
          --only    attacks whose name holds one of these texts
          --ratio   how many times as long others may wait meanwhile (3); more on a machine that does other things too
        """;

    /// <summary>Where chance begins.</summary>
    public required int Seed { get; init; }

    /// <summary>Whether to try a hundredth only, and measure nobody else's answers.</summary>
    public bool IsQuick { get; init; }

    /// <summary>What the names of attacks hold; empty for all.</summary>
    public string[] Only { get; init; } = [];

    /// <summary>How many times as long as before the bystander may wait.</summary>
    public int RatioMax { get; init; } = 3;

    /// <summary>How often to do what a full run does so often.</summary>
    public int Times(int full) => IsQuick ? Math.Max(1, full / 100) : full;

    /// <summary>How long to wait where a full run waits so long.</summary>
    public TimeSpan Wait(TimeSpan full) => IsQuick ? full / 10 : full;

    /// <summary>Whether an attack was asked for.</summary>
    public bool Wants(string attack) => Only.Length == 0 || Array.Exists(Only, text => attack.Contains(text, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads a command line; null when it is not understood.</summary>
    public static AttackOptions? Read(string[] args)
    {
        var options = new AttackOptions { Seed = Environment.TickCount & 0xFFFFF };
        for (var i = 0; i < args.Length; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            switch (args[i])
            {
                case "--quick":
                    options = options with { IsQuick = true };
                    break;
                case "--seed" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seed):
                    (options, i) = (options with { Seed = seed }, i + 1);
                    break;
                case "--ratio" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var ratio) && ratio > 0:
                    (options, i) = (options with { RatioMax = ratio }, i + 1);
                    break;
                case "--only" when value.Split(',', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } names:
                    (options, i) = (options with { Only = names }, i + 1);
                    break;
                default:
                    return null;
            }
        }

        return options;
    }
}
