using System.Collections.Immutable;
using Decisioning.Engine.Expressions.Analysis;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Strategies.Checking;

namespace Decisioning.Engine.Strategies.Linting;

/// <summary>
/// Rules that do nothing another rule does not do at the same time: same effects, and a condition that implies the other's. Points,
/// offers and signals add up, so only effects that are the same done once or twice count, unless the rules are the same throughout.
/// </summary>
internal sealed class SubsumedCheck : ILintCheck
{
    public void Run(LintContext strategy)
    {
        foreach (var alike in strategy.Strategy.Rules.GroupBy(Does, StringComparer.Ordinal))
        {
            var rules = alike.ToImmutableArray();
            var addsUp = !rules[0].Then.All(effect => effect is RuleEffect.Tag { Expires: null } or RuleEffect.Attribute);
            foreach (var rule in rules)
            {
                if (rules.FirstOrDefault(other => other != rule && Covers(strategy, other, rule, addsUp)) is { } wider)
                {
                    var place = strategy.PlaceOf($"rules.{wider.Id}");
                    strategy.Report(FindingRules.Subsumed, $"rules.{rule.Id}",
                        $"whenever this rule holds, `{wider.Id}` ({place.File}:{place.Line}) holds and does the same; leave this one out, or let it do something else");
                }
            }
        }
    }

    private static bool Covers(LintContext strategy, Rule wide, Rule narrow, bool bothWays)
    {
        var (weak, strong) = (Of(wide), Of(narrow));
        if (!strategy.Logic.IsPossible(new Goal(strong, Want.True)) || !strategy.Logic.Implies(strong, weak))
        {
            return false;
        }

        // Of two rules that hold for the same customers the later one is the double.
        return strategy.Logic.Implies(weak, strong) ? wide.Index < narrow.Index : !bothWays;
    }

    /// <summary>What it does and when it is asked, as a text.</summary>
    private static string Does(Rule rule) => string.Join('\n', rule.On.Append("").Concat(rule.Then.Select(effect => effect.ToString())));

    private static Predicate Of(Rule rule) => LintContext.Together(rule.Layers.Select(layer => layer.When));
}
