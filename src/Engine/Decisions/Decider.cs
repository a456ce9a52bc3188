using System.Collections.Immutable;
using Decisioning.Engine.Actions;
using Decisioning.Engine.Arbitration;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Decisions;

/// <summary>
/// Makes decisions. Pure: customer, state, open offers, strategy, request and instant in, decision out, the same each time
/// (INVARIANT (deterministic)). Safe for concurrent use.
/// </summary>
public static class Decider
{
    /// <summary>
    /// Picks the next best actions for a customer. Candidates are the actions with a treatment for what was asked; each goes
    /// through the funnel in its declared order and drops out at the first stage that does not let it through. A condition that
    /// cannot be told (something it needs is not there) does not let through. Those that come through compete by priority for the
    /// placements in the order asked, by the strategy's arbitration policy; no action is used twice, caps hold for the sum of what is offered, and fallback actions fill
    /// only placements left empty.
    /// </summary>
    /// <param name="key">The customer.</param>
    /// <param name="state">What is remembered of the customer.</param>
    /// <param name="offers">What was offered before and waits for its response.</param>
    /// <param name="strategy">The strategy to decide by.</param>
    /// <param name="request">The question.</param>
    /// <param name="now">The instant.</param>
    public static Decision Decide(
        CustomerKey key, CustomerState state, OpenOffers offers, Strategy strategy, DecisionRequest request, DateTimeOffset now)
    {
        var identity = DecisionIdentity.Of(key, request.RequestId);
        var work = DecisionWork.Rent(strategy);
        work.Look(state, offers, request, identity.Id, now);

        FindSlots(work, request);
        foreach (var slot in work.Slots)
        {
            Admit(work, slot);
        }

        for (var slot = 0; slot < work.Slots.Count; slot++)
        {
            Arbitrate(work, slot, request.MaxItems, fallbacks: false, identity.Seed);
        }

        for (var slot = 0; slot < work.Slots.Count; slot++)
        {
            if (!work.Choices.Exists(choice => choice.Slot == slot))
            {
                Arbitrate(work, slot, request.MaxItems, fallbacks: true, identity.Seed);
            }
        }

        var decision = Answering.Answer(work, request, identity, now);
        DecisionWork.Return(work);
        return decision;
    }

    private static void FindSlots(DecisionWork work, DecisionRequest request)
    {
        if (request.Placements.IsEmpty)
        {
            work.Slots.Add(new("", Candidates(request.Channel, "")));
        }

        foreach (var placement in request.Placements)
        {
            work.Slots.Add(new(placement, Candidates(request.Channel, placement)));
        }

        ImmutableArray<Candidate> Candidates(string channel, string placement) =>
            work.Plan.Slots.TryGetValue((channel, placement), out var candidates) ? candidates : [];
    }

    /// <summary>The stages that concern the action as a whole: eligibility, applicability, suitability.</summary>
    private static void Admit(DecisionWork work, Slot slot)
    {
        foreach (var candidate in slot.Candidates)
        {
            var action = candidate.Action;
            if (work.StageOf(action.Definition.Index) is null)
            {
                work.Drop(action.Definition.Index, Admission(work, action));
            }
        }
    }

    /// <summary>The first stage that does not let an action through; consent, the next one, when all three do.</summary>
    private static FunnelStage Admission(DecisionWork work, PlannedAction action)
    {
        if (work.Now < action.Definition.ValidFrom || work.Now >= action.Definition.ValidUntil || work.Test(action.Eligible) != Truth.True)
        {
            return FunnelStage.Eligibility;
        }

        if (work.Test(action.Applicable) != Truth.True)
        {
            return FunnelStage.Applicability;
        }

        return work.Test(action.Suitable) != Truth.True ? FunnelStage.Suitability : FunnelStage.Consent;
    }

