using System.Collections.Immutable;
using Decisioning.Engine.Arbitration;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions.Explaining;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Decisions;

/// <summary>
/// Makes decisions. Pure: customer, state, open offers, strategy, request and instant in, decision out, the same each time
/// (INVARIANT (deterministic)). Safe for concurrent use.
/// </summary>
public static class Decider
{
    /// <summary>Keeps the chance of mandatory actions apart from that of the others of a slot.</summary>
    private const int MandatoryPicks = 1 << 16;

    /// <summary>
    /// Picks the next best actions for a customer. Candidates are the actions with a treatment for what was asked; each goes
    /// through the funnel in its declared order and drops out at the first stage that does not let it through. A condition that
    /// cannot be told (something it needs is not there) does not let through. Those that come through compete by priority for the
    /// placements in the order asked, by the strategy's arbitration policy; no action is used twice, caps hold for the sum of what is
    /// offered, and fallback actions fill only placements left empty.
    /// </summary>
    /// <param name="key">The customer.</param>
    /// <param name="state">What is remembered of the customer.</param>
    /// <param name="offers">What was offered before and waits for its response.</param>
    /// <param name="strategy">The strategy to decide by.</param>
    /// <param name="request">The question.</param>
    /// <param name="now">The instant.</param>
    /// <param name="hooks">What is asked of others; null for nothing.</param>
    public static Decision Decide(
        CustomerKey key, CustomerState state, OpenOffers offers, Strategy strategy, DecisionRequest request, DateTimeOffset now, DecisionHooks? hooks = null)
    {
        var work = DecisionWork.Rent(strategy);
        var identity = Run(work, key, state, offers, request, now, hooks ?? DecisionHooks.None);
        var decision = Answering.Answer(work, request, identity, now);
        DecisionWork.Return(work);
        return request.Explain == ExplainLevel.Full
            ? Explainer.Complete(decision, key, state, offers, strategy, request, now, hooks ?? DecisionHooks.None)
            : decision;
    }

    /// <summary>Makes a decision without writing it down: working memory then holds what was chosen and how far each candidate came.</summary>
    internal static DecisionIdentity Run(
        DecisionWork work, CustomerKey key, CustomerState state, OpenOffers offers, DecisionRequest request, DateTimeOffset now, DecisionHooks hooks)
    {
        var identity = DecisionIdentity.Of(key, request.RequestId);
        work.Look(state, offers, request, identity.Id, now, hooks);

        FindSlots(work, request);
        foreach (var slot in work.Slots)
        {
            Admit(work, slot);
        }

        // A mandatory action takes its place, and its share of the caps, before anything else is looked at for any placement.
        for (var slot = 0; slot < work.Slots.Count && work.Plan.HasMandatory; slot++)
        {
            Arbitrate(work, slot, request.MaxItems, ActionTier.Mandatory, identity.Seed);
        }

        for (var slot = 0; slot < work.Slots.Count; slot++)
        {
            Arbitrate(work, slot, request.MaxItems, ActionTier.Usual, identity.Seed);
        }

        // A placement that is empty because an experiment keeps it is empty.
        work.Kept.Clear();
        for (var slot = 0; slot < work.Slots.Count; slot++)
        {
            if (!work.Choices.Exists(choice => choice.Slot == slot))
            {
                Arbitrate(work, slot, request.MaxItems, ActionTier.Fallback, identity.Seed);
            }
        }

        return identity;
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
        if (work.Now < action.Definition.ValidFrom || work.Now >= action.Definition.ValidUntil || !work.Hold(action.Eligible)
            || (action.HasLocales && !Speaks(work, action)))
        {
            return FunnelStage.Eligibility;
        }

        if ((action.Stages != 0 && (action.Stages & work.InStages) == 0) || !work.Hold(action.Applicable))
        {
            return FunnelStage.Applicability;
        }

        return work.Hold(action.Suitable) ? FunnelStage.Consent : FunnelStage.Suitability;
    }

