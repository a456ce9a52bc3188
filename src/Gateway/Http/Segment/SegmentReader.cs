using System.Text.Json;
using Decisioning.Engine;
using Decisioning.Gateway.Requests;
using Google.Protobuf.WellKnownTypes;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Http.Segment;

/// <summary>Reads the calls of the Segment spec into the events of our API, which judges them. What it does not know it leaves out.</summary>
internal static class SegmentReader
{
    /// <summary>Events of one batch at most, as Segment takes.</summary>
    public const int EventsMax = 2500;

    /// <summary>The field that holds the events of a batch.</summary>
    public const string List = "batch";

    /// <summary>The events of a batch, in the order given.</summary>
    /// <exception cref="InvalidRequestException">It is no batch, or too large a one.</exception>
    public static IReadOnlyList<SegmentEvent> ReadBatch(JsonElement body)
    {
        var violations = new Violations();
        var batch = body.ValueKind == JsonValueKind.Object ? JsonText.Find(body, List) : default;
        if (batch.ValueKind != JsonValueKind.Array)
        {
            violations.Add(List, "is missing or not a list", "send `{\"batch\": [ … ]}`");
        }
        else if (batch.GetArrayLength() is 0 or > EventsMax)
        {
            violations.Add(List, $"has {batch.GetArrayLength()} events", $"send 1 to {EventsMax}");
        }

        violations.ThrowIfAny();
        var sentAt = JsonText.Find(body, "sentAt");
        return [.. batch.EnumerateArray().Select((source, i) => Read(source, null, sentAt, new Violations(List, i)))];
    }

    /// <summary>The one event of a call that says its type by its path.</summary>
    public static SegmentEvent ReadOne(JsonElement body, Api.EventType type) => Read(body, type, default, new Violations());

    private static SegmentEvent Read(JsonElement source, Api.EventType? known, JsonElement batchSentAt, Violations violations)
    {
        if (source.ValueKind != JsonValueKind.Object)
        {
            violations.Add("", "is not an object", "send one, with `type`, `messageId`, `userId` and what the type needs");
            return new SegmentEvent(null, violations.Found);
        }

        var fields = new SegmentFields(source, violations);
        var target = new Api.Event
        {
            Type = known ?? TypeOf(fields.Text("type"), violations),
            MessageId = fields.Text("messageId"),
            UserId = fields.Id("userId"),
            AnonymousId = fields.Id("anonymousId"),
            Event_ = fields.Text("event"),
            Name = fields.Text("name"),
            GroupId = fields.Id("groupId"),
            PreviousId = fields.Id("previousId"),
            Properties = fields.Struct("properties"),
            Traits = fields.Struct("traits"),
            Context = fields.Struct("context"),
        };
        ReadInstants(target, fields, batchSentAt);
        if (target.MessageId.Length == 0)
        {
            // As Segment does: without an id each call is an event of its own.
            target.MessageId = "made-" + Guid.NewGuid().ToString("N");
        }

        if (fields.Text("category") is { Length: > 0 } category && target.Type is Api.EventType.Page or Api.EventType.Screen)
        {
            target.Properties ??= new Struct();
            target.Properties.Fields.TryAdd("category", Value.ForString(category));
        }

        return violations.Any ? new SegmentEvent(null, violations.Found) : new SegmentEvent(target, []);
    }

    // `originalTimestamp` is the client's word where a library or Segment itself has put its own into `timestamp`.
    private static void ReadInstants(Api.Event target, SegmentFields fields, JsonElement batchSentAt)
    {
        var timestamp = fields.Instant("timestamp");
        if (timestamp is not null && fields.Has("receivedAt"))
        {
            // Somebody received it before us, and has corrected it by the clocks of then.
            target.Timestamp = timestamp;
            return;
        }

        target.Timestamp = fields.Instant("originalTimestamp") ?? timestamp;
        target.SentAt = target.Timestamp is null ? null : fields.Instant("sentAt") ?? fields.Instant("sentAt", batchSentAt);
    }

    private static Api.EventType TypeOf(string type, Violations violations)
    {
        switch (type)
        {
            case "track":
                return Api.EventType.Track;
            case "identify":
                return Api.EventType.Identify;
            case "page":
                return Api.EventType.Page;
            case "screen":
                return Api.EventType.Screen;
            case "group":
                return Api.EventType.Group;
            case "alias":
                return Api.EventType.Alias;
            default:
                violations.Add("type", "is missing or unknown", "send `track`, `identify`, `page`, `screen`, `group` or `alias`");
                return Api.EventType.Unspecified;
        }
    }
}
