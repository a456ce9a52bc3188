using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Orleans;

namespace Decisioning.Contracts.Messages;

/// <summary>What became of events.</summary>
/// <param name="Sequence">The customer's sequence now.</param>
/// <param name="Outcomes">One per event, in the order given.</param>
[GenerateSerializer, Immutable, Alias("decisioning.record-reply")]
public sealed record RecordReply([property: Id(0)] long Sequence, [property: Id(1)] ImmutableArray<RecordOutcome> Outcomes);
