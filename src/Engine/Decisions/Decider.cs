using System.Collections.Immutable;
using System.Numerics;
using Decisioning.Engine.Arbitration;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions.Explaining;
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
        return request.Explain == ExplainLevel.Full && hooks is not { TriesOut: false }
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
        Admission.Run(work);

        // A mandatory action takes its place, and its share of the caps, before anything else is looked at for any placement.
        for (var slot = 0; slot < work.Slots.Count && work.Plan.HasMandatory; slot++)
        {
            Arbitrate(work, slot, ActionTier.Mandatory, identity.Seed);
        }

        for (var slot = 0; slot < work.Slots.Count; slot++)
        {
            Arbitrate(work, slot, ActionTier.Usual, identity.Seed);
        }

        // A placement that is empty because an experiment keeps it is empty.
        work.Kept.Clear();
        for (var slot = 0; slot < work.Slots.Count; slot++)
        {
            if (work.ChosenIn(slot) == 0)
            {
                Arbitrate(work, slot, ActionTier.Fallback, identity.Seed);
            }
        }

        return identity;
    }

    private static void FindSlots(DecisionWork work, DecisionRequest request)
    {
        if (request.Containers.IsEmpty)
        {
            Fill("", request.Placements, request.MaxItems);
        }

        foreach (var container in request.Containers)
        {
            Fill(container.Name, container.Placements, container.MaxItems);
        }

        void Fill(string container, ImmutableArray<string> placements, int maxItems)
        {
            if (placements.IsEmpty)
            {
                Add(container, "", maxItems);
            }

            foreach (var placement in placements)
            {
                Add(container, placement, maxItems);
            }
        }

        void Add(string container, string placement, int maxItems)
        {
            var plan = work.Plan.Slots.GetValueOrDefault((request.Channel, placement), work.Plan.Nobody);
            work.Slots.Add(new(container, placement, maxItems, plan));
            for (var word = 0; word < work.Asked.Length; word++)
            {
                work.Asked[word] |= plan.Members[word];
            }
        }
    }

    /// <summary>The stages that concern a treatment (consent, contact policy, budget), and the contest for one slot.</summary>
    private static void Arbitrate(DecisionWork work, int slot, ActionTier tier, ulong seed)
    {
        var candidates = work.Slots[slot].Plan.Candidates;
        var count = Enter(work, work.Slots[slot].Plan, tier);
        for (var pick = 0; count > 0 && work.HasRoom(slot); pick++)
        {
            var entrants = work.Entrants.AsSpan(0, count);
            var picked = work.Plan.Arbitration.Pick(entrants, Chance.Of(seed, slot, pick + (tier == ActionTier.Mandatory ? MandatoryPicks : 0)));
            var candidate = candidates[entrants[picked.Index].Candidate];

            // Moved up, not swapped: the order of entrants is the order of ties.
            entrants[(picked.Index + 1)..].CopyTo(entrants[picked.Index..]);
            count--;
            if (Contest.Choose(work, slot, candidate.Action, Contest.Admit(work, candidate, out _)!, picked.Probability))
            {
                count = StillAllowed(work, work.Slots[slot].Plan, count);
            }
        }

        if (work.Explains)
        {
            foreach (var entrant in work.Entrants.AsSpan(0, count))
            {
                work.Drop(candidates[entrant.Candidate].Action, FunnelStage.Arbitration);
            }
        }
    }

    /// <summary>
    /// Lets those go who cannot stand beside the last choice (it used a cap or the budget up, excludes them, or took them along) before
    /// chance has its say among the others: a probability is right only when each of those it counts can be picked.
    /// </summary>
    private static int StillAllowed(DecisionWork work, SlotPlan slot, int count)
    {
        work.FindPlain(slot);
        var left = 0;
        foreach (var entrant in work.Entrants.AsSpan(0, count))
        {
            var candidate = slot.Candidates[entrant.Candidate];
            if (!work.IsOpen(candidate.Action))
            {
                continue;
            }

            if (work.IsPlain(candidate.Action))
            {
                work.Entrants[left++] = entrant;
            }
            else if (Contest.Admit(work, candidate, out var dropped) is { } treatment)
            {
                work.Entrants[left++] = work.Plan.Reach.Chooses ? entrant with { Priority = Weighing.Of(work, candidate.Action, treatment).Priority } : entrant;
            }
            else
            {
                work.Drop(candidate.Action, dropped);
            }
        }

        return left;
    }

    /// <summary>Gathers who competes for a slot, in the order in which ties go.</summary>
    private static int Enter(DecisionWork work, SlotPlan slot, ActionTier tier)
    {
        // Usual actions are asked together with fallbacks: those then know how far they would have come.
        var tiers = work.Scratch.AsSpan();
        tiers.Clear();
        work.Plan.Tiers[(int)tier].AddTo(tiers);
        if (tier == ActionTier.Usual && work.Explains)
        {
            work.Plan.Tiers[(int)ActionTier.Fallback].AddTo(tiers);
        }

        work.FindPlain(slot);
        var count = 0;
        for (var word = 0; word < tiers.Length; word++)
        {
            var open = work.Open[word] & slot.Members[word] & tiers[word];
            for (var bits = open; bits != 0; bits &= bits - 1)
            {
                var position = (word << 6) + BitOperations.TrailingZeroCount(bits);
                Enter(work, slot, tier, position, ref count);
            }
        }

        return count;
    }

    private static void Enter(DecisionWork work, SlotPlan slot, ActionTier tier, int position, ref int count)
    {
        var index = slot.IndexOf(position);
        var candidate = slot.Candidates[index];
        var action = candidate.Action;
        var dropped = FunnelStage.Arbitration;
        if ((work.IsPlain(action) ? candidate.Treatments[0] : Contest.Admit(work, candidate, out dropped)) is not { } treatment)
        {
            work.Drop(action, dropped);
        }
        else
        {
            var steady = work.Plan.Steady[position];
            var priority = double.IsNaN(steady) ? Weighing.Of(work, action, treatment).Priority : steady;
            work.Priorities[position] = priority;
            if (action.Tier == tier)
            {
                work.Entrants[count++] = new(index, priority, action.Worth);
            }
            else
            {
                work.Drop(action, FunnelStage.Arbitration);
            }
        }
    }
}
