using System.Collections.Immutable;
using Decisioning.Engine.Expressions.Analysis;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Strategies.Checking;

namespace Decisioning.Engine.Strategies.Linting;

/// <summary>Conditions, each of which can hold, that must hold together and cannot.</summary>
internal sealed class ContradictionCheck : ILintCheck
{
    public void Run(LintContext strategy)
    {
        foreach (var rule in strategy.Strategy.Rules)
        {
            var layers = rule.Layers.Select(layer => layer.When).ToImmutableArray();
            if (!Report(strategy, layers, "so the rule never holds"))
            {
                CheckOffers(strategy, rule, layers);
            }
        }

        foreach (var action in strategy.Strategy.Actions)
        {
            var conditions = LintContext.ConditionsOf(action);
            if (Report(strategy, conditions, "so the action is never offered"))
            {
                continue;
            }

            foreach (var weight in action.ContextWeights)
            {
                ReportPair(strategy, conditions, weight.When, $"so the weight of {weight.Weight} never counts");
            }
        }

        foreach (var stage in strategy.Strategy.Stages.Where(stage => stage.Exit is not null))
        {
            CheckStage(strategy, stage.Enter, stage.Exit!);
        }
    }

    private static void CheckOffers(LintContext strategy, Rule rule, ImmutableArray<Condition> layers)
    {
        foreach (var offer in rule.Then.OfType<RuleEffect.Offer>())
        {
            var action = strategy.Strategy.Actions[offer.ActionIndex];
            var conditions = LintContext.ConditionsOf(action);
            if (IsPossible(strategy, layers) && IsPossible(strategy, conditions) && !IsPossible(strategy, [.. layers, .. conditions]))
            {
                strategy.Report(FindingRules.Contradiction, $"rules.{rule.Id}.then",
                    $"whenever the rule holds, `{action.Name}` is ruled out by its own conditions, so its offer never counts; offer another action, or change one of the conditions");
            }
        }
    }

    private static void CheckStage(LintContext strategy, Condition enter, Condition exit)
    {
        var (comes, leaves) = (enter.Expression.Predicate, exit.Expression.Predicate);
        if (strategy.Logic.IsPossible(new Goal(comes, Want.True)) && !strategy.Logic.IsPossible(new Goal(comes, Want.True), new Goal(leaves, Want.NotTrue)))
        {
            strategy.Report(FindingRules.Contradiction, enter,
                $"whoever may come in has to leave (`exit: {Shape.Short(exit.Expression.Text)}` holds too), so nobody ever enters; make the two exclude each other");
        }
    }

    /// <summary>Reports the first condition that the ones before it rule out.</summary>
    private static bool Report(LintContext strategy, ImmutableArray<Condition> conditions, string consequence)
    {
        for (var i = 1; i < conditions.Length; i++)
        {
            if (ReportPair(strategy, conditions[..i], conditions[i], consequence))
            {
                return true;
            }
        }

        return false;
    }

    private static bool ReportPair(LintContext strategy, ImmutableArray<Condition> before, Condition next, string consequence)
    {
        if (!IsPossible(strategy, before) || !IsPossible(strategy, [next]) || IsPossible(strategy, [.. before, next]))
        {
            return false;
        }

        // Name the one that is to blame where one alone is.
        var other = before.FirstOrDefault(condition => !IsPossible(strategy, [condition, next]));
        strategy.Report(FindingRules.Contradiction, next, other is null
            ? $"this and the conditions before it cannot all hold, {consequence}; change one of them"
            : $"this contradicts `{Key(other)}: {Shape.Short(other.Expression.Text)}`, {consequence}; change one of them");
        return true;
    }

    private static string Key(Condition condition) => condition.Path[(condition.Path.LastIndexOf('.') + 1)..];

    private static bool IsPossible(LintContext strategy, ImmutableArray<Condition> conditions) =>
        conditions.IsEmpty || strategy.Logic.IsPossible(new Goal(LintContext.Together(conditions), Want.True));
}
