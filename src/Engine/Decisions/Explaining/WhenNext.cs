using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Timing;

namespace Decisioning.Engine.Decisions.Explaining;

/// <summary>
/// Finds when candidates that the funnel dropped come through it again if nothing happens but that time passes: it goes from instant
/// to instant at which one of them may, lets what time changes by itself change, and decides anew.
/// </summary>
internal sealed class WhenNext
{
    private readonly Rehearsal _again;
    private readonly DecisionWork _work;
    private readonly Dictionary<string, DateTimeOffset?> _found = new(StringComparer.Ordinal);
    private readonly List<Waiting> _waiting = [];

    private WhenNext(Rehearsal again, DecisionWork work) => (_again, _work) = (again, work);

    /// <summary>
    /// The instants by action; null where time alone does not bring it back, or where that was not found out within
    /// <see cref="Limits.WhenNextStepsMax"/> instants. Actions that came through the funnel already are missing, and
    /// of the others all but the <see cref="Limits.WhenNextMax"/> that came furthest.
    /// </summary>
    public static Dictionary<string, DateTimeOffset?> Of(Rehearsal again, ImmutableArray<Verdict> verdicts)
    {
        var work = DecisionWork.Rent(again.Strategy);
        var search = new WhenNext(again, work);
        foreach (var verdict in verdicts.Where(verdict => verdict.Stage <= FunnelStage.Budget).OrderByDescending(verdict => verdict.Stage).Take(Limits.WhenNextMax))
        {
            search._waiting.Add(new(work.Plan.Actions[again.Strategy.FindAction(verdict.Action)!.Index], verdict.AllowedAgainAt));
        }

        search.Walk();
        DecisionWork.Return(work);
        return search._found;
    }

    private void Walk()
    {
        var (state, at) = (_again.State, _again.Now);
        for (var step = 0; step < Limits.WhenNextStepsMax && _waiting.Count > 0; step++)
        {
            Decider.Run(_work, _again.Key, state, _again.Offers, _again.Request, at, _again.Hooks);
            var next = Look(at);
            if (_waiting.Count == 0)
            {
                return;
            }

            var wake = Waking.NextAt(state, _again.Strategy, at);
            if (wake is { } due && due <= next)
            {
                at = due > at ? due : at;
                state = Recorder.Plan(state, [Waking.EventAt(due, at)], _again.Strategy, at).Next;
            }
            else if (next < DateTimeOffset.MaxValue)
            {
                at = next;
            }
            else
            {
                _waiting.ForEach(one => _found[one.Action.Definition.Name] = null);
                return;
            }
        }

        // What was said already and lies beyond the instants looked at may still be right.
        _waiting.ForEach(one => _found[one.Action.Definition.Name] = one.Said > at ? one.Said : null);
    }

    /// <summary>Takes those out who came through, and gives the first instant at which one of the others may.</summary>
    private DateTimeOffset Look(DateTimeOffset at)
    {
        var next = DateTimeOffset.MaxValue;
        for (var i = _waiting.Count - 1; i >= 0; i--)
        {
            var (waiting, action) = (_waiting[i], _waiting[i].Action);
            var stage = _work.StageOf(action);
            if (_work.IsChosen(action) || stage > FunnelStage.Budget)
            {
                _found[action.Definition.Name] = at;
                _waiting.RemoveAt(i);
                continue;
            }

            // One that may come through every hour, and never does, must not keep the others from being looked at.
            var may = Next(action, stage);
            if (waiting.Stops == Limits.WhenNextStopsMax)
            {
                _found[action.Definition.Name] = null;
                _waiting.RemoveAt(i);
            }
            else if (may > at && may < next)
            {
                next = may;
                waiting.Stops++;
            }
        }

        return next;
    }

    private DateTimeOffset Next(PlannedAction action, FunnelStage? stage) => stage switch
    {
        FunnelStage.Eligibility when _work.Now < action.Definition.ValidFrom => action.Definition.ValidFrom.Value,
        FunnelStage.Eligibility when _work.Now >= action.Definition.ValidUntil => DateTimeOffset.MaxValue,
        FunnelStage.Eligibility => Next(action.Definition.Eligible),
        FunnelStage.Applicability => Next(action.Definition.Applicable),
        FunnelStage.Suitability => Next(action.Definition.Suitable),
        FunnelStage.ContactPolicy or FunnelStage.Budget => VerdictExplanation.AllowedAgainAt(_work, action, stage.Value) ?? DateTimeOffset.MaxValue,
        _ => DateTimeOffset.MaxValue,
    };

    // All of them must hold: not before the last of those that do not has changed.
    private DateTimeOffset Next(ImmutableArray<Condition> conditions)
    {
        var last = _work.Now;
        foreach (var condition in conditions)
        {
            if (condition.Test(_work.Facts) != Truth.True && Foresight.NextChange(_work.Facts, condition) is var next && next > last)
            {
                last = next;
            }
        }

        return last > _work.Now ? last : DateTimeOffset.MaxValue;
    }

    private sealed class Waiting(PlannedAction action, DateTimeOffset? said)
    {
        public PlannedAction Action => action;

        /// <summary>What the decision itself says.</summary>
        public DateTimeOffset? Said => said;

        /// <summary>How many instants were looked at for its sake.</summary>
        public int Stops { get; set; }
    }
}
