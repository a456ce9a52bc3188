using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Policies;

namespace Decisioning.Engine.Decisions;

/// <summary>
/// What was offered to a customer and waits for its response: a grain holds it next to the committed state, so that two
/// decisions in a row cannot break a cap together. Immutable; oldest first, at most <see cref="Limits.OpenOffersMax"/>.
/// </summary>
public sealed record OpenOffers
{
    private readonly OfferShelf _shelf;
    private readonly int _from;
    private readonly int _count;
    private readonly DateTimeOffset _noneExpiresBefore;

    private OpenOffers(ImmutableArray<OpenOffer> offers)
        : this(OfferShelf.Of(offers.AsSpan()), 0, offers.Length, offers.IsEmpty ? DateTimeOffset.MaxValue : offers.Min(static offer => offer.ExpiresAt))
    {
    }

    private OpenOffers(OfferShelf shelf, int from, int count, DateTimeOffset noneExpiresBefore) =>
        (_shelf, _from, _count, _noneExpiresBefore) = (shelf, from, count, noneExpiresBefore);

    /// <summary>No offers.</summary>
    public static OpenOffers Empty { get; } = new([]);

    /// <summary>The offers of recorded decisions, without those that a contact answers.</summary>
    /// <param name="offers">Oldest first; of more than <see cref="Limits.OpenOffersMax"/> the newest stay.</param>
    /// <param name="contacts">What came of the customer's offers.</param>
    public static OpenOffers Of(ImmutableArray<OpenOffer> offers, ImmutableArray<Contact> contacts)
    {
        // The log has a decision as often as it was asked for.
        var newest = Newest([.. offers.DistinctBy(offer => (offer.DecisionId, offer.Action, offer.Channel))]);
        return newest.IsEmpty
            ? Empty
            : new OpenOffers(newest).Without(offer => contacts.Any(contact => contact.DecisionId == offer.DecisionId && contact.Action == offer.Action));
    }

    /// <summary>Offers as a record says them, which is as they were held.</summary>
    public static OpenOffers Held(ImmutableArray<OpenOffer> offers) => offers.IsEmpty ? Empty : new(offers);

    /// <summary>The offers, oldest first; expired ones may still be here, readers take <c>now</c> along.</summary>
    public ImmutableArray<OpenOffer> Offers => [.. All];

    /// <summary>The same, without a copy.</summary>
    internal ReadOnlySpan<OpenOffer> All => _shelf.Offers(_from, _count);

    /// <summary>
    /// These and a decision's items. An item that is in here already changes nothing, so that a repeat counts once; what a repeat
    /// offers beyond it, on a state that has moved on, counts too.
    /// </summary>
    public OpenOffers With(Decision decision)
    {
        var items = decision.Items;
        if (_count > 0 && _shelf.Has(decision.DecisionId, _from, _count))
        {
            items = items.RemoveAll(item => Has(decision.DecisionId, item));
        }

        if (items.IsEmpty)
        {
            return this;
        }

        var added = new OpenOffer[items.Length];
        var first = _noneExpiresBefore;
        for (var i = 0; i < added.Length; i++)
        {
            var item = items[i];
            added[i] = new(decision.DecisionId, item.Issue, item.Group, item.Action, item.Channel, decision.DecidedAt, item.ExpiresAt);
            first = item.ExpiresAt < first ? item.ExpiresAt : first;
        }

        // The oldest leave; of more items than there may be offers the last stay.
        var newest = added.AsSpan(Math.Max(0, added.Length - Limits.OpenOffersMax));
        var gone = Math.Max(0, _count + newest.Length - Limits.OpenOffersMax);
        var (from, left) = (_from + gone, _count - gone);
        return _shelf.TryAdd(_from + _count, newest)
            ? new(_shelf, from, left + newest.Length, first)
            : new(_shelf.With(from, left, newest), 0, left + newest.Length, first);
    }

    /// <summary>Their marks for the caps of a strategy.</summary>
    /// <param name="index">Those caps.</param>
    /// <param name="few">Room for <see cref="OfferShelf.FewMax"/> marks, which is used where there are no more.</param>
    internal ReadOnlySpan<OfferMark> MarksFor(CapIndex index, Span<OfferMark> few) => _count == 0 ? [] : _shelf.Marks(index, _from, _count, few);

    /// <summary>These without the one that a response answers: any outcome does, from then on the recorded contact counts.</summary>
    public OpenOffers Answered(ActionResponse response) => response.DecisionId.Length == 0
        ? this
        : Without(offer => offer.DecisionId == response.DecisionId && offer.Action == response.Action);

    /// <summary>These without those that have expired by an instant.</summary>
    public OpenOffers At(DateTimeOffset now) => now < _noneExpiresBefore ? this : Without(offer => offer.ExpiresAt <= now);

    /// <inheritdoc/>
    public bool Equals(OpenOffers? other) => other is not null && All.SequenceEqual(other.All);

    /// <inheritdoc/>
    public override int GetHashCode() => _count;

    private bool Has(string decisionId, DecisionItem item)
    {
        foreach (var offer in All)
        {
            if (offer.DecisionId == decisionId && offer.Action == item.Action && offer.Channel == item.Channel)
            {
                return true;
            }
        }

        return false;
    }

    private static ImmutableArray<OpenOffer> Newest(ImmutableArray<OpenOffer> offers) =>
        offers.Length <= Limits.OpenOffersMax ? offers : offers.RemoveRange(0, offers.Length - Limits.OpenOffersMax);

    private OpenOffers Without(Predicate<OpenOffer> gone)
    {
        var offers = Offers;
        var left = offers.RemoveAll(gone);
        return left.Length == offers.Length ? this : left.IsEmpty ? Empty : new(left);
    }
}
