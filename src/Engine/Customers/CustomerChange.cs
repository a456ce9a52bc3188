using Orleans;

namespace Decisioning.Engine.Customers;

/// <summary>What kind of change a customer went through. Numbers cross processes: never reuse one.</summary>
public enum ChangeKind : byte
{
    /// <summary>A stage was entered.</summary>
    StageEntered = 1,

    /// <summary>A stage was left.</summary>
    StageExited = 2,

    /// <summary>A tag was given.</summary>
    TagGiven = 3,

    /// <summary>A response was captured.</summary>
    Response = 4,

    /// <summary>An event was applied.</summary>
    Event = 5,

    /// <summary>A decision was made.</summary>
    Decision = 6,
}

/// <summary>Something that changed for a customer, for those who watch and those who count results.</summary>
/// <param name="Kind">What.</param>
/// <param name="Sequence">The customer's sequence after it.</param>
/// <param name="Name">The stage, tag, action, event, or the decision's id.</param>
/// <param name="At">When, by event time (a decision: when it was made).</param>
/// <param name="Response">The response, for <see cref="ChangeKind.Response"/>.</param>
[GenerateSerializer, Immutable, Alias("decisioning.customer-change")]
public sealed record CustomerChange(
    [property: Id(0)] ChangeKind Kind,
    [property: Id(1)] long Sequence,
    [property: Id(2)] string Name,
    [property: Id(3)] DateTimeOffset At,
    [property: Id(4)] ActionResponse? Response = null);
