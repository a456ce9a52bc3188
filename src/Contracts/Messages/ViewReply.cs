using Decisioning.Engine.Decisions;
using Orleans;

namespace Decisioning.Contracts.Messages;

/// <summary>The answer to a <see cref="ViewRequest"/>.</summary>
/// <param name="Sequence">The customer's sequence now.</param>
/// <param name="View">The customer; null when the sequence asked for is not reached.</param>
[GenerateSerializer, Immutable, Alias("decisioning.view-reply")]
public sealed record ViewReply([property: Id(0)] long Sequence, [property: Id(1)] CustomerView? View);
