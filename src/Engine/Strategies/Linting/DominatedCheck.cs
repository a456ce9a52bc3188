using Decisioning.Engine.Actions;
using Decisioning.Engine.Arbitration;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Strategies.Checking;

namespace Decisioning.Engine.Strategies.Linting;

/// <summary>
/// Actions that never win a placement: for each of them some other action may be offered there whenever this one may, with a priority
/// that is higher whatever the situation. Told only where no cap or second placement could take the winner away.
/// </summary>
internal sealed class DominatedCheck : ILintCheck
{
    /// <summary>How many others an action is compared with per placement, those with the fewest conditions first: with 2,500 in one, all pairs would take a minute.</summary>
    private const int RivalsMax = 50;

    public void Run(LintContext strategy)
    {
        if (strategy.Strategy.Arbitration.Policy != ArbitrationPolicies.Default || strategy.Strategy.Stages.Any(stage => stage.Plan is { } plan && (plan.Weight != 1 || !plan.Weights.IsEmpty)))
        {
            // Chance, goals and the weights of stages put now this one first and now that one.
            return;
        }

        var actions = strategy.Strategy.Actions;
        var bounds = actions.Select(action => PriorityBounds(strategy.Strategy, action)).ToList();
        var conditions = actions.Select(action => LintContext.Together(LintContext.ConditionsOf(action))).ToList();
        var slots = actions
            .OrderBy(action => conditions[action.Index].Leaves.Count())
            .ThenByDescending(action => bounds[action.Index].Min)
            .SelectMany(action => action.Treatments.Select(treatment => (Slot: (treatment.Channel, treatment.Placement), Action: action)))
            .ToLookup(offer => offer.Slot, offer => offer.Action);
        foreach (var action in actions)
        {
            var winners = action.Treatments
                .Select(treatment => slots[(treatment.Channel, treatment.Placement)]
                    .Where(other => other != action && Beats(strategy.Strategy, other, action, treatment, bounds))
                    .Take(RivalsMax)
                    .FirstOrDefault(other => strategy.Logic.Implies(conditions[action.Index], conditions[other.Index])))
                .ToList();
            if (winners.All(winner => winner is not null))
            {
                var names = string.Join(" and ", winners.Select(winner => $"`{winner!.Name}`").Distinct());
                strategy.Report(FindingRules.AlwaysLoses, LintContext.PathOf(action),
                    $"wherever this may be offered, {names} may be too and has the higher priority, so it never comes first and shows only where more than one item is asked for; raise its value, or narrow the other");
            }
        }
    }

    /// <summary>Whether one comes before the other wherever both may be offered, and nothing but its conditions can keep it away.</summary>
    private static bool Beats(Strategy strategy, ActionDefinition winner, ActionDefinition loser, Treatment where, List<(double Min, double Max)> bounds) =>
        (Tier(winner) < Tier(loser) || (Tier(winner) == Tier(loser) && bounds[winner.Index].Min > bounds[loser.Index].Max))
        && IsUnbound(winner) && (winner.Touch & loser.Touch) == loser.Touch && (winner.Stages.IsEmpty || winner.Stages.AsSpan().SequenceEqual(loser.Stages.AsSpan()))
        && (winner.Purpose is null || winner.Purpose == loser.Purpose)
        && (winner.ValidFrom is null || winner.ValidFrom <= loser.ValidFrom)
        && (winner.ValidUntil is null || winner.ValidUntil >= loser.ValidUntil)
        && winner.Treatments.Where(treatment => treatment.Channel == where.Channel).ToList() is [{ Locale: null } only] && (only.Touch & where.Touch) == where.Touch
        && !strategy.Caps.Any(cap => cap.Scope != Policies.CapScope.All && (cap.Channel is null || cap.Channel == where.Channel));

    private static int Tier(ActionDefinition action) => action.IsMandatory ? 0 : action.IsFallback ? 2 : 1;

    /// <summary>Whether nothing else that is offered, and no money, can keep it from being offered.</summary>
    private static bool IsUnbound(ActionDefinition action) => action.Exclusive is null && action.Dedupe is null && action.Bundle.IsEmpty && action.Cost == 0;

    /// <summary>The least and the most that propensity × context weight × value × lever can come to, as long as nothing is learned.</summary>
    private static (double Min, double Max) PriorityBounds(Strategy strategy, ActionDefinition action)
    {
        var weights = action.ContextWeights.Select(weight => weight.Weight)
            .Concat(strategy.Rules.SelectMany(rule => rule.Then).OfType<RuleEffect.Offer>().Where(offer => offer.ActionIndex == action.Index).Select(offer => offer.Weight))
            .Concat(strategy.Levers.Where(lever => IsFor(lever, action)).Select(lever => lever.Weight))
            .ToList();
        var parts = strategy.Arbitration.Parts;
        var plain = (parts.HasFlag(PriorityParts.Propensity) ? action.Propensity : 1) * (parts.HasFlag(PriorityParts.Value) ? action.Value : 1);
        return (weights.Aggregate(plain, (least, weight) => least * Math.Min(1, weight)), weights.Aggregate(plain, (most, weight) => most * Math.Max(1, weight)));
    }

    private static bool IsFor(Lever lever, ActionDefinition action) =>
        (lever.Issue is null || lever.Issue == action.Issue) && (lever.Group is null || lever.Group == action.Group) && (lever.Action is null || lever.Action == action.Name);
}
