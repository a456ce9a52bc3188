using System.Collections.Immutable;
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
internal readonly record struct OfferMark(long ExpiresAt, long At, int Decision, short Issue, short Group, short Action, short Channel);

/// <summary>
/// The marks of a customer's open offers, in their order and one beside the other: 32 bytes each. The offers themselves lie all over the memory, and to look at
/// 64 of them took longer than everything else of a decision.
/// </summary>
/// <param name="index">Whose numbers they have.</param>
/// <param name="marks">The marks.</param>
internal sealed class OfferMarks(CapIndex index, OfferMark[] marks)
{
    /// <summary>Whose numbers they have.</summary>
    public CapIndex Index => index;

    /// <summary>The marks.</summary>
    public ReadOnlySpan<OfferMark> All => marks;

    /// <summary>The marks of offers.</summary>
    public static OfferMarks Of(CapIndex index, ImmutableArray<OpenOffer> offers) => new(index, [.. offers.Select(index.MarkOf)]);

    /// <summary>A hash of a decision's id.</summary>
    public static int HashOf(string decisionId) => decisionId.GetHashCode(StringComparison.Ordinal);

    /// <summary>These without the first of them, and those of further offers.</summary>
    public OfferMarks With(int gone, ReadOnlySpan<OpenOffer> added)
    {
        var all = new OfferMark[marks.Length - gone + added.Length];
        marks.AsSpan(gone).CopyTo(all);
        for (var i = 0; i < added.Length; i++)
        {
            all[marks.Length - gone + i] = index.MarkOf(added[i]);
        }

        return new(index, all);
    }
}
