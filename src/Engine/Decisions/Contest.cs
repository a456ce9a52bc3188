using Decisioning.Engine.Actions;

namespace Decisioning.Engine.Decisions;

/// <summary>Whether an action may be offered beside what the decision has chosen so far, and choosing it.</summary>
internal static class Contest
{
    /// <summary>
    /// The best treatment of a candidate that consent and contact policy allow, if the budget covers it and nothing chosen before
    /// excludes it; otherwise null, and the stage that dropped it: of several treatments the furthest any of them came.
    /// </summary>
    public static PlannedTreatment? Admit(DecisionWork work, Candidate candidate, out FunnelStage dropped)
    {
        if (Treatment(work, candidate, out dropped) is not { } treatment)
        {
            return null;
        }

        var action = candidate.Action.Definition;
        if (work.Hooks.Budget is { } budget && budget.Withhold(action, work.Choices.Sum(choice => choice.Action.Definition.Cost)) is { } withheld)
        {
            work.Withheld[action.Index] = withheld;
            dropped = FunnelStage.Budget;
            return null;
        }

        dropped = FunnelStage.Arbitration;
        return Excluder(work, candidate.Action) is null ? treatment : null;
    }

    /// <summary>The chosen action that an action cannot stand beside; null for none.</summary>
    public static PlannedAction? Excluder(DecisionWork work, PlannedAction action)
    {
        var definition = action.Definition;
        if (definition.Exclusive is null && definition.Dedupe is null)
        {
            return null;
        }

        var key = DedupeKey(work, action);
        foreach (var choice in work.Choices)
        {
            var chosen = choice.Action.Definition;
            if ((definition.Exclusive is not null && definition.Exclusive == chosen.Exclusive)
                || (key.Length > 0 && key == DedupeKey(work, choice.Action)))
            {
                return choice.Action;
            }
        }

        return null;
    }

    /// <summary>What an action must not have in common with another of the decision; empty for nothing.</summary>
    public static string DedupeKey(DecisionWork work, PlannedAction action) =>
        action.Definition.Dedupe?.Render(name => ContentValues.Read(work, action, null, name)) ?? "";

    /// <summary>Chooses an action, and its bundle with it; or nothing, when one of the bundle cannot be offered.</summary>
    /// <returns>Whether others may not be able to stand beside it: they are to be asked again.</returns>
    public static bool Choose(DecisionWork work, int slot, PlannedAction action, PlannedTreatment treatment, double probability)
    {
        if (work.Hooks.Experiment?.Withhold(action.Definition) is { } withheld)
        {
            work.Withheld[action.Definition.Index] = withheld;
            work.Kept.Add((slot, action.Definition.Index));
            work.Drop(action, FunnelStage.Experiment);
            work.Close(action);
            return false;
        }

        var before = work.Choices.Count;
        var bundle = action.Bundle.IsEmpty ? null : action;
        var narrows = Take(work, slot, action, treatment, probability, bundle);
        foreach (var index in action.Bundle)
        {
            var member = work.Plan.Actions[index];
            if (!work.IsChosen(member) && !Join(work, slot, member, probability, action))
            {
                work.TakeBack(before);
                work.Missing[action.Definition.Index] = index;
                work.Drop(action, FunnelStage.Arbitration);
                return false;
            }
        }

        return narrows || bundle is not null || work.Hooks.Budget is not null || action.Definition.Exclusive is not null || action.Definition.Dedupe is not null;
    }

    /// <summary>Chooses one of a bundle: in the slot of the leading action, else in the first that has room for it.</summary>
    private static bool Join(DecisionWork work, int slot, PlannedAction member, double probability, PlannedAction leader)
    {
        if (!work.IsOpen(member) || work.Hooks.Experiment?.Withhold(member.Definition) is not null)
        {
            return false;
        }

        for (var i = -1; i < work.Slots.Count; i++)
        {
            var at = i < 0 ? slot : i;
            var candidate = new Candidate(member, member.Treatments.RemoveAll(treatment => !work.Fits(at, treatment)));
            if (work.HasRoom(at) && Admit(work, candidate, out _) is { } treatment)
            {
                Take(work, at, member, treatment, probability, leader);
                return true;
            }
        }

        return false;
    }

    private static bool Take(DecisionWork work, int slot, PlannedAction action, PlannedTreatment treatment, double probability, PlannedAction? bundle)
    {
        var sendAt = work.Reach.SendAt(treatment.Reach);
        var expiresAt = (sendAt ?? work.Now) + work.Plan.Strategy.OfferExpires;
        if (action.Definition.ValidUntil < expiresAt)
        {
            expiresAt = action.Definition.ValidUntil.Value;
        }

        var rank = 1 + work.ChosenIn(slot);
        return work.Choose(new(slot, rank, action, treatment, Weighing.Of(work, action, treatment), probability, expiresAt, sendAt, bundle));
    }

    /// <summary>The treatment that consent and contact policy allow: in the customer's language and on the preferred channel first.</summary>
    private static PlannedTreatment? Treatment(DecisionWork work, Candidate candidate, out FunnelStage dropped)
    {
        dropped = FunnelStage.Consent;
        PlannedTreatment? best = null;
        var bestRank = 0;
        foreach (var treatment in candidate.Treatments)
        {
            var rank = work.Plan.Reach.Chooses ? work.Reach.Rank(treatment.Reach) : 1;
            if (rank <= bestRank || !work.Consented(treatment.Consent))
            {
                continue;
            }

            if (!work.IsPlanned(treatment) || !work.Reach.Lets(treatment.Reach) || work.Counts.Block(treatment.Caps))
            {
                dropped = FunnelStage.ContactPolicy;
                continue;
            }

            best = treatment;
            bestRank = rank;
            if (!work.Plan.Reach.Chooses)
            {
                break;
            }
        }

        return best;
    }
}
