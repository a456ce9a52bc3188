using System.Globalization;

namespace Decisioning.LoadTests.Runs;

/// <summary>A line of what a run found.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Value">How much.</param>
/// <param name="Unit">Of what.</param>
/// <param name="Budget">What it is to be; null where there is no budget.</param>
internal sealed record Row(string What, double Value, string Unit, Budget? Budget = null)
{
    /// <summary>The value as it is printed.</summary>
    public string Text => Math.Abs(Value) switch
    {
        0 => "0",
        >= 100 => Value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => Value.ToString("N1", CultureInfo.InvariantCulture),
        >= 1 => Value.ToString("N2", CultureInfo.InvariantCulture),
        _ => Value.ToString("N3", CultureInfo.InvariantCulture),
    };

    /// <summary>What becomes of the budget, in words; empty where there is none.</summary>
    public string Verdict => Budget is not { } budget ? "" : $"{(budget.IsMost ? "≤" : "≥")} {budget.Bound.ToString("0.##", CultureInfo.InvariantCulture)} {(budget.Holds(Value) ? "held" : "missed")}";
}

/// <summary>What a value is to be.</summary>
/// <param name="Bound">The bound.</param>
/// <param name="IsMost">Whether it is at most that, or at least.</param>
/// <param name="IsRight">Whether a value beyond it is wrong wherever it is measured, and not only slow.</param>
internal sealed record Budget(double Bound, bool IsMost, bool IsRight = false)
{
    /// <summary>A value that is to be as large as this.</summary>
    public static Budget AtLeast(double bound) => new(bound, IsMost: false);

    /// <summary>A value that is not to be larger than this.</summary>
    public static Budget AtMost(double bound) => new(bound, IsMost: true);

    /// <summary>A number of things of which there must be none.</summary>
    public static Budget None { get; } = new(0, IsMost: true, IsRight: true);

    /// <summary>Whether a value keeps it.</summary>
    public bool Holds(double value) => IsMost ? value <= Bound : value >= Bound;
}
