using System.Collections.Immutable;
using Decisioning.Engine.Values;
using Orleans;

namespace Decisioning.Engine.Decisions;

/// <summary>Who started the contact.</summary>
public enum Direction : byte
{
    /// <summary>Not said; treated as <see cref="Inbound"/>.</summary>
    Unspecified = 0,

    /// <summary>The customer came to us.</summary>
    Inbound = 1,

    /// <summary>We go to the customer.</summary>
    Outbound = 2,
}

/// <summary>How much an answer says of its reasons.</summary>
public enum ExplainLevel : byte
{
    /// <summary>The items only.</summary>
    None = 0,

    /// <summary>Each candidate that dropped out, with the stage and rule that dropped it. The default of the gateway.</summary>
    Summary = 1,

    /// <summary>Also the values that conditions saw and every rule layer by layer.</summary>
    Full = 2,
}

/// <summary>A question for the next best action, checked by the gateway.</summary>
/// <param name="RequestId">The caller's id of the question; makes the decision's id and seed, so a repeat gets the same answer on the same state.</param>
/// <param name="Container">The named request, for reports; empty for none.</param>
/// <param name="Channel">Where the answer is used; empty for any.</param>
/// <param name="Direction">Who started the contact.</param>
/// <param name="Placements">The slots to fill, in order of importance; empty for one ranked list over all placements.</param>
/// <param name="MaxItems">The most items per placement (or in the list), 1 to <see cref="Limits.DecisionItemsMax"/>.</param>
/// <param name="Context">The situation: device, campaign, … as in an event's context; laid over the newest context known.</param>
/// <param name="Explain">How much to say of the reasons.</param>
/// <param name="DryRun">Whether to answer without counting it against caps or recording it.</param>
[GenerateSerializer, Immutable, Alias("decisioning.decision-request")]
public sealed record DecisionRequest(
    [property: Id(0)] string RequestId,
    [property: Id(1)] string Container,
    [property: Id(2)] string Channel,
    [property: Id(3)] Direction Direction,
    [property: Id(4)] ImmutableArray<string> Placements,
    [property: Id(5)] int MaxItems,
    [property: Id(6)] PropertyMap Context,
    [property: Id(7)] ExplainLevel Explain,
    [property: Id(8)] bool DryRun)
{
    /// <summary>Several named requests in one, most important first; then <see cref="Container"/>, <see cref="Placements"/> and <see cref="MaxItems"/> say nothing.</summary>
    [Id(9)]
    public ImmutableArray<RequestedContainer> Containers { get; init; } = [];
}

/// <summary>A named request, one of several that are answered by one decision.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Placements">The slots to fill, in order of importance; empty for one ranked list over all placements.</param>
/// <param name="MaxItems">The most items per placement (or in the list), 1 to <see cref="Limits.DecisionItemsMax"/>.</param>
[GenerateSerializer, Immutable, Alias("decisioning.requested-container")]
public sealed record RequestedContainer(
    [property: Id(0)] string Name,
    [property: Id(1)] ImmutableArray<string> Placements,
    [property: Id(2)] int MaxItems);
