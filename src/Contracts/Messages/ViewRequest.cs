using Orleans;

namespace Decisioning.Contracts.Messages;

/// <summary>Asks what is known of a customer.</summary>
/// <param name="MinSequence">Answer only on a state that has reached this sequence; 0 for any.</param>
[GenerateSerializer, Immutable, Alias("decisioning.view-request")]
public sealed record ViewRequest([property: Id(0)] long MinSequence = 0);
