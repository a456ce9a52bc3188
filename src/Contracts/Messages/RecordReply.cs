using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Orleans;

namespace Decisioning.Contracts.Messages;

/// <summary>What became of events.</summary>
/// <param name="Sequence">The customer's sequence now.</param>
/// <param name="Outcomes">One per event, in the order given.</param>
[GenerateSerializer, Immutable, Alias("decisioning.record-reply")]
public sealed record RecordReply([property: Id(0)] long Sequence, [property: Id(1)] ImmutableArray<RecordOutcome> Outcomes)
{
    /// <summary>
    /// Identities named by the request that are not linked with the customer. When these were to be linked first, nothing was recorded and there are no outcomes.
    /// </summary>
    [Id(2)]
    public ImmutableArray<CustomerKey> Unlinked { get; init; } = [];
}
