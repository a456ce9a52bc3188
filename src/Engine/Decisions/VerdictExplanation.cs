using System.Collections.Immutable;
using System.Numerics;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Decisions;

/// <summary>
/// Tells of every candidate that was not chosen which stage and rule dropped it, in words. Actions without a treatment for what
/// was asked are no candidates and get no verdict. Works from what the decision left in working memory, so that a decision that
/// explains nothing pays nothing.
/// </summary>
internal static class VerdictExplanation
{
    private const string Rule = "arbitration.priority";

    /// <summary>One verdict per candidate that was not chosen, in the strategy's order.</summary>
    public static ImmutableArray<Verdict> Of(DecisionWork work, bool tellsAll)
    {
        var asked = 0;
        foreach (var word in work.Asked)
        {
            asked += BitOperations.PopCount(word);
        }

        var verdicts = ImmutableArray.CreateBuilder<Verdict>(asked);
        var winners = new string?[work.Slots.Count];
        foreach (var action in work.Plan.Actions)
        {
            if (work.StageOf(action) is { } stage)
            {
                verdicts.Add(stage == FunnelStage.Arbitration ? OutRanked(work, action, winners) : Verdict(work, action, stage, tellsAll));
            }
        }

        return verdicts.DrainToImmutable();
    }

    /// <summary>When the contact policy or the budget lets an action through again that it dropped; null where that is not known.</summary>
    public static DateTimeOffset? AllowedAgainAt(DecisionWork work, PlannedAction action, FunnelStage stage) => Verdict(work, action, stage, tellsAll: false).AllowedAgainAt;

    private static Verdict Verdict(DecisionWork work, PlannedAction action, FunnelStage stage, bool tellsAll) => stage switch
    {
        FunnelStage.Eligibility => Validity(action, work.Now) ?? Failed(work, action, stage, action.Eligible, tellsAll) ?? OtherLanguage(work, action),
        FunnelStage.Applicability => OutOfStages(work, action) ?? Failed(work, action, stage, action.Applicable, tellsAll)!,
        FunnelStage.Suitability => Failed(work, action, stage, action.Suitable, tellsAll)!,
        FunnelStage.Consent => NoConsent(work, action),
        FunnelStage.ContactPolicy => ContactVerdict.Of(work, action, [.. Treatments(work, action).Where(treatment => work.Consented(treatment.Consent))]),
        _ => Kept(work, action, stage),
    };

    private static Verdict? Validity(PlannedAction action, DateTimeOffset now)
    {
        var definition = action.Definition;
        if (definition.ValidFrom is { } from && now < from)
        {
            return new(definition.Name, FunnelStage.Eligibility, $"{PathOf(action)}.valid_from", $"valid from {Words.Of(from)}", PropertyMap.Empty, from);
        }

        return definition.ValidUntil is { } until && now >= until
            ? new(definition.Name, FunnelStage.Eligibility, $"{PathOf(action)}.valid_until", $"valid until {Words.Of(until)}", PropertyMap.Empty)
            : null;
    }

    /// <summary>The first of several conditions that does not hold; null when all do.</summary>
    private static Verdict? Failed(DecisionWork work, PlannedAction action, FunnelStage stage, ImmutableArray<int> conditions, bool tellsAll)
    {
        var definition = action.Definition;
        var written = stage switch
        {
            FunnelStage.Eligibility => definition.Eligible,
            FunnelStage.Applicability => definition.Applicable,
            _ => definition.Suitable,
        };
        for (var i = 0; i < conditions.Length; i++)
        {
            if (!work.Passes(conditions[i]))
            {
                return Failed(work, action, stage, i, conditions[i], written[i], tellsAll);
            }
        }

        return null;
    }

    private static Verdict Failed(DecisionWork work, PlannedAction action, FunnelStage stage, int place, int number, Condition condition, bool tellsAll)
    {
        var name = action.Definition.Name;
        var fails = work.Test(number) != Truth.Error;
        if (fails && !tellsAll)
        {
            // The same for every customer: made once per strategy.
            ref var known = ref action.RefusedBy(stage, place);
            return known ??= new(name, stage, condition.Path, work.Plan.Refusals[number], PropertyMap.Empty);
        }

        var seen = tellsAll ? Words.Seen(condition, work.Facts) : PropertyMap.Empty;
        var reason = fails ? work.Plan.Refusals[number] : $"{Words.Of(condition)} cannot be told: {condition.Expression.Explain(work.Facts)}";
        return new(name, stage, condition.Path, seen.Count == 0 ? reason : $"{reason}: {Words.Of(seen)}", seen);
    }

    private static Verdict OtherLanguage(DecisionWork work, PlannedAction action)
    {
        var locales = action.Treatments.Select(treatment => treatment.Definition.Locale).OfType<string>().Distinct().Select(locale => $"`{locale}`");
        var reason = $"no treatment in the customer's locale `{work.Reach.Locale}`: there are {string.Join(", ", locales)}";
        return new(action.Definition.Name, FunnelStage.Eligibility, $"{PathOf(action)}.treatments", reason, PropertyMap.Empty);
    }

