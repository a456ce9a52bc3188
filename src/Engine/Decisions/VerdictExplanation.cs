using System.Collections.Immutable;
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

    private static Verdict Verdict(DecisionWork work, PlannedAction action, FunnelStage stage, bool tellsAll) => stage switch
    {
        FunnelStage.Eligibility => Validity(action, work.Now) ?? Failed(work, action, stage, action.Eligible, action.Definition.Eligible!, tellsAll),
        FunnelStage.Applicability => Failed(work, action, stage, action.Applicable, action.Definition.Applicable!, tellsAll),
        FunnelStage.Suitability => Failed(work, action, stage, action.Suitable, action.Definition.Suitable!, tellsAll),
        FunnelStage.Consent => NoConsent(work, action),
        _ => Capped(work, action),
    };

    private static Verdict? Validity(PlannedAction action, DateTimeOffset now)
    {
        var definition = action.Definition;
        var path = $"issues.{definition.Issue}.{definition.Group}.{definition.Name}";
        if (definition.ValidFrom is { } from && now < from)
        {
            return new(definition.Name, FunnelStage.Eligibility, $"{path}.valid_from", $"valid from {Words.Of(from)}", PropertyMap.Empty, from);
        }

        return definition.ValidUntil is { } until && now >= until
            ? new(definition.Name, FunnelStage.Eligibility, $"{path}.valid_until", $"valid until {Words.Of(until)}", PropertyMap.Empty)
            : null;
    }

    private static Verdict Failed(DecisionWork work, PlannedAction action, FunnelStage stage, int number, Condition condition, bool tellsAll)
    {
        var seen = tellsAll ? Words.Seen(condition, work.Facts) : PropertyMap.Empty;
        var reason = work.Test(number) == Truth.Error
            ? $"{Words.Of(condition)} cannot be told: {condition.Expression.Explain(work.Facts)}"
            : work.Plan.Refusals[number];
        return new(action.Definition.Name, stage, condition.Path, seen.Count == 0 ? reason : $"{reason}: {Words.Of(seen)}", seen);
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

    private static Verdict Capped(DecisionWork work, PlannedAction action)
    {
        var definition = action.Definition;
        (ContactCap Cap, List<Counted> Counted)? first = null;
        DateTimeOffset? allowedAgainAt = null;
        foreach (var treatment in Treatments(work, action).Where(treatment => work.Consented(treatment.Consent)))
        {
            var reached = work.Counts.Reached(treatment.Caps).ToList();
            first ??= reached[0];
            if (AllowedAgainAt(reached) is { } at && (allowedAgainAt is null || at < allowedAgainAt))
            {
                allowedAgainAt = at;
            }
        }

        var (cap, counted) = first!.Value;
        var reason = $"{Words.Of(cap, definition.Issue, definition.Group, definition.Name)}: {Use(counted)}";
        return new(definition.Name, FunnelStage.ContactPolicy, cap.Path, reason, PropertyMap.Empty, allowedAgainAt);
    }

    private static string Use(List<Counted> counted)
    {
        var before = counted.FindAll(one => !one.IsChosenNow);
        var chosen = counted.Count - before.Count;
        return (before.Count, chosen) switch
        {
            (0, 0) => "none is allowed",
            (_, 0) => $"{before.Count} since {Words.Of(before.Min(one => one.At))}",
            (0, _) => $"{chosen} in this decision",
            _ => $"{before.Count} since {Words.Of(before.Min(one => one.At))} and {chosen} in this decision",
        };
    }

    /// <summary>When the last of several reached caps lets through again; null when one never does.</summary>
    private static DateTimeOffset? AllowedAgainAt(List<(ContactCap Cap, List<Counted> Counted)> reached)
    {
        var latest = DateTimeOffset.MinValue;
        foreach (var (cap, counted) in reached)
        {
            if (cap.AtMost == 0)
            {
                return null;
            }

            // It lets through when fewer than AtMost are left, which is when the AtMost-th to leave from the end has left.
            var at = counted.Select(one => one.LeavesAt(cap.Within)).OrderDescending().ElementAt(cap.AtMost - 1);
            latest = at > latest ? at : latest;
        }

        return latest;
    }

    // What a slot went to is told alike to all that competed for it: `winners` keeps the words.
    private static Verdict OutRanked(DecisionWork work, PlannedAction action, string?[] winners)
    {
        var definition = action.Definition;
        if (LastIn(work, action) is not { } last)
        {
            return new(definition.Name, FunnelStage.Arbitration, Rule, $"the decision has its {Limits.DecisionItemsMax} items already", PropertyMap.Empty);
        }

        var winner = winners[last.Slot] ??= $"; the last of {PlaceOf(work, last.Slot)} is `{last.Action.Definition.Name}` with {Words.Of(last.Weighing.Priority)}";
        var reason = definition.IsFallback && !last.Action.Definition.IsFallback
            ? $"a fallback, and {PlaceOf(work, last.Slot)} has `{last.Action.Definition.Name}`"
            : $"priority {Words.Of(Decider.Weigh(work, action).Priority)}{winner}";
        return new(definition.Name, FunnelStage.Arbitration, Rule, reason, PropertyMap.Empty);
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

    /// <summary>The treatments of an action that fit what was asked.</summary>
    private static IEnumerable<PlannedTreatment> Treatments(DecisionWork work, PlannedAction action) =>
        action.Treatments.Where(treatment => Enumerable.Range(0, work.Slots.Count).Any(slot => work.Fits(slot, treatment)));
}
