using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Orleans;

namespace Decisioning.Contracts.Messages;

/// <summary>Who an identity is.</summary>
/// <param name="Customer">The customer: where it has moved, over all moves, or itself.</param>
/// <param name="IsVerified">Whether someone trusted said so of each move; true for none.</param>
/// <param name="IsDone">Whether the events of each move have arrived; true for none.</param>
/// <param name="Sequence">The customer's sequence; 0 for one nothing is known of.</param>
[GenerateSerializer, Immutable, Alias("decisioning.resolve-reply")]
public sealed record ResolveReply(
    [property: Id(0)] CustomerKey Customer, [property: Id(1)] bool IsVerified, [property: Id(2)] bool IsDone, [property: Id(3)] long Sequence);

/// <summary>Asks an identity to move to another.</summary>
/// <param name="To">Where to; <see cref="Linking.MayMove"/> must allow it.</param>
/// <param name="IsVerified">Whether someone trusted says so, rather than a visitor's program.</param>
[GenerateSerializer, Immutable, Alias("decisioning.link-request")]
public sealed record LinkRequest([property: Id(0)] CustomerKey To, [property: Id(1)] bool IsVerified);

/// <summary>What came of it. Numbers cross processes: never reuse one.</summary>
public enum LinkStatus : byte
{
    /// <summary>It has moved, with all its events.</summary>
    Linked = 1,

    /// <summary>It had moved before, wherever that was; its events are there. Nothing changed.</summary>
    Moved = 2,

    /// <summary>The other has as many identities as a customer may have (<see cref="Engine.Limits.IdentitiesPerCustomerMax"/>). Nothing changed.</summary>
    Full = 3,

    /// <summary>From some identity that moved here it would be more moves than may be (<see cref="Engine.Limits.IdentityHopsMax"/>). Nothing changed.</summary>
    TooFar = 4,
}

/// <summary>An identity that is about to move, with those that moved to it before.</summary>
/// <param name="Identities">At least the one that moves.</param>
[GenerateSerializer, Immutable, Alias("decisioning.announce-request")]
public sealed record AnnounceRequest([property: Id(0)] ImmutableArray<LinkedIdentity> Identities);

/// <summary>Whether it may come.</summary>
/// <param name="Customer">Where to: who was asked, or where that has moved.</param>
/// <param name="HasRoom">Whether there is a place for all; then each has one.</param>
[GenerateSerializer, Immutable, Alias("decisioning.announce-reply")]
public sealed record AnnounceReply([property: Id(0)] CustomerKey Customer, [property: Id(1)] bool HasRoom);

/// <summary>Events of an identity that moves.</summary>
/// <param name="Events">As its log has them, at most <see cref="Engine.Limits.EventsPerBatchMax"/>.</param>
/// <param name="ContentHashes">The content hash that each has in its log, so that a repeat stays one.</param>
[GenerateSerializer, Immutable, Alias("decisioning.take-over-request")]
public sealed record TakeOverRequest([property: Id(0)] ImmutableArray<CustomerEvent> Events, [property: Id(1)] ImmutableArray<ulong> ContentHashes);
