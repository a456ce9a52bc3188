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

    /// <summary>The customer came to belong to a segment.</summary>
    SegmentEntered = 7,

    /// <summary>The customer belongs to a segment no more.</summary>
    SegmentLeft = 8,

    /// <summary>A score reached another grade.</summary>
    GradeChanged = 9,

    /// <summary>A tag came to its end.</summary>
    TagExpired = 10,

    /// <summary>A rule gave a signal for channels outside.</summary>
    Triggered = 11,

    /// <summary>A rule acted: it began to hold, or held at one of its events.</summary>
    RuleActed = 12,

    /// <summary>The identity is another one's from here on: whoever watches it goes on there.</summary>
    IdentityMoved = 13,

    /// <summary>Another identity turned out to be this customer.</summary>
    IdentityLinked = 14,

    /// <summary>The identity was erased with all that was known of it.</summary>
    Erased = 15,
}

/// <summary>Something that changed for a customer, for those who watch and those who count results.</summary>
/// <param name="Kind">What.</param>
/// <param name="Sequence">The customer's sequence after it.</param>
/// <param name="Name">The stage, segment, tag, score, signal, rule, action, event, or the decision's id.</param>
/// <param name="At">When, by event time (a decision: when it was made).</param>
/// <param name="Response">The response, for <see cref="ChangeKind.Response"/>.</param>
/// <param name="Detail">
/// Of a stage why it was entered (<c>enter</c>, <c>timeout</c>, <c>rule</c>) or left (<c>exit</c>, <c>timeout</c>, <c>rule</c>), of a grade the one
/// reached (<c>none</c> below all), of a tag its level, of a signal the rule that gave it; else empty.
/// </param>
[GenerateSerializer, Immutable, Alias("decisioning.customer-change")]
public sealed record CustomerChange(
    [property: Id(0)] ChangeKind Kind,
    [property: Id(1)] long Sequence,
    [property: Id(2)] string Name,
    [property: Id(3)] DateTimeOffset At,
    [property: Id(4)] ActionResponse? Response = null,
    [property: Id(5)] string Detail = "");