    /// <summary>Whether an action has a treatment for what was asked in a language the customer reads.</summary>
    private static bool Speaks(DecisionWork work, PlannedAction action)
    {
        for (var slot = 0; slot < work.Slots.Count; slot++)
        {
            foreach (var treatment in action.Treatments)
            {
                if (work.Fits(slot, treatment) && work.Reach.Speaks(treatment.Reach))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>The stages that concern a treatment (consent, contact policy, budget), and the contest for one slot.</summary>
    private static void Arbitrate(DecisionWork work, int slot, int maxItems, ActionTier tier, ulong seed)
    {
        var candidates = work.Slots[slot].Candidates;
        var count = Enter(work, candidates, tier);
        for (var pick = 0; count > 0 && work.HasRoom(slot, maxItems); pick++)
        {
            var entrants = work.Entrants.AsSpan(0, count);
            var picked = work.Plan.Arbitration.Pick(entrants, Chance.Of(seed, slot, pick + (tier == ActionTier.Mandatory ? MandatoryPicks : 0)));
            var candidate = candidates[entrants[picked.Index].Candidate];

            // Moved up, not swapped: the order of entrants is the order of ties.
            entrants[(picked.Index + 1)..].CopyTo(entrants[picked.Index..]);
            count--;
            if (Contest.Choose(work, slot, maxItems, candidate.Action, Contest.Admit(work, candidate, out _)!, picked.Probability))
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
    /// Lets those go who cannot stand beside the last choice (it used a cap or the budget up, excludes them, or took them along) before
    /// chance has its say among the others: a probability is right only when each of those it counts can be picked.
    /// </summary>
    private static int StillAllowed(DecisionWork work, ImmutableArray<Candidate> candidates, int count)
    {
        var left = 0;
        foreach (var entrant in work.Entrants.AsSpan(0, count))
        {
            var candidate = candidates[entrant.Candidate];
            if (work.StageOf(candidate.Action.Definition.Index) == FunnelStage.Chosen)
            {
                continue;
            }

            if (Contest.Admit(work, candidate, out var dropped) is { } treatment)
            {
                work.Entrants[left++] = work.Plan.Reach.Chooses ? entrant with { Priority = Weigh(work, candidate.Action, treatment).Priority } : entrant;
            }
            else
            {
                work.Drop(candidate.Action.Definition.Index, dropped);
            }
        }

        return left;
    }

    private static int Enter(DecisionWork work, ImmutableArray<Candidate> candidates, ActionTier tier)
    {
        var count = 0;
        for (var i = 0; i < candidates.Length; i++)
        {
            // Usual actions are asked together with fallbacks: those then know how far they would have come.
            var action = candidates[i].Action;
            if ((action.Tier != tier && (action.Tier, tier) != (ActionTier.Fallback, ActionTier.Usual))
                || work.StageOf(action.Definition.Index) is (not >= FunnelStage.Consent) or FunnelStage.Experiment)
            {
                continue;
            }

            if (Contest.Admit(work, candidates[i], out var dropped) is not { } treatment)
            {
                work.Drop(action.Definition.Index, dropped);
            }
            else if (action.Tier != tier)
            {
                work.Drop(action.Definition.Index, FunnelStage.Arbitration);
            }
            else
            {
                work.Entrants[count++] = new(i, Weigh(work, action, treatment).Priority, action.Worth);
            }
        }

        return count;
    }

    internal static Weighing Weigh(DecisionWork work, PlannedAction action, PlannedTreatment treatment)
    {
        var (context, lever) = (work.Reach.Weight(treatment.Reach), 1d);
        foreach (var weight in action.Weights)
        {
            context *= work.Test(weight.Condition) == Truth.True ? weight.Weight : 1;
        }

        foreach (var offer in action.Offers)
        {
            context *= work.Holds(offer.Rule) ? offer.Weight : 1;
        }

        foreach (var stage in action.StageWeights)
        {
            context *= (stage.Stage & work.InStages) != 0 ? stage.Weight : 1;
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
