using System.Collections.Immutable;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Journeys;

/// <summary>A stage of the journey. Stages may overlap and come round again.</summary>
/// <param name="Index">Its place in the journey, as written.</param>
/// <param name="Name">Its name.</param>
/// <param name="Enter">When a customer enters it, unless <paramref name="Exit"/> holds too.</param>
/// <param name="Exit">When a customer leaves it; null for only by timeout.</param>
/// <param name="MinDwell">How long a customer stays at least.</param>
/// <param name="ReEnter">Whether a customer who left it may enter again.</param>
/// <param name="Timeout">After how long it ends by itself; null for never.</param>
/// <param name="TimeoutTo">The stage that a timeout leads to; null for none.</param>
/// <param name="Plan">What the schedule says for it; null for nothing.</param>
public sealed record Stage(
    int Index,
    string Name,
    Condition Enter,
    Condition? Exit,
    TimeSpan MinDwell,
    bool ReEnter,
    TimeSpan? Timeout,
    string? TimeoutTo,
    StagePlan? Plan);

/// <summary>The plan for a stage: what it is to reach, with what message, where.</summary>
/// <param name="Objective">What it is to reach.</param>
/// <param name="Message">What it says.</param>
/// <param name="Channels">On which channels; empty for all.</param>
/// <param name="Level">How personal: <c>none</c>, <c>segment</c> or <c>individual</c>.</param>
public sealed record StagePlan(string Objective, string Message, ImmutableArray<string> Channels, string Level)
{
    /// <summary>By what figures it is judged, as written.</summary>
    public ImmutableArray<StageKpi> Kpis { get; init; } = [];

    /// <summary>Its share of the budget, as written; empty for not said.</summary>
    public string Budget { get; init; } = "";
}

/// <summary>A figure a stage is judged by.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Target">What it is to reach, as written: <c>400/month</c>.</param>
public sealed record StageKpi(string Name, string Target);
