using Decisioning.Engine.Actions;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Tests.Decisions;

/// <summary>
/// The decision told as simply as possible, counting everything anew for every question: what the real one must be equal to.
/// </summary>
internal sealed class NaiveDecider(CustomerState state, OpenOffers offers, Strategy strategy, DecisionRequest request, DateTimeOffset now)
{
    private readonly List<(int Slot, ActionDefinition Action, Treatment Treatment)> _chosen = [];
    private readonly Facts _facts = Looking(state, strategy, now);

    /// <summary><c>hero:a/treatment side:b/treatment</c></summary>
    public string Choose()
    {
        string[] slots = request.Placements.IsEmpty ? [""] : [.. request.Placements];
        foreach (var fallbacks in new[] { false, true })
        {
            var empty = slots.Select((placement, slot) => (placement, slot)).Where(s => _chosen.TrueForAll(c => c.Slot != s.slot)).ToList();
            foreach (var (placement, slot) in empty)
            {
                Fill(slot, placement, fallbacks);
            }
        }

        return string.Join(' ', _chosen.OrderBy(c => c.Slot).Select(c => $"{c.Treatment.Placement}:{c.Action.Name}/{c.Treatment.Name}"));
    }

    private void Fill(int slot, string placement, bool fallbacks)
    {
        var ranked = strategy.Actions
            .Where(a => a.IsFallback == fallbacks && _chosen.TrueForAll(c => c.Action != a))
            .Where(a => !(now < a.ValidFrom) && !(now >= a.ValidUntil) && a.Eligible.All(Holds) && a.Applicable.All(Holds) && a.Suitable.All(Holds))
            .OrderByDescending(Priority).ThenByDescending(a => a.Value)
            .ThenBy(a => a.Issue, StringComparer.Ordinal).ThenBy(a => a.Group, StringComparer.Ordinal).ThenBy(a => a.Name, StringComparer.Ordinal);
        foreach (var action in ranked.ToList())
        {
            var treatment = action.Treatments
                .Where(t => (request.Channel.Length == 0 || t.Channel == request.Channel) && (placement.Length == 0 || t.Placement == placement))
                .OrderBy(t => t.Name, StringComparer.Ordinal)
                .FirstOrDefault(t => Consented(action, t) && strategy.Caps.All(cap => Allows(cap, action, t)));
            if (treatment is not null && _chosen.Count(c => c.Slot == slot) < request.MaxItems)
            {
                _chosen.Add((slot, action, treatment));
            }
        }
    }

    private double Priority(ActionDefinition action) => action.Propensity
        * action.ContextWeights.Aggregate(1d, (product, weight) => Holds(weight.When) ? product * weight.Weight : product)
        * action.Value;

    private bool Holds(Condition condition) => condition.Test(_facts) == Truth.True;

    private bool Consented(ActionDefinition action, Treatment treatment)
    {
        var said = state.Consents.Where(c => c.Purpose == action.Purpose && (c.Channel == treatment.Channel || c.Channel == "any")).ToList();
        return action.Purpose is null || (said.Count > 0 && said.TrueForAll(c => c.Status == ConsentStatus.Granted));
    }

    private bool Allows(ContactCap cap, ActionDefinition action, Treatment treatment)
    {
        if (cap.Channel is not null && cap.Channel != treatment.Channel)
        {
            return true;
        }

        var open = offers.Offers
            .Where(o => o.ExpiresAt > now && !state.Contacts.Any(c => c.DecisionId == o.DecisionId && c.Action == o.Action))
            .Select(o => new Contact(Outcome.Impression, o.Issue, o.Group, o.Action, o.Channel, o.At, ""));
        var implied = state.Contacts.Where(c => c.DecisionId.Length > 0).GroupBy(c => (c.DecisionId, c.Action))
            .Where(answers => answers.All(c => c.Outcome != Outcome.Impression)).Select(answers => answers.First() with { Outcome = Outcome.Impression });
        var here = _chosen.Select(c => new Contact(Outcome.Impression, c.Action.Issue, c.Action.Group, c.Action.Name, c.Treatment.Channel, now, ""));
        return cap.AtMost > state.Contacts.Concat(open).Concat(implied).Concat(here).Count(contact =>
            contact.Outcome == cap.Outcome && contact.At > now - cap.Within && (cap.Channel is null || contact.Channel == cap.Channel) && cap.Scope switch
            {
                CapScope.All => true,
                CapScope.Issue => contact.Issue == action.Issue,
                CapScope.Group => (contact.Issue, contact.Group) == (action.Issue, action.Group),
                CapScope.Channel => contact.Channel == treatment.Channel,
                _ => contact.Action == action.Name,
            });
    }

    private static Facts Looking(CustomerState state, Strategy strategy, DateTimeOffset now)
    {
        var facts = new Facts(strategy);
        facts.Look(state, now, null, state.Context);
        return facts;
    }
}
