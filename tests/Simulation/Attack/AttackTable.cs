using System.Globalization;
using System.Text;

namespace Decisioning.Simulation.Tests.Attack;

/// <summary>What came of an attack.</summary>
/// <param name="Name">What was tried.</param>
/// <param name="Tally">How it ended.</param>
/// <param name="Took">How long it went on.</param>
/// <param name="Before">What 99 of 100 calls of the bystander took before it, in milliseconds.</param>
/// <param name="During">The same while it went on.</param>
/// <param name="After">The same when it was over.</param>
/// <param name="Grown">By how many bytes the engine's memory had grown afterwards.</param>
internal sealed record AttackResult(string Name, Tally Tally, TimeSpan Took, double Before, double During, double After, long Grown)
{
    /// <summary>Below so many milliseconds a wait counts as so many: less is the machine's noise.</summary>
    public const double Floor = 5;

    /// <summary>How much longer the bystander waited than before.</summary>
    public double Ratio => Math.Max(During, Floor) / Math.Max(Before, Floor);
}

/// <summary>Results in rows.</summary>
internal static class AttackTable
{
    public static string Of(IReadOnlyList<AttackResult> results)
    {
        var text = new StringBuilder().AppendLine("| attack | tried | outcomes | time | others' p99 before, during, after (ratio) | memory | findings |").AppendLine("|---|---|---|---|---|---|---|");
        foreach (var result in results)
        {
            var others = result.During == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{result.Before:0.0}, {result.During:0.0}, {result.After:0.0} ms ({result.Ratio:0.0})");
            text.AppendLine(CultureInfo.InvariantCulture, $"| {result.Name} | {result.Tally.Count:#,0} | {result.Tally.Outcomes} | {result.Took.TotalSeconds:0.0} s | {others} | {result.Grown / 1024 / 1024:+0;-0;0} MB | {result.Tally.Findings} |");
        }

        foreach (var result in results)
        {
            foreach (var sample in result.Tally.Samples)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"! {result.Name}: {sample}");
            }
        }

        return text.ToString();
    }
}
