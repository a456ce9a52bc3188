using System.Collections.Immutable;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;

namespace Decisioning.Engine.Journeys;

/// <summary>The step of one stage at an instant: a customer in it may leave, one who is not may enter, never both.</summary>
internal static class StageMachine
{
    /// <summary>Whether time alone may change where a customer stands with the stage, whatever its conditions read.</summary>
    public static bool WaitsForTime(Stage stage, StageState? state) => state switch
    {
        null => false,
        { IsIn: true } => stage.Timeout is not null || (stage.MinDwell > TimeSpan.Zero && stage.Exit is not null),
        _ => stage.ReEnter is { } again && again.After > TimeSpan.Zero && IsAllowed(again, state),
    };

    /// <summary>
    /// From when on the conditions of the stage are asked: <c>exit</c> once the customer dwelt long enough, <c>enter</c> once the
    /// customer may come in again. <see cref="DateTimeOffset.MaxValue"/> for never.
    /// </summary>
    public static DateTimeOffset AskedFrom(Stage stage, StageState? state) => state switch
    {
        null => DateTimeOffset.MinValue,
        { IsIn: true } => stage.Exit is null ? DateTimeOffset.MaxValue : Later(state.EnteredAt, stage.MinDwell),
        _ => stage.ReEnter is { } again && IsAllowed(again, state) ? Later(state.ExitedAt!.Value, again.After) : DateTimeOffset.MaxValue,
    };

    /// <summary>When the stage ends by itself for a customer who is in it; null for never.</summary>
    public static DateTimeOffset? EndsAt(Stage stage, StageState? state) =>
        state is { IsIn: true } && stage.Timeout is { } timeout ? Later(state.EnteredAt, timeout) : null;

    /// <summary>One step of the stage; null when nothing changes.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="state">Where the customer stands with it; null for never entered.</param>
    /// <param name="facts">What conditions are evaluated on, looking at the instant.</param>
    public static StageMove? Step(Stage stage, StageState? state, Facts facts)
    {
        var now = facts.Now;
        if (EndsAt(stage, state) is { } end && now >= end)
        {
            // It ended when the time was up, not when the next event happened to come.
            return new(state! with { ExitedAt = end }, StageReason.Timeout);
        }

        if (now < AskedFrom(stage, state))
        {
            return null;
        }

        if (state is { IsIn: true })
        {
            return stage.Exit?.Test(facts) == Truth.True ? new(state with { ExitedAt = now }, StageReason.Exit) : null;
        }

        // Who would have to leave at once does not come in: otherwise a customer for whom both hold would go in and out with every event.
        return stage.Enter.Test(facts) == Truth.True && stage.Exit?.Test(facts) != Truth.True
            ? new(Entered(stage.Name, state, now), StageReason.Enter)
            : null;
    }

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

    private static bool IsAllowed(ReEntry again, StageState state) => again.AtMost is not { } most || state.Entries <= most;

    // At the end of the calendar it stays there.
    private static DateTimeOffset Later(DateTimeOffset at, TimeSpan span) => span > DateTimeOffset.MaxValue - at ? DateTimeOffset.MaxValue : at + span;
}
