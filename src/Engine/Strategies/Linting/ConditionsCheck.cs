using Decisioning.Engine.Expressions.Analysis;
using Decisioning.Engine.Strategies.Checking;

namespace Decisioning.Engine.Strategies.Linting;

/// <summary>Conditions that come to the same for everyone. <c>true</c> and <c>false</c> alone are written on purpose.</summary>
internal sealed class ConditionsCheck : ILintCheck
{
    public void Run(LintContext strategy)
    {
        foreach (var written in strategy.Conditions)
        {
            var (condition, predicate) = (new Condition(written.Path, written.Compiled), written.Compiled.Predicate);
            if (predicate is Predicate.Always)
            {
                continue;
            }

            if (!strategy.Logic.IsPossible(new Goal(predicate, Want.True)))
            {
                strategy.Report(FindingRules.NeverHolds, condition, $"this never holds for anybody: {Why(written.Compiled.Text, predicate, strategy)}");
            }
            else if (!strategy.Logic.IsPossible(new Goal(predicate, Want.NotTrue)))
            {
                strategy.Report(FindingRules.AlwaysHolds, condition, "this holds for everybody; leave it out, or write what was meant");
            }
        }
    }

    /// <summary>The smallest part that is to blame: one conjunct, two of them, or all.</summary>
    private static string Why(string text, Predicate predicate, LintContext strategy)
    {
        var parts = predicate.Conjuncts;
        foreach (var part in parts)
        {
            if (parts.Length > 1 && !strategy.Logic.IsPossible(new Goal(part, Want.True)))
            {
                return $"`{Shown(part)}` cannot be; change it";
            }
        }

        foreach (var (i, one) in parts.Index())
        {
            foreach (var other in parts.Skip(i + 1))
            {
                if (!strategy.Logic.IsPossible(new Goal(one, Want.True), new Goal(other, Want.True)))
                {
                    return $"`{Shown(one)}` and `{Shown(other)}` contradict each other; change one of them";
                }
            }
        }

        return "its parts contradict each other; change one of them";

        string Shown(Predicate part) => Shape.Short(part.At.Of(text));
    }
}
