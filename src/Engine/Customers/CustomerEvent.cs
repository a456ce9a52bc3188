using Decisioning.Engine.Values;
using Orleans;

namespace Decisioning.Engine.Customers;

/// <summary>Something that happened to one customer, checked and normalized by the gateway; what the log keeps.</summary>
/// <param name="MessageId">The caller's id of this event, 1 to <see cref="Limits.MessageIdCharsMax"/> characters; applied once, for ever.</param>
/// <param name="Type">The kind of call.</param>
/// <param name="Name">The event's name, e.g. <c>Order Completed</c>; for calls without one, see <see cref="EventNames"/>.</param>
/// <param name="Timestamp">When it happened (event time), UTC.</param>
/// <param name="ReceivedAt">When we got it, UTC, by the silo's clock.</param>
/// <param name="Properties">Its properties (for <c>identify</c> and <c>group</c>: the traits).</param>
/// <param name="Context">Where it happened: <c>device</c>, <c>campaign</c>, <c>page</c>, <c>channel</c>, <c>timezone</c>, … as in the Segment spec.</param>
/// <param name="Response">What it says of a decision; only for <see cref="EventType.Response"/>.</param>
/// <param name="SaidAt">
/// The instant that its sender says again when it sends it again, where that is not <paramref name="Timestamp"/>: by a clock that was
/// corrected, or of the decision that a response without an id answers. Null: <paramref name="Timestamp"/> itself, or none was said.
/// </param>
[GenerateSerializer, Immutable, Alias("decisioning.customer-event")]
public sealed record CustomerEvent(
    [property: Id(0)] string MessageId,
    [property: Id(1)] EventType Type,
    [property: Id(2)] string Name,
    [property: Id(3)] DateTimeOffset Timestamp,
    [property: Id(4)] DateTimeOffset ReceivedAt,
    [property: Id(5)] PropertyMap Properties,
    [property: Id(6)] PropertyMap Context,
    [property: Id(7)] ActionResponse? Response = null,
    [property: Id(8)] DateTimeOffset? SaidAt = null);
