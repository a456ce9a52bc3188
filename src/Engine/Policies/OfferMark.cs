using System.Runtime.InteropServices;

namespace Decisioning.Engine.Policies;

/// <summary>What every decision looks at of an open offer.</summary>
/// <param name="ExpiresAt">When it stops counting, in ticks of UTC.</param>
/// <param name="At">When it was decided, in ticks of UTC.</param>
/// <param name="Decision">A hash of its decision's id.</param>
/// <param name="Issue">The number of its issue in the index; negative for one that is no longer in the strategy. So for the next three.</param>
/// <param name="Group">The number of its group.</param>
/// <param name="Action">The number of its action.</param>
/// <param name="Channel">The number of its channel.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct OfferMark(long ExpiresAt, long At, int Decision, short Issue, short Group, short Action, short Channel)
{
    /// <summary>A hash of a decision's id.</summary>
    public static int HashOf(string decisionId) => decisionId.GetHashCode(StringComparison.Ordinal);
}
