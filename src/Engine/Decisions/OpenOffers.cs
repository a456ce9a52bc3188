using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Policies;

namespace Decisioning.Engine.Decisions;

/// <summary>
/// What was offered to a customer and waits for its response: a grain holds it next to the committed state, so that two
/// decisions in a row cannot break a cap together. Immutable; oldest first, at most <see cref="Limits.OpenOffersMax"/>.
/// </summary>
public sealed record OpenOffers
{
    // None expires before.
    private readonly DateTimeOffset _noneExpiresBefore;

    // Derived, made when it is needed first and carried along.
    private OfferMarks? _marks;

    private OpenOffers(ImmutableArray<OpenOffer> offers)
        : this(offers, offers.IsEmpty ? DateTimeOffset.MaxValue : offers.Min(static offer => offer.ExpiresAt), null)
    {
    }

    private OpenOffers(ImmutableArray<OpenOffer> offers, DateTimeOffset noneExpiresBefore, OfferMarks? marks) => (Offers, _noneExpiresBefore, _marks) = (offers, noneExpiresBefore, marks);

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
    public ImmutableArray<OpenOffer> Offers { get; }

    /// <summary>
    /// These and a decision's items. An item that is in here already changes nothing, so that a repeat counts once; what a repeat
    /// offers beyond it, on a state that has moved on, counts too.
    /// </summary>
    public OpenOffers With(Decision decision)
    {
        var items = decision.Items;
        if (Has(decision.DecisionId))
        {
            items = items.RemoveAll(item => Offers.Any(offer =>
                offer.DecisionId == decision.DecisionId && offer.Action == item.Action && offer.Channel == item.Channel));
        }

        if (items.IsEmpty)
        {
            return this;
        }

        var gone = Math.Clamp(Offers.Length + items.Length - Limits.OpenOffersMax, 0, Offers.Length);
        var left = Offers.AsSpan()[gone..];
        var all = new OpenOffer[left.Length + items.Length];
        left.CopyTo(all);
        var first = left.IsEmpty ? DateTimeOffset.MaxValue : _noneExpiresBefore;
        for (var i = 0; i < items.Length; i++)
        {
            var item = items[i];
            all[left.Length + i] = new(decision.DecisionId, item.Issue, item.Group, item.Action, item.Channel, decision.DecidedAt, item.ExpiresAt);
            first = item.ExpiresAt < first ? item.ExpiresAt : first;
        }

        return new(Newest(ImmutableCollectionsMarshal.AsImmutableArray(all)), first, all.Length > Limits.OpenOffersMax ? null : _marks?.With(gone, all.AsSpan(left.Length)));
    }

    /// <summary>Their marks for the caps of a strategy.</summary>
    internal ReadOnlySpan<OfferMark> MarksFor(CapIndex index)
    {
        var marks = _marks;
        if (marks?.Index != index)
        {
            _marks = marks = OfferMarks.Of(index, Offers);
        }

        return marks.All;
    }

    /// <summary>These without the one that a response answers: any outcome does, from then on the recorded contact counts.</summary>
    public OpenOffers Answered(ActionResponse response) => response.DecisionId.Length == 0
        ? this
        : Without(offer => offer.DecisionId == response.DecisionId && offer.Action == response.Action);

    /// <summary>These without those that have expired by an instant.</summary>
    public OpenOffers At(DateTimeOffset now) => now < _noneExpiresBefore ? this : Without(offer => offer.ExpiresAt <= now);

    /// <inheritdoc/>
    public bool Equals(OpenOffers? other) => other is not null && Offers.AsSpan().SequenceEqual(other.Offers.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Offers.Length;

    private bool Has(string decisionId)
    {
        if (_marks is not { } marks)
        {
            return Offers.Any(offer => offer.DecisionId == decisionId);
        }

        var all = marks.All;
        var hash = OfferMarks.HashOf(decisionId);
        for (var i = 0; i < all.Length; i++)
        {
            if (all[i].Decision == hash && Offers[i].DecisionId == decisionId)
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
        var left = Offers.RemoveAll(gone);
        return left.Length == Offers.Length ? this : left.IsEmpty ? Empty : new(left);
    }
}
