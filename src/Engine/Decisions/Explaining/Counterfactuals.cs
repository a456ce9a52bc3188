using System.Collections.Immutable;
using Decisioning.Engine.Arbitration;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Decisions.Explaining;

/// <summary>
/// Finds for candidates that were not chosen the smallest change that would have let them be: stage by stage of the funnel, it wishes
/// for what the stage wants and decides anew, until the candidate is chosen; then it drops every wish that was not needed.
/// </summary>
internal sealed class Counterfactuals
{
    private readonly Rehearsal _again;
    private readonly DecisionWork _work;
    private readonly PlannedAction _action;

    private Counterfactuals(Rehearsal again, DecisionWork work, PlannedAction action) => (_again, _work, _action) = (again, work, action);

    /// <summary>Counterfactuals by action, for those that came furthest: at most <see cref="Limits.CounterfactualsMax"/> are looked for.</summary>
    public static Dictionary<string, Counterfactual> Of(Rehearsal again, ImmutableArray<Verdict> verdicts)
    {
        var found = new Dictionary<string, Counterfactual>(StringComparer.Ordinal);
        var work = DecisionWork.Rent(again.Strategy);
        foreach (var verdict in verdicts.OrderByDescending(verdict => verdict.Stage).Take(Limits.CounterfactualsMax))
        {
            var action = work.Plan.Actions[again.Strategy.FindAction(verdict.Action)!.Index];
            if (new Counterfactuals(again, work, action).Find() is { } counterfactual)
            {
                found[verdict.Action] = counterfactual;
            }
        }

        DecisionWork.Return(work);
        return found;
    }

    private Counterfactual? Find()
    {
        var wishes = ImmutableArray<Wish>.Empty;
        for (var step = 0; step < Limits.CounterfactualStepsMax; step++)
        {
            if (IsChosen(wishes))
            {
                return Told(Needed(wishes), null);
            }

            var stage = _work.StageOf(_action);
            if (stage == FunnelStage.Arbitration)
            {
                return Outrank(wishes);
            }

            if (Wanted(stage) is not { IsEmpty: false } more || More(wishes, more) is not { } next || next.Length > Limits.CounterfactualChangesMax)
            {
                return null;
            }

            wishes = next;
        }

        return null;
    }

    private bool IsChosen(ImmutableArray<Wish> wishes)
    {
        _again.With(_work, wishes);
        return _work.IsChosen(_action);
    }

    /// <summary>What the stage that dropped the action wants; null where no change but time, money or an experiment would help.</summary>
    private ImmutableArray<Wish>? Wanted(FunnelStage? stage)
    {
        var definition = _action.Definition;
        var wishing = new Wishing(_work.Facts);
        return stage switch
        {
            FunnelStage.Eligibility => wishing.ForAll(definition.Eligible.Select(condition => condition.Expression)),
            FunnelStage.Applicability => Applicable(wishing),
            FunnelStage.Suitability => wishing.ForAll(definition.Suitable.Select(condition => condition.Expression)),
            FunnelStage.Consent => Consent(),
            _ => null,
        };
    }

    private ImmutableArray<Wish>? Applicable(Wishing wishing)
    {
        if (_action.Stages != 0 && (_action.Stages & _work.InStages) == 0)
        {
            return _action.Definition.Stages
                .Select(stage => wishing.Enter(_again.Strategy.Stages[stage]))
                .OfType<ImmutableArray<Wish>>()
                .OrderBy(Wishing.Cost)
                .Cast<ImmutableArray<Wish>?>()
                .FirstOrDefault();
        }

        return wishing.ForAll(_action.Definition.Applicable.Select(condition => condition.Expression));
    }

    private ImmutableArray<Wish>? Consent() => _action.Definition.Purpose is { } purpose && FittingTreatment() is { } treatment
        ? [new($"consent.{purpose}.{treatment.Definition.Channel}", Value.Of(true), 1)]
        : null;

    private PlannedTreatment? FittingTreatment()
    {
        for (var slot = 0; slot < _work.Slots.Count; slot++)
        {
            foreach (var treatment in _action.Treatments)
            {
                if (_work.Fits(slot, treatment))
                {
                    return treatment;
                }
            }
        }

        return null;
    }

    /// <summary>Wishes with more of them; null when there is nothing new among them.</summary>
    private static ImmutableArray<Wish>? More(ImmutableArray<Wish> wishes, ImmutableArray<Wish> more)
    {
        var changed = more.Where(wish => !wishes.Any(known => known.Name == wish.Name && known.Needed == wish.Needed)).ToList();
        return changed.Count == 0 ? null : [.. wishes.Where(known => !changed.Exists(wish => wish.Name == known.Name)), .. changed];
    }

