using System.Numerics;

namespace Decisioning.Engine.Decisions;

/// <summary>The stages of the funnel that concern an action as a whole: eligibility, applicability, suitability.</summary>
internal static class Admission
{
    /// <summary>
    /// Lets in those of the actions asked about that all three stages let through. What a condition is about is looked at when somebody still needs
    /// it, once for all of them; who is dropped is not looked at one by one.
    /// </summary>
    public static void Run(DecisionWork work)
    {
        var plan = work.Plan.Admission;
        var open = work.Open.AsSpan();
        work.Asked.CopyTo(open);
        LeaveStages(work, plan, open);
        if (plan.Dated.Overlaps(open))
        {
            LeaveDated(work, plan, open);
        }

        foreach (var gates in plan.Gates)
        {
            gates.Leave(work.Codes, open);
        }
    }

    /// <summary>The first stage that does not let an action through; consent, the next one, when all three do.</summary>
    public static FunnelStage StageOf(DecisionWork work, PlannedAction action)
    {
        if (!IsValid(work, action) || !work.Pass(action.Eligible) || (action.HasLocales && !Speaks(work, action)))
        {
            return FunnelStage.Eligibility;
        }

        if ((action.Stages != 0 && (action.Stages & work.InStages) == 0) || !work.Pass(action.Applicable))
        {
            return FunnelStage.Applicability;
        }

        return work.Pass(action.Suitable) ? FunnelStage.Consent : FunnelStage.Suitability;
    }

    private static void LeaveStages(DecisionWork work, AdmissionPlan plan, Span<ulong> open)
    {
        var here = work.Scratch.AsSpan();
        here.Clear();
        plan.Anywhere.AddTo(here);
        for (var stages = plan.Serving.IsEmpty ? 0 : work.InStages; stages != 0; stages &= stages - 1)
        {
            plan.Serving[BitOperations.TrailingZeroCount(stages)].AddTo(here);
        }

        for (var word = 0; word < open.Length; word++)
        {
            open[word] &= here[word];
        }
    }

    private static void LeaveDated(DecisionWork work, AdmissionPlan plan, Span<ulong> open)
    {
        var dated = work.Scratch.AsSpan();
        dated.Clear();
        plan.Dated.AddTo(dated);
        for (var word = 0; word < open.Length; word++)
        {
            for (var bits = open[word] & dated[word]; bits != 0; bits &= bits - 1)
            {
                var action = work.Plan.InOrder[(word << 6) + BitOperations.TrailingZeroCount(bits)];
                if (!IsValid(work, action) || (action.HasLocales && !Speaks(work, action)))
                {
                    open[word] &= ~(1UL << action.Position);
                }
            }
        }
    }

    private static bool IsValid(DecisionWork work, PlannedAction action) =>
        !(work.Now < action.Definition.ValidFrom) && !(work.Now >= action.Definition.ValidUntil);

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
}
