using Decisioning.Engine.Decisions;
using Orleans;

namespace Decisioning.Contracts.Messages;

/// <summary>The answer to a <see cref="DecideRequest"/>.</summary>
/// <param name="Sequence">The customer's sequence now.</param>
/// <param name="Decision">The decision; null when the sequence asked for is not reached.</param>
[GenerateSerializer, Immutable, Alias("decisioning.decide-reply")]
public sealed record DecideReply([property: Id(0)] long Sequence, [property: Id(1)] Decision? Decision);
