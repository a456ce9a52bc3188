using System.Collections.Immutable;

namespace Decisioning.Engine.Decisions;

/// <summary>The actions that need a condition to hold at one place of the funnel.</summary>
/// <param name="Condition">The condition's number.</param>
/// <param name="Actions">Who needs it.</param>
internal readonly record struct AdmissionGate(int Condition, ActionSet Actions);

/// <summary>What decides which actions come through eligibility, applicability and suitability.</summary>
/// <param name="Dated">Those that are valid for a time only, or not in every language: asked one by one.</param>
/// <param name="Anywhere">Those that serve no stage in particular.</param>
/// <param name="Serving">Per stage those that serve it.</param>
/// <param name="Gates">The conditions, in the order of the funnel.</param>
internal sealed record AdmissionPlan(ActionSet Dated, ActionSet Anywhere, ImmutableArray<ActionSet> Serving, ImmutableArray<AdmissionGate> Gates)
{
    /// <summary>Prepares the actions of a strategy.</summary>
    public static AdmissionPlan Of(ImmutableArray<PlannedAction> actions, int stages) => new(
        SetOf(actions, action => action.HasLocales || action.Definition.ValidFrom is not null || action.Definition.ValidUntil is not null),
        SetOf(actions, action => action.Stages == 0),
        [.. Enumerable.Range(0, stages).Select(stage => SetOf(actions, action => (action.Stages & (1u << stage)) != 0))],
        [
            .. GatesOf(actions, action => action.Eligible),
            .. GatesOf(actions, action => action.Applicable),
            .. GatesOf(actions, action => action.Suitable),
        ]);

    private static IEnumerable<AdmissionGate> GatesOf(ImmutableArray<PlannedAction> actions, Func<PlannedAction, ImmutableArray<int>> conditions) => actions
        .SelectMany(action => conditions(action).Select((condition, place) => (condition, place, action.Position)))
        .GroupBy(need => (need.place, need.condition))
        .OrderBy(gate => gate.Key.place)
        .ThenByDescending(gate => gate.Count())
        .ThenBy(gate => gate.Key.condition)
        .Select(gate => new AdmissionGate(gate.Key.condition, ActionSet.Of(gate.Select(need => need.Position))));

    private static ActionSet SetOf(ImmutableArray<PlannedAction> actions, Func<PlannedAction, bool> belongs) =>
        ActionSet.Of(actions.Where(belongs).Select(action => action.Position));
}
