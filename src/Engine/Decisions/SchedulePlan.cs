using System.Collections.Immutable;
using System.Numerics;
using Decisioning.Engine.Journeys;

namespace Decisioning.Engine.Decisions;

/// <summary>The schedule, prepared for decisions.</summary>
internal sealed class SchedulePlan
{
    private readonly ImmutableArray<PlannedStage?> _told;
    private readonly ImmutableArray<PersonalizationLevel> _levels;
    private readonly uint _planned;

    public SchedulePlan(ImmutableArray<Stage> stages)
    {
        _told = [.. stages.Select(stage => stage.Plan is { } plan ? new PlannedStage(stage.Name, plan.Objective, plan.Message, plan.Level) : null)];
        _planned = stages.Where(stage => stage.Plan is not null).Aggregate(0u, (bits, stage) => bits | (1u << stage.Index));
        _levels = [.. stages.Select(stage => stage.Plan?.Level ?? PersonalizationLevel.Individual)];
        IsPersonal = _levels.All(level => level == PersonalizationLevel.Individual);
    }

    /// <summary>Whether content is as personal as can be in every stage.</summary>
    public bool IsPersonal { get; }

    /// <summary>What to tell of a customer's stages.</summary>
    /// <param name="stages">A bit per stage the customer is in.</param>
    public ImmutableArray<PlannedStage> Told(uint stages) => (stages & _planned) == 0 ? [] : [.. _told.Where((plan, stage) => (stages & (1u << stage)) != 0).OfType<PlannedStage>()];

    /// <summary>The most personal level of several stages; of none, as personal as can be.</summary>
    /// <param name="stages">A bit per stage.</param>
    public PersonalizationLevel LevelOf(uint stages)
    {
        if (IsPersonal || stages == 0)
        {
            return PersonalizationLevel.Individual;
        }

        var level = PersonalizationLevel.None;
        for (var left = stages; left != 0; left &= left - 1)
        {
            var own = _levels[BitOperations.TrailingZeroCount(left)];
            level = own > level ? own : level;
        }

        return level;
    }
}
