using System.Collections.Immutable;
using Decisioning.Engine.Rules.Indexing;

namespace Decisioning.Engine.Decisions;

/// <summary>What decides which actions come through eligibility, applicability and suitability.</summary>
/// <param name="Dated">Those that are valid for a time only, or not in every language: asked one by one.</param>
/// <param name="Anywhere">Those that serve no stage in particular.</param>
/// <param name="Serving">Per stage those that serve it.</param>
/// <param name="Gates">What their conditions need, those first that most depend on. In any order the same actions are left.</param>
internal sealed record AdmissionPlan(ActionSet Dated, ActionSet Anywhere, ImmutableArray<ActionSet> Serving, ImmutableArray<AdmissionGates> Gates)
{
    /// <summary>Prepares the actions of a strategy.</summary>
    public static AdmissionPlan Of(ImmutableArray<PlannedAction> actions, int stages, ConditionIndex index) => new(
        SetOf(actions, action => action.HasLocales || action.Definition.ValidFrom is not null || action.Definition.ValidUntil is not null),
        SetOf(actions, action => action.Stages == 0),
        [.. Enumerable.Range(0, stages).Select(stage => SetOf(actions, action => (action.Stages & (1u << stage)) != 0))],
        [.. actions
            .SelectMany(action => action.Eligible.Concat(action.Applicable).Concat(action.Suitable).Select(condition => (condition, action.Position)))
            .SelectMany(need => index.ClausesOf(need.condition).Select(clause => (clause, need.Position)))
            .GroupBy(need => string.Join(' ', need.clause.Select(test => test.Column)))
            .OrderBy(gates => gates.First().clause.Length)
            .ThenByDescending(gates => gates.Count())
            .Select(gates => AdmissionGates.Of([.. gates]))]);

    private static ActionSet SetOf(ImmutableArray<PlannedAction> actions, Func<PlannedAction, bool> belongs) =>
        ActionSet.Of(actions.Where(belongs).Select(action => action.Position));
}