    private static Verdict? OutOfStages(DecisionWork work, PlannedAction action)
    {
        if (action.Stages == 0 || (action.Stages & work.InStages) != 0)
        {
            return null;
        }

        var stages = string.Join(", ", action.Definition.Stages.Select(stage => $"`{work.Plan.Strategy.Stages[stage].Name}`"));
        var reason = $"the customer is in {(action.Definition.Stages.Length == 1 ? "another stage than" : "none of the stages")} {stages}";
        return new(action.Definition.Name, FunnelStage.Applicability, $"{PathOf(action)}.stages", reason, PropertyMap.Empty);
    }

    /// <summary>What a gate said: of the budget or of an experiment.</summary>
    private static Verdict Kept(DecisionWork work, PlannedAction action, FunnelStage stage)
    {
        var withheld = work.Withheld[action.Definition.Index];
        return new(action.Definition.Name, stage, withheld.Rule, withheld.Reason, PropertyMap.Empty, withheld.Until);
    }

    private static Verdict NoConsent(DecisionWork work, PlannedAction action)
    {
        var consents = new List<int>(2);
        foreach (var treatment in action.Treatments)
        {
            if (IsAsked(work, treatment) && !consents.Contains(treatment.Consent))
            {
                consents.Add(treatment.Consent);
            }
        }

        var (purpose, channel) = work.Plan.Consents[consents[0]];
        var reason = consents.Count == 1 ? work.ConsentWords(consents[0]) : string.Join("; ", consents.Select(work.ConsentWords));
        return new(action.Definition.Name, FunnelStage.Consent, $"consent.{purpose}.{channel}", reason, PropertyMap.Empty);
    }

    // What a slot went to is told alike to all that competed for it: `winners` keeps the words.
    private static Verdict OutRanked(DecisionWork work, PlannedAction action, string?[] winners)
    {
        var definition = action.Definition;
        if (Bond(work, action) is { } bond)
        {
            return bond;
        }

        if (LastIn(work, action) is not { } last)
        {
            return new(definition.Name, FunnelStage.Arbitration, Rule, $"the decision has its {Limits.DecisionItemsMax} items already", PropertyMap.Empty);
        }

        var priority = work.Priorities[action.Position];
        var reason = definition.IsFallback && !last.Action.Definition.IsFallback
            ? $"a fallback, and {PlaceOf(work, last.Slot)} has `{last.Action.Definition.Name}`"
            : last.Action.Tier < action.Tier
            ? $"`{last.Action.Definition.Name}` is mandatory and has {PlaceOf(work, last.Slot)}"
            : winners[last.Slot] ??= $"the last of {PlaceOf(work, last.Slot)} is `{last.Action.Definition.Name}` with priority {Words.Of(last.Weighing.Priority)}";
        return new(definition.Name, FunnelStage.Arbitration, Rule, reason, PropertyMap.Empty) { Priority = priority };
    }

    /// <summary>What ties an action to others that were chosen, or were not; null when it lost by priority.</summary>
    private static Verdict? Bond(DecisionWork work, PlannedAction action)
    {
        var name = action.Definition.Name;
        if (work.Missing.TryGetValue(action.Definition.Index, out var missing))
        {
            var member = work.Plan.Actions[missing].Definition.Name;
            return new(name, FunnelStage.Arbitration, $"{PathOf(action)}.bundle", $"`{member}` of its bundle cannot be offered with it", PropertyMap.Empty);
        }

        if (Contest.Excluder(work, action) is not { } chosen)
        {
            return null;
        }

        return action.Definition.Exclusive is { } exclusive && exclusive == chosen.Definition.Exclusive
            ? new(name, FunnelStage.Arbitration, $"{PathOf(action)}.exclusive", $"`{chosen.Definition.Name}` is offered, and only one of `{exclusive}` is", PropertyMap.Empty)
            : new(name, FunnelStage.Arbitration, $"{PathOf(action)}.dedupe", $"`{chosen.Definition.Name}` is offered, and shows the same: `{Contest.DedupeKey(work, action)}`", PropertyMap.Empty);
    }

    private static string PlaceOf(DecisionWork work, int slot) => work.Slots[slot].Placement is { Length: > 0 } placement ? $"`{placement}`" : "the list";

    /// <summary>The last choice of the first slot that an action fits and that went to others; null when none did.</summary>
    private static Choice? LastIn(DecisionWork work, PlannedAction action)
    {
        Choice? last = null;
        foreach (var choice in work.Choices)
        {
            if (last is { } found && found.Slot != choice.Slot)
            {
                return last;
            }

            last = last is not null || Fits(work, choice.Slot, action) ? choice : null;
        }

        return last;
    }

    private static bool Fits(DecisionWork work, int slot, PlannedAction action)
    {
        foreach (var treatment in action.Treatments)
        {
            if (work.Fits(slot, treatment))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The treatments of an action that fit what was asked, in a language the customer reads.</summary>
    private static IEnumerable<PlannedTreatment> Treatments(DecisionWork work, PlannedAction action) =>
        action.Treatments.Where(treatment => IsAsked(work, treatment));

    private static bool IsAsked(DecisionWork work, PlannedTreatment treatment)
    {
        for (var slot = 0; slot < work.Slots.Count; slot++)
        {
            if (work.Fits(slot, treatment))
            {
                return work.Reach.Speaks(treatment.Reach);
            }
        }

        return false;
    }

    private static string PathOf(PlannedAction action) => $"issues.{action.Definition.Issue}.{action.Definition.Group}.{action.Definition.Name}";
}
