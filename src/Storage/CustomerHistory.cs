using System.Collections.Immutable;
using Decisioning.Engine;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Policies;

namespace Decisioning.Storage;

/// <summary>What the store knows of one customer: fold <paramref name="Tail"/> onto <paramref name="Snapshot"/>.</summary>
/// <param name="Snapshot">The newest usable snapshot; null to start from <see cref="CustomerState.Empty"/>.</param>
/// <param name="Tail">Every event after the snapshot, in sequence order without a gap.</param>
/// <param name="OpenOffers">Offers of recorded decisions that have not expired, oldest first, the newest <see cref="Limits.OpenOffersMax"/>; whether a response came is for the reader to see.</param>
/// <param name="DueAt">Where the customer's row in the due table stands; null for no row.</param>
public sealed record CustomerHistory(
    CustomerState? Snapshot,
    ImmutableArray<RecordedEvent> Tail,
    ImmutableArray<OpenOffer> OpenOffers,
    DateTimeOffset? DueAt = null)
{
    /// <summary>The history of a customer that was never heard of.</summary>
    public static CustomerHistory Empty { get; } = new(null, [], []);

    /// <summary>The sequence of the customer's last event; 0 for none.</summary>
    public long Sequence => Tail.IsEmpty ? Snapshot?.Sequence ?? 0 : Tail[^1].Sequence;
}
