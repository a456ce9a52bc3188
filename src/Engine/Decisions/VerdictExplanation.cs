using System.Collections.Immutable;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Policies;
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
        var verdicts = ImmutableArray.CreateBuilder<Verdict>();
        var winners = new string?[work.Slots.Count];
        foreach (var action in work.Plan.Actions)
        {
            if (work.StageOf(action.Definition.Index) is { } stage and not FunnelStage.Chosen)
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
            if (work.Test(conditions[i]) is not Truth.True and var truth)
            {
                var condition = written[i];
                var seen = tellsAll ? Words.Seen(condition, work.Facts) : PropertyMap.Empty;
                var reason = truth == Truth.Error
                    ? $"{Words.Of(condition)} cannot be told: {condition.Expression.Explain(work.Facts)}"
                    : work.Plan.Refusals[conditions[i]];
                return new(definition.Name, stage, condition.Path, seen.Count == 0 ? reason : $"{reason}: {Words.Of(seen)}", seen);
            }
        }

        return null;
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
        var purpose = action.Definition.Purpose!;
        var channels = Treatments(work, action).Select(treatment => treatment.Definition.Channel).Distinct();
        var said = channels.Select(channel => Consents.Find(work.Facts.State.Consents, purpose, channel) is { } consent
            ? $"consent for `{purpose}` on `{channel}` was {(consent.Status == ConsentStatus.Denied ? "denied" : "revoked")} at {Words.Of(consent.At)}"
            : $"no consent for `{purpose}` on `{channel}`");
        return new(action.Definition.Name, FunnelStage.Consent, $"consent.{purpose}.{channels.First()}", string.Join("; ", said), PropertyMap.Empty);
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

        var winner = winners[last.Slot] ??= $"; the last of {PlaceOf(work, last.Slot)} is `{last.Action.Definition.Name}` with {Words.Of(last.Weighing.Priority)}";
        var reason = definition.IsFallback && !last.Action.Definition.IsFallback
            ? $"a fallback, and {PlaceOf(work, last.Slot)} has `{last.Action.Definition.Name}`"
            : last.Action.Tier < action.Tier
            ? $"`{last.Action.Definition.Name}` is mandatory and has {PlaceOf(work, last.Slot)}"
            : $"priority {Words.Of(Decider.Weigh(work, action, Best(work, action)).Priority)}{winner}";
        return new(definition.Name, FunnelStage.Arbitration, Rule, reason, PropertyMap.Empty);
    }

    /// <summary>What ties an action to others that were chosen, or were not; null when it lost by priority.</summary>
    private static Verdict? Bond(DecisionWork work, PlannedAction action)
    {
        var (name, path) = (action.Definition.Name, PathOf(action));
        if (work.Missing.TryGetValue(action.Definition.Index, out var missing))
        {
            var member = work.Plan.Actions[missing].Definition.Name;
            return new(name, FunnelStage.Arbitration, $"{path}.bundle", $"`{member}` of its bundle cannot be offered with it", PropertyMap.Empty);
        }

        if (Contest.Excluder(work, action) is not { } chosen)
        {
            return null;
        }

        return action.Definition.Exclusive is { } exclusive && exclusive == chosen.Definition.Exclusive
            ? new(name, FunnelStage.Arbitration, $"{path}.exclusive", $"`{chosen.Definition.Name}` is offered, and only one of `{exclusive}` is", PropertyMap.Empty)
            : new(name, FunnelStage.Arbitration, $"{path}.dedupe", $"`{chosen.Definition.Name}` is offered, and shows the same: `{Contest.DedupeKey(work, action)}`", PropertyMap.Empty);
    }

    /// <summary>The treatment it would have been offered with: its best, whatever caps were used up in between.</summary>
    private static PlannedTreatment Best(DecisionWork work, PlannedAction action) =>
        Treatments(work, action).Where(treatment => work.Consented(treatment.Consent)).MaxBy(treatment => work.Reach.Rank(treatment.Reach))!;

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
        action.Treatments.Where(treatment => work.Reach.Speaks(treatment.Reach) && Enumerable.Range(0, work.Slots.Count).Any(slot => work.Fits(slot, treatment)));

    private static string PathOf(PlannedAction action) => $"issues.{action.Definition.Issue}.{action.Definition.Group}.{action.Definition.Name}";
}
