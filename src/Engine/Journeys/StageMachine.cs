using System.Collections.Immutable;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;

namespace Decisioning.Engine.Journeys;

/// <summary>The step of one stage at an instant: a customer in it may leave, one who is not may enter, never both.</summary>
internal static class StageMachine
{
    /// <summary>Whether time alone may change the stage of a customer who is in it.</summary>
    public static bool WaitsForTime(Stage stage, StageState? state) =>
        state is { IsIn: true } && (stage.Timeout is not null || (stage.MinDwell > TimeSpan.Zero && stage.Exit is not null));

    /// <summary>The stage after one step; null when nothing changes.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="state">Where the customer stands with it; null for never entered.</param>
    /// <param name="facts">What conditions are evaluated on, looking at the instant.</param>
    public static StageState? Step(Stage stage, StageState? state, Facts facts)
    {
        var now = facts.Now;
        if (state is { IsIn: true })
        {
            var stayed = now - state.EnteredAt;
            if (stage.Timeout is { } timeout && stayed >= timeout)
            {
                // It ended when the time was up, not when the next event happened to come.
                return state with { ExitedAt = state.EnteredAt + timeout };
            }

            return stayed >= stage.MinDwell && stage.Exit?.Test(facts) == Truth.True ? state with { ExitedAt = now } : null;
        }

        // Who would have to leave at once does not come in: otherwise a customer for whom both hold would go in and out with every event.
        return (state is null || stage.ReEnter) && stage.Enter.Test(facts) == Truth.True && stage.Exit?.Test(facts) != Truth.True
            ? Entered(stage.Name, state, now)
            : null;
    }

    /// <summary>Whether leaving a stage was its timeout.</summary>
    public static bool TimedOut(Stage stage, StageState left) => stage.Timeout is { } timeout && left.ExitedAt - left.EnteredAt == timeout;

    /// <summary>The stage as entered at an instant.</summary>
    public static StageState Entered(string name, StageState? before, DateTimeOffset at) =>
        new(name, at, null, before is null ? 1 : before.Entries == int.MaxValue ? int.MaxValue : before.Entries + 1);

    /// <summary>The state of a stage among those of a customer; null for never entered.</summary>
    public static StageState? Find(ImmutableArray<StageState> stages, string name)
    {
        foreach (var stage in stages)
        {
            if (stage.Name == name)
            {
                return stage;
            }
        }

        return null;
    }

    /// <summary>The stages with one set or replaced, by name in ordinal order.</summary>
    public static ImmutableArray<StageState> With(ImmutableArray<StageState> stages, StageState state)
    {
        var at = 0;
        while (at < stages.Length && string.CompareOrdinal(stages[at].Name, state.Name) < 0)
        {
            at++;
        }

        return at < stages.Length && stages[at].Name == state.Name ? stages.SetItem(at, state) : stages.Insert(at, state);
    }
}
