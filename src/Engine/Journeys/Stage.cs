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
