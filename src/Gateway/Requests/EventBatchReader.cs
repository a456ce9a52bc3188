using Decisioning.Engine;
using Decisioning.Engine.Customers;
using Decisioning.Gateway.Access;
using Google.Protobuf.Collections;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Requests;

/// <summary>Reads the events of a request; each by itself, so that a bad one never keeps the others out.</summary>
internal static class EventBatchReader
{
    /// <summary>The field that holds them, in every request that has events.</summary>
    public const string Field = "events";

    /// <exception cref="InvalidRequestException">There is no event, or there are too many.</exception>
    public static IReadOnlyList<ReadEvent> Read(RepeatedField<Api.Event> events, Caller caller, CustomerKey? known, DateTimeOffset receivedAt)
    {
        if (events.Count is 0 or > Limits.EventsPerBatchMax)
        {
            var violations = new Violations();
            violations.Add(Field, events.Count == 0 ? "is empty" : $"has {events.Count} events", $"send 1 to {Limits.EventsPerBatchMax}");
            violations.ThrowIfAny();
        }

        // In whole microseconds, as the log keeps it: what equals it there must equal it here.
        receivedAt = new DateTimeOffset(receivedAt.UtcTicks - (receivedAt.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
        var read = new ReadEvent[events.Count];
        for (var i = 0; i < read.Length; i++)
        {
            read[i] = EventReader.Read(events[i], i, caller.Tenant, known, receivedAt, namesExternals: !caller.IsPublic);
            if (caller.VisitorId is not null && read[i].Key is { } key && !Admission.MayTell(caller, key))
            {
                var violations = new Violations(Field, i);
                violations.Add("user_id", "is not the user of the visitor's token", "send the token's own user, or leave it out");
                read[i] = ReadEvent.Refused(events[i].MessageId, violations);
            }
        }

        return read;
    }
}
