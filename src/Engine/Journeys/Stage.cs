using System.Collections.Immutable;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Journeys;

/// <summary>A stage of the journey. Stages may overlap and come round again.</summary>
/// <param name="Index">Its place in the journey, as written.</param>
/// <param name="Name">Its name.</param>
/// <param name="Enter">When a customer enters it, unless <paramref name="Exit"/> holds too.</param>
/// <param name="Exit">When a customer leaves it; null for only by timeout.</param>
/// <param name="MinDwell">How long a customer stays at least.</param>
/// <param name="ReEnter">When a customer who left it may enter again; null for never.</param>
/// <param name="Timeout">After how long it ends by itself; null for never.</param>
/// <param name="TimeoutTo">The stage that a timeout leads to; null for none.</param>
/// <param name="Plan">What the schedule says for it; null for nothing.</param>
public sealed record Stage(
    int Index,
    string Name,
    Condition Enter,
    Condition? Exit,
    TimeSpan MinDwell,
    ReEntry? ReEnter,
    TimeSpan? Timeout,
    string? TimeoutTo,
    StagePlan? Plan);

/// <summary>The bounds of coming into a stage again by its <c>enter</c>; a timeout and a rule lead into it whatever they are.</summary>
/// <param name="After">How long after leaving it at the earliest; zero for at once.</param>
/// <param name="AtMost">How many times, at least 1; null for any number.</param>
public sealed record ReEntry(TimeSpan After, int? AtMost)
{
    /// <summary>At once, any number of times.</summary>
    public static ReEntry Free { get; } = new(TimeSpan.Zero, null);
}
