using Decisioning.Engine.Decisions;
using Orleans;

namespace Decisioning.Contracts.Messages;

/// <summary>A question for the next best action of one customer.</summary>
/// <param name="Request">The question.</param>
/// <param name="MinSequence">Answer only on a state that has reached this sequence; 0 for any.</param>
/// <param name="IsVerifiedOnly">
/// Whether an identity that moved to another because a visitor's program said so is answered for by what it was itself, whatever the sequence. Default: no.
/// </param>
[GenerateSerializer, Immutable, Alias("decisioning.decide-request")]
public sealed record DecideRequest(
    [property: Id(0)] DecisionRequest Request, [property: Id(1)] long MinSequence = 0, [property: Id(2)] bool IsVerifiedOnly = false);
