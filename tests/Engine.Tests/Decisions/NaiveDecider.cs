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
internal sealed class NaiveDecider(CustomerState state, OpenOffers offers, Strategy strategy, DecisionRequest request, DateTimeOffset now, DecisionHooks hooks)
{
    private readonly List<(int Slot, ActionDefinition Action, Treatment Treatment)> _chosen = [];
    private readonly List<(int Slot, ActionDefinition Action)> _kept = [];
    private readonly NaiveReach _reach = new(strategy, Looking(state, strategy, now), now);
    private readonly Facts _facts = Looking(state, strategy, now);
    private int _tier;
    private readonly (string Placement, int Max)[] _slots = [.. (request.Containers.IsEmpty ? [new("", request.Placements, request.MaxItems)] : request.Containers)
        .SelectMany(container => container.Placements.DefaultIfEmpty("").Select(placement => (placement, container.MaxItems)))];

    /// <summary><c>hero:a/treatment side:b/treatment@2026-11-09T18:00</c></summary>
    public string Choose()
    {
        for (var tier = 0; tier < 3; tier++)
        {
            _tier = tier;
            foreach (var slot in Enumerable.Range(0, _slots.Length).Where(slot => tier < 2 || _chosen.TrueForAll(c => c.Slot != slot)).ToList())
            {
                Fill(slot, tier);
            }
        }

        return string.Join(' ', _chosen.OrderBy(c => c.Slot).Select(c => Text(c.Treatment, c.Action.Name, _reach.SendAt(c.Treatment))));
    }

    /// <summary>One item of <see cref="Choose"/>.</summary>
    public static string Text(Treatment treatment, string action, DateTimeOffset? sendAt) =>
        $"{treatment.Placement}:{action}/{treatment.Name}{(sendAt is { } at ? $"@{at.UtcDateTime:s}" : "")}";

    private void Fill(int slot, int tier)
    {
        var failed = new HashSet<ActionDefinition>();
        while (HasRoom(slot))
        {
            var best = strategy.Actions
                .Where(a => (a.IsMandatory ? 0 : a.IsFallback ? 2 : 1) == tier && !failed.Contains(a))
                .Select(a => (Action: a, Treatment: Allowed(a, slot)))
                .Where(a => a.Treatment is not null)
                .OrderByDescending(a => Priority(a.Action, a.Treatment!)).ThenByDescending(a => a.Action.Value)
                .ThenBy(a => a.Action.Issue, StringComparer.Ordinal).ThenBy(a => a.Action.Group, StringComparer.Ordinal).ThenBy(a => a.Action.Name, StringComparer.Ordinal)
                .FirstOrDefault();
            if (best.Action is null)
            {
                return;
            }

            if (hooks.Experiment?.Withhold(best.Action) is not null)
            {
                _kept.Add((slot, best.Action));
            }
            else if (!Bundled(best.Action, best.Treatment!, slot))
            {
                failed.Add(best.Action);
            }
        }
    }

    private bool HasRoom(int slot) =>
        _chosen.Count(c => c.Slot == slot) + _kept.Count(k => k.Slot == slot && (_tier == 2) == k.Action.IsFallback) < _slots[slot].Max && _chosen.Count < Limits.DecisionItemsMax;

    private bool Bundled(ActionDefinition leader, Treatment treatment, int slot)
    {
        var before = _chosen.ToList();
        _chosen.Add((slot, leader, treatment));
        List<int> together = [leader.Index];
        for (var i = 0; i < together.Count; i++)
        {
            together.AddRange(strategy.Actions[together[i]].Bundle.Except(together));
        }

        foreach (var member in together.Skip(1).Select(index => strategy.Actions[index]).Where(member => _chosen.TrueForAll(c => c.Action != member)))
        {
            var places = Enumerable.Range(0, _slots.Length).OrderByDescending(s => s == slot).Where(s => HasRoom(s) && Allowed(member, s) is not null).ToList();
            if (places.Count == 0 || hooks.Experiment?.Withhold(member) is not null)
            {
                _chosen.Clear();
                _chosen.AddRange(before);
                return false;
            }

            _chosen.Add((places[0], member, Allowed(member, places[0])!));
        }

        return true;
    }

    /// <summary>The treatment an action could be offered with for a slot now; null when it cannot be.</summary>
    private Treatment? Allowed(ActionDefinition a, int slot)
    {
        if (_chosen.Exists(c => c.Action == a) || _kept.Exists(k => k.Action == a) || now < a.ValidFrom || now >= a.ValidUntil
            || !a.Eligible.All(Holds) || !a.Applicable.All(Holds) || !a.Suitable.All(Holds)
            || _chosen.Exists(c => Excludes(c.Action, a))
            || hooks.Budget?.Withhold(a, _chosen.Sum(c => c.Action.Cost)) is not null)
        {
            return null;
        }

        return a.Treatments
            .Where(t => (request.Channel.Length == 0 || t.Channel == request.Channel) && (_slots[slot].Placement.Length == 0 || t.Placement == _slots[slot].Placement))
            .Where(t => Consented(a, t) && _reach.Reads(t) && _reach.Lets(a, t) && strategy.Caps.All(cap => Allows(cap, a, t)))
            .OrderByDescending(_reach.Prefers).ThenByDescending(t => t.Locale?.Length ?? 0).ThenBy(t => t.Name, StringComparer.Ordinal)
            .FirstOrDefault();
    }

    private bool Excludes(ActionDefinition chosen, ActionDefinition action) =>
        (action.Exclusive is not null && action.Exclusive == chosen.Exclusive) || (Shown(action).Length > 0 && Shown(action) == Shown(chosen));

    private string Shown(ActionDefinition action) => action.Dedupe?.Source switch
    {
        "{{profile.x}}" => state.Profile["x"] is { Kind: Engine.Values.ValueKind.Int } x ? x.AsInt().ToString() : "",
        "{{profile.nothing}}" or null => "",
        "{{action.group}}" => action.Group,
        var text => text,
    };

    private double Priority(ActionDefinition action, Treatment treatment) => action.Propensity * (_reach.Prefers(treatment) ? strategy.Preference!.Weight : 1)
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
