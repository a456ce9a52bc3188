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
    private OpenOffers(ImmutableArray<OpenOffer> offers) => Offers = offers;

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
        var added = decision.Items;
        if (Offers.Any(offer => offer.DecisionId == decision.DecisionId))
        {
            added = added.RemoveAll(item => Offers.Any(offer =>
                offer.DecisionId == decision.DecisionId && offer.Action == item.Action && offer.Channel == item.Channel));
        }

        return added.IsEmpty
            ? this
            : new(Newest(Offers.AddRange(added.Select(item => new OpenOffer(
                decision.DecisionId, item.Issue, item.Group, item.Action, item.Channel, decision.DecidedAt, item.ExpiresAt)))));
    }

    /// <summary>These without the one that a response answers: any outcome does, from then on the recorded contact counts.</summary>
    public OpenOffers Answered(ActionResponse response) => response.DecisionId.Length == 0
        ? this
        : Without(offer => offer.DecisionId == response.DecisionId && offer.Action == response.Action);

    /// <summary>These without those that have expired by an instant.</summary>
    public OpenOffers At(DateTimeOffset now) => Without(offer => offer.ExpiresAt <= now);

    /// <inheritdoc/>
    public bool Equals(OpenOffers? other) => other is not null && Offers.AsSpan().SequenceEqual(other.Offers.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Offers.Length;

    private static ImmutableArray<OpenOffer> Newest(ImmutableArray<OpenOffer> offers) =>
        offers.Length <= Limits.OpenOffersMax ? offers : offers.RemoveRange(0, offers.Length - Limits.OpenOffersMax);

    private OpenOffers Without(Predicate<OpenOffer> gone)
    {
        var left = Offers.RemoveAll(gone);
        return left.Length == Offers.Length ? this : left.IsEmpty ? Empty : new(left);
    }
}
