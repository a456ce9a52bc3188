using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;

namespace Decisioning.Engine.Journeys;

/// <summary>All stages once, as written: each sees the earlier ones as they came out and the later ones as they were.</summary>
internal static class StageStep
{
    /// <summary>Steps every stage that is asked for.</summary>
    /// <param name="facts">What conditions are evaluated on; looks at the state that comes out afterwards.</param>
    /// <param name="asked">Whether a stage is to be stepped, by index; asked right before its turn.</param>
    /// <param name="changed">Gets each change: the stage's index and its new state, right after it came.</param>
    /// <returns>The state with the stages as they came out.</returns>
    public static CustomerState Run(Facts facts, Func<int, bool>? asked, Action<int, StageState>? changed)
    {
        var state = facts.State;
        var timedInto = 0U;
        foreach (var stage in facts.Strategy.Stages)
        {
            var current = StageMachine.Find(state.Stages, stage.Name);

            // Whom a timeout just led here stays at least until the next step.
            if ((timedInto >> stage.Index & 1) != 0 || !(asked is null || asked(stage.Index) || StageMachine.WaitsForTime(stage, current)))
            {
                continue;
            }

            if (StageMachine.Step(stage, current, facts) is not { } next)
            {
                continue;
            }

            state = Set(facts, state, stage.Index, next, changed);
            if (!next.IsIn && stage.TimeoutTo is { } name && StageMachine.TimedOut(stage, next) && IndexOf(facts, name) is >= 0 and var to)
            {
                var before = StageMachine.Find(state.Stages, name);
                if (before is not { IsIn: true })
                {
                    timedInto |= 1U << to;
                    state = Set(facts, state, to, StageMachine.Entered(name, before, next.ExitedAt!.Value), changed);
                }
            }
        }

        return state;
    }

    private static CustomerState Set(Facts facts, CustomerState state, int index, StageState next, Action<int, StageState>? changed)
    {
        state = state with { Stages = StageMachine.With(state.Stages, next) };
        facts.Refresh(state);
        changed?.Invoke(index, next);
        return state;
    }

    private static int IndexOf(Facts facts, string name)
    {
        for (var i = 0; i < facts.Strategy.Stages.Length; i++)
        {
            if (facts.Strategy.Stages[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }
}