    /// <summary>Leaves out every wish without which the action is chosen all the same.</summary>
    private ImmutableArray<Wish> Needed(ImmutableArray<Wish> wishes)
    {
        for (var i = wishes.Length - 1; i >= 0 && wishes.Length > 1; i--)
        {
            var without = wishes.RemoveAt(i);
            if (IsChosen(without))
            {
                wishes = without;
            }
        }

        return wishes;
    }

    /// <summary>What lets the action go before those that were chosen: a weight of the situation, or else its own value.</summary>
    private Counterfactual? Outrank(ImmutableArray<Wish> wishes)
    {
        foreach (var heavier in Heavier().OrderBy(Wishing.Cost).Take(Limits.CounterfactualStepsMax))
        {
            if (More(wishes, heavier) is { } next && next.Length <= Limits.CounterfactualChangesMax && IsChosen(next))
            {
                return Told(Needed(next), null);
            }
        }

        IsChosen(wishes);
        return NeededValue() is { } value && wishes.Length < Limits.CounterfactualChangesMax ? Told(wishes, value) : null;
    }

    /// <summary>The ways in which the situation could weigh more for the action, by the decision just made.</summary>
    private List<ImmutableArray<Wish>> Heavier()
    {
        var (wishing, ways) = (new Wishing(_work.Facts), new List<ImmutableArray<Wish>?>());
        for (var i = 0; i < _action.Weights.Length; i++)
        {
            var (holds, written) = (_work.Passes(_action.Weights[i].Condition), _action.Definition.ContextWeights[i]);
            if ((written.Weight > 1 && !holds) || (written.Weight < 1 && holds))
            {
                ways.Add(wishing.For(written.When.Expression, !holds));
            }
        }

        foreach (var offer in _action.Offers)
        {
            if (offer.Weight > 1 && !_work.Holds(offer.Rule))
            {
                ways.Add(wishing.ForAll(_again.Strategy.Rules[offer.Rule].Layers.Select(layer => layer.When.Expression)));
            }
        }

        return [.. ways.OfType<ImmutableArray<Wish>>().Where(way => !way.IsEmpty)];
    }

    /// <summary>The value with which the action goes before the last of the first place it fits; null where value decides nothing.</summary>
    private double? NeededValue()
    {
        var settings = _again.Strategy.Arbitration;
        if (!settings.Parts.HasFlag(PriorityParts.Value) || settings.Explore > 0 || settings.Policy.Name is not ("priority" or "value")
            || _action.Tier != ActionTier.Usual || _work.Missing.ContainsKey(_action.Definition.Index) || Contest.Excluder(_work, _action) is not null)
        {
            return null;
        }

        for (var slot = 0; slot < _work.Slots.Count; slot++)
        {
            var candidate = _work.Slots[slot].Plan.Candidates.FirstOrDefault(one => one.Action.Definition.Index == _action.Definition.Index);
            if (candidate.Action is null || Contest.Admit(_work, candidate, out _) is not { } treatment)
            {
                continue;
            }

            var taken = _work.Choices.Where(choice => choice.Slot == slot).ToList();
            var own = Weighing.Of(_work, _action, treatment).Priority;
            if (taken.Count == 0 || taken.Exists(choice => choice.Action.Tier == ActionTier.Mandatory || choice.Bundle is not null) || own <= 0)
            {
                return null;
            }

            var needed = taken.Min(choice => choice.Weighing.Priority) / own * _action.Definition.Value;
            return Math.Round((needed * (1 + 1e-9)) + 0.005, 2, MidpointRounding.ToPositiveInfinity);
        }

        return null;
    }

    private Counterfactual Told(ImmutableArray<Wish> wishes, double? value)
    {
        _again.With(_work, []);
        var changes = wishes
            .OrderBy(wish => wish.Name, StringComparer.Ordinal)
            .Select(wish => new SupposedChange(wish.Name, SeenValue.Of(_work.Facts, wish.Name), wish.Needed))
            .ToImmutableArray();
        if (value is { } needed)
        {
            changes = changes.Add(new("action.value", Value.Of(_action.Definition.Value), Value.Of(needed)));
        }

        return new(changes, $"would be offered if {string.Join(" and ", changes.Select(InWords))}");
    }

    private static string InWords(SupposedChange change) =>
        $"`{change.Name}` were {Words.Of(change.Needed)} instead of {Words.Of(change.Seen)}";
}
