using Decisioning.Engine.Actions;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Strategies.Checking;

namespace Decisioning.Engine.Strategies.Linting;

/// <summary>Placements that may stay empty. Where we turn to the customer, saying nothing is fine.</summary>
internal sealed class FallbackCheck : ILintCheck
{
    public void Run(LintContext strategy)
    {
        var slots = strategy.Strategy.Actions
            .SelectMany(action => action.Treatments.Select((treatment, index) => (Action: action, Treatment: treatment, Index: index)))
            .Where(offer => !OutboundChannels.All.Contains(offer.Treatment.Channel))
            .GroupBy(offer => (offer.Treatment.Channel, offer.Treatment.Placement));
        foreach (var slot in slots.Where(slot => !slot.Any(offer => IsForEveryone(offer.Action) && offer.Treatment is { Locale: null, Touch: TouchModes.All })))
        {
            var (action, _, index) = slot.First();
            strategy.Report(FindingRules.MissingFallback, $"{LintContext.PathOf(action)}.treatments[{index + 1}]",
                $"on `{slot.Key.Channel}` in `{slot.Key.Placement}` every action has conditions, so a customer may get nothing; add one with `fallback: true` and no conditions");
        }
    }

    private static bool IsForEveryone(ActionDefinition action) =>
        LintContext.ConditionsOf(action).IsEmpty && action.Purpose is null && action.ValidFrom is null && action.ValidUntil is null
        && action.Stages.IsEmpty && action.Touch == TouchModes.All && action.Exclusive is null && action.Dedupe is null && action.Bundle.IsEmpty && action.Cost == 0;
}
