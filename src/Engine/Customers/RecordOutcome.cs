using System.Collections.Immutable;
using Orleans;

namespace Decisioning.Engine.Customers;

/// <summary>What became of an event, in order of precedence: the first that applies is reported.</summary>
public enum RecordStatus : byte
{
    /// <summary>The same message id with the same contents was applied before: nothing changed.</summary>
    Duplicate = 1,

    /// <summary>The same message id was applied before with other contents: nothing changed.</summary>
    Conflict = 2,

    /// <summary>It cannot be applied: see the violations.</summary>
    Rejected = 3,

    /// <summary>Stored and counted by its event time, but it came later than the allowed lateness: rules did not run.</summary>
    LateApplied = 4,

    /// <summary>Stored and applied.</summary>
    Applied = 5,
}

/// <summary>A field that cannot be accepted.</summary>
/// <param name="Field">Where, e.g. <c>events[3].properties.price</c>.</param>
/// <param name="Description">What is wrong: lower case, input in backticks.</param>
/// <param name="Cure">What to do about it.</param>
[GenerateSerializer, Immutable, Alias("decisioning.field-violation")]
public sealed record FieldViolation([property: Id(0)] string Field, [property: Id(1)] string Description, [property: Id(2)] string Cure);

/// <summary>The answer to one event of a batch.</summary>
/// <param name="MessageId">The event.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Sequence">The customer's sequence of the event; of a duplicate the sequence known for it, or the customer's newest. 0 if rejected.</param>
/// <param name="Violations">Why it was rejected, or is in conflict; empty otherwise.</param>
[GenerateSerializer, Immutable, Alias("decisioning.record-outcome")]
public sealed record RecordOutcome(
    [property: Id(0)] string MessageId,
    [property: Id(1)] RecordStatus Status,
    [property: Id(2)] long Sequence,
    [property: Id(3)] ImmutableArray<FieldViolation> Violations);
