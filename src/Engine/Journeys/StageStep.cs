using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;

namespace Decisioning.Engine.Journeys;

/// <summary>All stages once, as written: each sees the earlier ones as they came out and the later ones as they were.</summary>
internal static class StageStep
{
    /// <summary>Steps every stage that is asked for.</summary>
    /// <param name="facts">What conditions are evaluated on; looks at the state that comes out afterwards.</param>
    /// <param name="settled">Stages, as bits by index, that rules entered or left just now: they stay as they are until the next step.</param>
    /// <param name="asked">Whether a stage is to be stepped, by index; asked right before its turn. Null for all.</param>
    /// <param name="moved">Gets each change with the stage's index, right after it came.</param>
    /// <returns>The state with the stages as they came out.</returns>
    public static CustomerState Run(Facts facts, uint settled = 0, Func<int, bool>? asked = null, Action<int, StageMove>? moved = null)
    {
        var state = facts.State;
        foreach (var stage in facts.Strategy.Stages)
        {
            var current = StageMachine.Find(state.Stages, stage.Name);
            var isAsked = asked is null || asked(stage.Index) || StageMachine.WaitsForTime(stage, current);
            if (!isAsked || (settled >> stage.Index & 1) != 0 || StageMachine.Step(stage, current, facts) is not { } move)
            {
                continue;
            }

            state = Set(facts, state, stage.Index, move, moved);
            if (move is { Reason: StageReason.Timeout, State.ExitedAt: { } ended } && stage.TimeoutTo is { } name && IndexOf(facts, name) is >= 0 and var to)
            {
                var before = StageMachine.Find(state.Stages, name);
                if (before is not { IsIn: true })
                {
                    // Whom a timeout just led here stays at least until the next step.
                    settled |= 1U << to;
                    state = Set(facts, state, to, new(StageMachine.Entered(name, before, ended), StageReason.Timeout), moved);
                }
            }
        }

        return state;
    }

    private static CustomerState Set(Facts facts, CustomerState state, int index, StageMove move, Action<int, StageMove>? moved)
    {
        state = state with { Stages = StageMachine.With(state.Stages, move.State) };
        facts.Refresh(state);
        moved?.Invoke(index, move);
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
