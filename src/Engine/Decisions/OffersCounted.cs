using System.Collections.Immutable;
using Decisioning.Engine.Policies;

namespace Decisioning.Engine.Decisions;

/// <summary>
/// Which open offers counted for a decision, as the record of it keeps them. They follow from the record of the decision before: its
/// own, and what it offered, without what was answered or has expired since. Where that is not so (the customer was loaded in between,
/// or a decision was not recorded) they are said; and now and then, so that old decisions can be forgotten.
/// </summary>
/// <param name="Count">How many counted.</param>
/// <param name="Said">All of them, oldest first; null where they follow from the decision before.</param>
public sealed record OffersCounted(int Count, ImmutableArray<OpenOffer>? Said)
{
    /// <summary>What counts of the offers of a customer at an instant.</summary>
    /// <param name="offers">Those that have not expired.</param>
    /// <param name="isSaid">Whether to say them.</param>
    public static OffersCounted Of(OpenOffers offers, bool isSaid) => new(offers.All.Length, isSaid ? offers.Offers : null);
}
