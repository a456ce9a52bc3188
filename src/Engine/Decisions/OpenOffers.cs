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
        var newest = offers.Length <= Limits.OpenOffersMax ? offers : offers.RemoveRange(0, offers.Length - Limits.OpenOffersMax);
        return newest.IsEmpty
            ? Empty
            : new OpenOffers(newest).Without(offer => contacts.Any(contact => contact.DecisionId == offer.DecisionId && contact.Action == offer.Action));
    }

    /// <summary>The offers, oldest first; expired ones may still be here, readers take <c>now</c> along.</summary>
    public ImmutableArray<OpenOffer> Offers { get; }

    /// <summary>These and a decision's items. A decision that is in here already changes nothing, so that a repeat counts once.</summary>
    public OpenOffers With(Decision decision)
    {
        if (decision.Items.IsEmpty || Offers.Any(offer => offer.DecisionId == decision.DecisionId))
        {
            return this;
        }

        var offers = Offers.AddRange(decision.Items.Select(item => new OpenOffer(
            decision.DecisionId, item.Issue, item.Group, item.Action, item.Channel, decision.DecidedAt, item.ExpiresAt)));
        return new(offers.Length <= Limits.OpenOffersMax ? offers : offers.RemoveRange(0, offers.Length - Limits.OpenOffersMax));
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

    private OpenOffers Without(Predicate<OpenOffer> gone)
    {
        var left = Offers.RemoveAll(gone);
        return left.Length == Offers.Length ? this : left.IsEmpty ? Empty : new(left);
    }
}
