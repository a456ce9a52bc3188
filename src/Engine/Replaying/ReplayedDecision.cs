using System.Collections.Immutable;
using Decisioning.Engine.Decisions;

namespace Decisioning.Engine.Replaying;

/// <summary>What came of making a decision again.</summary>
/// <param name="Again">The decision; null when it cannot be made again.</param>
/// <param name="Differences">Where it is another than the one recorded; empty for nowhere.</param>
/// <param name="Why">Why it cannot be made again; empty when it was.</param>
public sealed record ReplayedDecision(Decision? Again, ImmutableArray<Difference> Differences, string Why)
{
    /// <summary>A decision that cannot be made again.</summary>
    public static ReplayedDecision Untold(string why) => new(null, [], why);
}
