using Orleans;

namespace Decisioning.Contracts.Messages;

/// <summary>What became of events, and the decision on the state after them.</summary>
/// <param name="Record">What became of the events.</param>
/// <param name="Decide">The decision.</param>
[GenerateSerializer, Immutable, Alias("decisioning.record-and-decide-reply")]
public sealed record RecordAndDecideReply([property: Id(0)] RecordReply Record, [property: Id(1)] DecideReply Decide);
