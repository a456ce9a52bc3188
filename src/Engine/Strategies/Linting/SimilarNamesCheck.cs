using Decisioning.Engine.Strategies.Checking;

namespace Decisioning.Engine.Strategies.Linting;

/// <summary>Events that differ in case, blanks or signs only: one of them is a slip, and what is written of it never happens.</summary>
internal sealed class SimilarNamesCheck : ILintCheck
{
    public void Run(LintContext strategy)
    {
        foreach (var alike in strategy.Strategy.Events.Keys.Order(StringComparer.Ordinal).GroupBy(Plain, StringComparer.Ordinal))
        {
            foreach (var (first, second) in alike.Zip(alike.Skip(1)))
            {
                strategy.Report(FindingRules.SimilarNames, $"events.{second}", $"`{second}` and `{first}` are two events to the engine; write both alike if one is meant");
            }
        }
    }

    private static string Plain(string name) => new([.. name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);
}
