using System.Collections.Immutable;
using Decisioning.Engine.Actions;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Decisions;

/// <summary>Writes a decision down: items with their content, and as much of the reasons as was asked for.</summary>
internal static class Answering
{
    /// <summary>Enough to see what was meant.</summary>
    private const int KnownPlacementsMax = 20;

    /// <summary>The decision that working memory holds.</summary>
    public static Decision Answer(DecisionWork work, DecisionRequest request, DecisionIdentity identity, DateTimeOffset now)
    {
        var unknown = Unknown(work);
        var (strategy, state, level) = (work.Plan.Strategy, work.Facts.State, request.Explain);
        var (explains, tellsAll) = (level != ExplainLevel.None, level == ExplainLevel.Full);
        return new(
            identity.Id,
            state.Sequence,
            strategy.Name,
            strategy.Version,
            strategy.Hash,
            now,
            identity.Seed,
            Items(work, identity.Id, explains),
            explains ? VerdictExplanation.Of(work, tellsAll) : [],
            tellsAll ? RuleExplanation.Of(work) : [],
            explains ? Stages(work) : [],
            explains ? CustomerViews.SegmentsOf(work.Facts) : [],
            explains ? [.. state.Tags.Where(tag => tag.HoldsAt(now)).Select(tag => tag.Name)] : [],
            TouchRule.NameOf(work.Reach.Touch))
        {
            Plans = work.Plan.Schedule.Told(work.InStages),
            UnknownPlacements = unknown,
            KnownPlacements = unknown.IsEmpty ? [] : work.Plan.PlacementsOn(work.Channel).Take(KnownPlacementsMax).ToImmutableArray(),
        };
    }

    private static ImmutableArray<string> Unknown(DecisionWork work)
    {
        ImmutableArray<string> unknown = [];
        foreach (var slot in work.Slots)
        {
            if (slot.Plan == work.Plan.Nobody && slot.Placement.Length > 0 && !unknown.Contains(slot.Placement))
            {
                unknown = unknown.Add(slot.Placement);
            }
        }

        return unknown;
    }

    private static ImmutableArray<DecisionItem> Items(DecisionWork work, string decisionId, bool explains)
    {
        // Fallbacks were chosen after all others, the answer goes placement by placement.
        work.Choices.Sort(static (left, right) => left.Slot != right.Slot ? left.Slot.CompareTo(right.Slot) : left.Rank.CompareTo(right.Rank));
        var items = ImmutableArray.CreateBuilder<DecisionItem>(work.Choices.Count);
        foreach (var choice in work.Choices)
        {
            items.Add(Item(work, choice, decisionId, explains));
        }

        return items.MoveToImmutable();
    }

    private static DecisionItem Item(DecisionWork work, in Choice choice, string decisionId, bool explains)
    {
        var (action, treatment) = (choice.Action.Definition, choice.Treatment.Definition);
        var token = new TrackingToken(
            decisionId, action.Issue, action.Group, action.Name, treatment.Name, treatment.Channel, treatment.Placement, work.Now);
        return new(
            choice.Rank,
            action.Issue,
            action.Group,
            action.Name,
            treatment.Name,
            treatment.Channel,
            treatment.Placement,
            Content(work, choice.Action, choice.Treatment),
            token.Write(),
            action.IsFallback,
            action.Propensity,
            choice.Weighing.Context,
            choice.Action.Worth,
            choice.Weighing.Lever,
            choice.Weighing.Priority,
            choice.Probability,
            choice.ExpiresAt,
            explains ? Reasons(work, choice.Action) : [],
            action.IsMandatory,
            choice.Bundle?.Definition.Name ?? "",
            choice.SendAt,
            work.Slots[choice.Slot].Container);
    }

    private static PropertyMap Content(DecisionWork work, PlannedAction action, PlannedTreatment planned) => planned.FixedContent ?? Render(work, action, planned);

    private static PropertyMap Render(DecisionWork work, PlannedAction action, PlannedTreatment planned)
    {
        var treatment = planned.Definition;
        var reader = new TemplateReader(treatment.Locale ?? work.Reach.Locale, work.Facts.Zone);
        var parts = new KeyValuePair<string, Value>[treatment.Content.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            var part = treatment.Content[i];
            parts[i] = new(part.Name, Value.Of(part.Template.Render(name => ContentValues.Read(work, action, treatment, name), reader)));
        }

        var content = PropertyMap.Own(parts);
        planned.FixedContent = planned.IsFixed ? content : null;
        return content;
    }

    private static ImmutableArray<string> Reasons(DecisionWork work, PlannedAction action)
    {
        var reasons = ImmutableArray.CreateBuilder<string>();
        foreach (var condition in action.Definition.Eligible.Concat(action.Definition.Applicable).Concat(action.Definition.Suitable))
        {
            reasons.Add(condition.Path);
        }

        for (var i = 0; i < action.Weights.Length; i++)
        {
            if (work.Passes(action.Weights[i].Condition))
            {
                reasons.Add(action.Definition.ContextWeights[i].When.Path);
            }
        }

        foreach (var offer in action.Offers)
        {
            if (work.Holds(offer.Rule))
            {
                reasons.Add($"rules.{work.Plan.Strategy.Rules[offer.Rule].Id}");
            }
        }

        foreach (var stage in action.StageWeights)
        {
            if ((stage.Stage & work.InStages) != 0)
            {
                reasons.Add(stage.Path);
            }
        }

        return reasons.ToImmutable();
    }

    private static ImmutableArray<string> Stages(DecisionWork work) =>
        [.. work.Plan.Strategy.Stages.Where(stage => (work.InStages & (1u << stage.Index)) != 0).Select(stage => stage.Name)];
}
