using System.Collections.Immutable;
using Decisioning.Engine.Arbitration;

namespace Decisioning.Engine.Journeys;

/// <summary>What the schedule says for a stage: what it is to reach, with what message, where, how personally, and by what it is judged.</summary>
/// <param name="Objective">What it is to reach; empty for not said.</param>
/// <param name="Message">What it says to customers; empty for not said.</param>
/// <param name="Level">How personal content is to customers in it.</param>
public sealed record StagePlan(string Objective, string Message, PersonalizationLevel Level)
{
    /// <summary>The only channels on which actions that serve the stage are offered for it; empty for all.</summary>
    public ImmutableArray<string> Channels { get; init; } = [];

    /// <summary>The factor on the priority of actions that serve the stage, for customers in it. Default: 1.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Further factors on priorities, for customers in it.</summary>
    public ImmutableArray<StageWeight> Weights { get; init; } = [];

    /// <summary>By what figures it is judged.</summary>
    public ImmutableArray<StageKpi> Kpis { get; init; } = [];

    /// <summary>Its share of the budget, 0 to 1; null for not said. The shares of all stages are at most 1 together.</summary>
    public double? BudgetShare { get; init; }
}

/// <summary>A factor on the priority of some actions, for customers in a stage.</summary>
/// <param name="For">Which actions.</param>
/// <param name="Weight">The factor, above 0.</param>
public sealed record StageWeight(WeightTarget For, double Weight);

/// <summary>A figure a stage is judged by.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Target">What it is to reach, in its own unit, at least 0.</param>
/// <param name="Per">In what time.</param>
public sealed record StageKpi(string Name, double Target, KpiPeriod Per);

/// <summary>In what time a figure is to reach its target: whole periods of the calendar.</summary>
public enum KpiPeriod : byte
{
    /// <summary>At all times: a level, such as a satisfaction of 60.</summary>
    None = 0,

    /// <summary>Each day.</summary>
    Day = 1,

    /// <summary>Each week, from Monday.</summary>
    Week = 2,

    /// <summary>Each month.</summary>
    Month = 3,

    /// <summary>Each quarter.</summary>
    Quarter = 4,

    /// <summary>Each year.</summary>
    Year = 5,
}

/// <summary>How personal content is.</summary>
public enum PersonalizationLevel : byte
{
    /// <summary>The same for everybody: what is known of the customer counts as missing.</summary>
    None = 0,

    /// <summary>What many share: features are shown, the profile counts as missing.</summary>
    Segment = 1,

    /// <summary>All that is known. Where a schedule does not say.</summary>
    Individual = 2,
}
