using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Decisions.Explaining;

/// <summary>
/// Adds to a decision that tells all what no single decision knows: what would have let a candidate win, and when it is allowed
/// again. Both are found by deciding anew, on a customer who is otherwise and at instants to come, so that what is said comes true.
/// </summary>
internal static class Explainer
{
    /// <summary>The decision with its verdicts completed.</summary>
    public static Decision Complete(
        Decision decision, CustomerKey key, CustomerState state, OpenOffers offers, Strategy strategy, DecisionRequest request, DateTimeOffset now, DecisionHooks hooks)
    {
        if (decision.Verdicts.IsEmpty)
        {
            return decision;
        }

        var again = new Rehearsal(key, state, offers, strategy, request, now, hooks);
        var next = WhenNext.Of(again, decision.Verdicts);
        var wins = Counterfactuals.Of(again, decision.Verdicts);
        return decision with
        {
            Verdicts = [.. decision.Verdicts.Select(verdict => verdict with
            {
                AllowedAgainAt = next.TryGetValue(verdict.Action, out var at) ? at : verdict.AllowedAgainAt,
                WouldWin = wins.GetValueOrDefault(verdict.Action),
            })],
        };
    }
}