    /// <summary>The stages that concern a treatment (consent, contact policy), and the contest for one slot.</summary>
    private static void Arbitrate(DecisionWork work, int slot, int maxItems, bool fallbacks, ulong seed)
    {
        var candidates = work.Slots[slot].Candidates;
        var count = Enter(work, candidates, fallbacks);
        for (var rank = 1; rank <= maxItems && work.Choices.Count < Limits.DecisionItemsMax && count > 0; rank++)
        {
            var entrants = work.Entrants.AsSpan(0, count);
            var pick = work.Plan.Arbitration.Pick(entrants, Chance.Of(seed, slot, rank - 1));
            var candidate = candidates[entrants[pick.Index].Candidate];

            // Moved up, not swapped: the order of entrants is the order of ties.
            entrants[(pick.Index + 1)..].CopyTo(entrants[pick.Index..]);
            count--;
            if (Choose(work, slot, rank, candidate.Action, Treatment(work, candidate, out _)!, pick.Probability))
            {
                count = StillAllowed(work, candidates, count);
            }
        }

        foreach (var entrant in work.Entrants.AsSpan(0, count))
        {
            work.Drop(candidates[entrant.Candidate].Action.Definition.Index, FunnelStage.Arbitration);
        }
    }

    /// <summary>
    /// Lets those go whom the last choice used a cap up for, before chance has its say among the others: a probability is right only when
    /// each of those it counts can be picked.
    /// </summary>
    private static int StillAllowed(DecisionWork work, ImmutableArray<Candidate> candidates, int count)
    {
        var left = 0;
        foreach (var entrant in work.Entrants.AsSpan(0, count))
        {
            var candidate = candidates[entrant.Candidate];
            if (Treatment(work, candidate, out var dropped) is null)
            {
                work.Drop(candidate.Action.Definition.Index, dropped);
            }
            else
            {
                work.Entrants[left++] = entrant;
            }
        }

        return left;
    }

    private static int Enter(DecisionWork work, ImmutableArray<Candidate> candidates, bool fallbacks)
    {
        var count = 0;
        for (var i = 0; i < candidates.Length; i++)
        {
            var action = candidates[i].Action;
            if (work.StageOf(action.Definition.Index) is not >= FunnelStage.Consent)
            {
                continue;
            }

            if (Treatment(work, candidates[i], out var dropped) is null)
            {
                work.Drop(action.Definition.Index, dropped);
            }
            else if (action.Definition.IsFallback != fallbacks)
            {
                work.Drop(action.Definition.Index, FunnelStage.Arbitration);
            }
            else
            {
                work.Entrants[count++] = new(i, Weigh(work, action).Priority, action.Worth);
            }
        }

        return count;
    }

    /// <summary>The first treatment that consent and caps allow; otherwise the furthest stage any of them came to.</summary>
    private static PlannedTreatment? Treatment(DecisionWork work, Candidate candidate, out FunnelStage dropped)
    {
        dropped = FunnelStage.Consent;
        foreach (var treatment in candidate.Treatments)
        {
            if (!work.Consented(treatment.Consent))
            {
                continue;
            }

            if (!work.Counts.Block(treatment.Caps))
            {
                return treatment;
            }

            dropped = FunnelStage.ContactPolicy;
        }

        return null;
    }

    /// <summary>Notes a choice; tells whether it used up a cap that others are bound by too.</summary>
    private static bool Choose(DecisionWork work, int slot, int rank, PlannedAction action, PlannedTreatment treatment, double probability)
    {
        var definition = action.Definition;
        var expiresAt = work.Now + work.Plan.Strategy.OfferExpires;
        if (definition.ValidUntil < expiresAt)
        {
            expiresAt = definition.ValidUntil.Value;
        }

        work.Choose(new(slot, rank, action, treatment, Weigh(work, action), probability, expiresAt));
        return work.Counts.Choose(definition.Issue, definition.Group, definition.Name, treatment.Definition.Channel, expiresAt);
    }

    internal static Weighing Weigh(DecisionWork work, PlannedAction action)
    {
        var (context, lever) = (1d, 1d);
        foreach (var weight in action.Weights)
        {
            context *= work.Test(weight.Condition) == Truth.True ? weight.Weight : 1;
        }

        foreach (var offer in action.Offers)
        {
            context *= work.Holds(offer.Rule) ? offer.Weight : 1;
        }

        foreach (var set in action.Levers)
        {
            lever *= set.Until is { } until && work.Now >= until ? 1 : set.Weight;
        }

        var parts = work.Plan.Strategy.Arbitration.Parts;
        return new(
            context,
            lever,
            (parts.HasFlag(PriorityParts.Propensity) ? action.Definition.Propensity : 1)
                * (parts.HasFlag(PriorityParts.ContextWeight) ? context : 1)
                * (parts.HasFlag(PriorityParts.Value) ? action.Worth : 1)
                * (parts.HasFlag(PriorityParts.Lever) ? lever : 1));
    }
}
