using Orleans;

namespace Decisioning.Engine.Customers;

/// <summary>A further identity of a customer.</summary>
/// <param name="Key">The identity, of the same tenant.</param>
/// <param name="Since">When it was announced, UTC.</param>
/// <param name="Hops">Moves that the longest way to the customer takes, from the identity or from one linked with it before: 1 for a direct one.</param>
/// <param name="IsDone">Whether it has moved and its events are here. Until then it is announced: its log says whether it moved.</param>
[GenerateSerializer, Immutable, Alias("decisioning.linked-identity")]
public sealed record LinkedIdentity(
    [property: Id(0)] CustomerKey Key, [property: Id(1)] DateTimeOffset Since, [property: Id(2)] int Hops, [property: Id(3)] bool IsDone);
