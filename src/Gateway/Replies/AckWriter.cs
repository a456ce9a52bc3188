using System.Collections.Immutable;
using System.Diagnostics;
using Decisioning.Engine.Customers;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Replies;

/// <summary>Writes what became of events.</summary>
internal static class AckWriter
{
    public static Api.EventAck Write(RecordOutcome outcome) => outcome.Status switch
    {
        RecordStatus.Applied => Ack(outcome, Api.EventStatus.Applied),
        RecordStatus.LateApplied => Ack(outcome, Api.EventStatus.LateApplied),
        RecordStatus.Duplicate => Ack(outcome, Api.EventStatus.Duplicate),
        RecordStatus.Conflict or RecordStatus.Rejected => Rejected(outcome.MessageId, outcome.Violations),
        _ => throw new UnreachableException($"{outcome.Status} has no acknowledgement."),
    };

    public static Api.EventAck Rejected(string messageId, ImmutableArray<FieldViolation> violations)
    {
        var ack = new Api.EventAck { MessageId = messageId, Status = Api.EventStatus.Rejected };
        ack.Violations.AddRange(violations.Select(Write));
        return ack;
    }

    public static Api.FieldViolation Write(FieldViolation violation) =>
        new() { Field = violation.Field, Description = violation.Description, Cure = violation.Cure };

    /// <summary>A violation as the rest of the gateway has it.</summary>
    public static FieldViolation Read(Api.FieldViolation violation) => new(violation.Field, violation.Description, violation.Cure);

    private static Api.EventAck Ack(RecordOutcome outcome, Api.EventStatus status) =>
        new() { MessageId = outcome.MessageId, Status = status, Sequence = outcome.Sequence };
}
