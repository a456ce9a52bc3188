using Decisioning.Engine;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Values;
using Google.Protobuf.WellKnownTypes;
using Api = Decisioning.V1;
using Value = Decisioning.Engine.Values.Value;

namespace Decisioning.Gateway.Requests;

/// <summary>Reads events of the API: checks every field, names every mistake, and normalizes to what the engine knows.</summary>
internal static class EventReader
{
    private static readonly DateTimeOffset Earliest = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(9999, 12, 31, 23, 59, 59, TimeSpan.Zero);

    /// <summary>One event.</summary>
    /// <param name="source">As it came.</param>
    /// <param name="at">Its place in the request's list of events, from 0.</param>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="known">The customer the request is about, where the event may leave its own out.</param>
    /// <param name="receivedAt">When it came.</param>
    /// <param name="namesExternals">Whether ids of other systems that it names are taken for the customer's.</param>
    public static ReadEvent Read(Api.Event source, int at, string tenant, CustomerKey? known, DateTimeOffset receivedAt, bool namesExternals = true)
    {
        var violations = new Violations(EventBatchReader.Field, at);
        var structs = new StructReader(violations);
        var type = ReadType(source.Type, violations);
        var key = ReadCustomer(source, tenant, known, violations);
        ReadMessageId(source.MessageId, violations);
        var name = ReadName(source, type, violations);
        var properties = structs.Read(source.Properties, "properties");
        var traits = structs.Read(source.Traits, "traits");
        var context = structs.Read(source.Context, "context");
        var (timestamp, saidAt) = ReadTimestamp(source, receivedAt, violations);
        if (violations.Any)
        {
            return ReadEvent.Refused(source.MessageId, violations);
        }

        properties = type switch
        {
            EventType.Identify => traits.Merge(properties),
            EventType.Group => traits.Merge(properties).With("group_id", Value.Of(source.GroupId)),
            EventType.Alias => properties.With("previous_id", Value.Of(source.PreviousId)),
            EventType.Page or EventType.Screen when source.Name.Length > 0 => properties.With("name", Value.Of(source.Name)),
            _ => properties,
        };
        if (type is EventType.Track or EventType.Page or EventType.Screen && traits.Count > 0)
        {
            context = context.With("traits", Value.Of(traits));
        }

        var others = key is { } customer ? IdentitiesReader.Others(source, type, context, customer, namesExternals) : default;
        if (source.UserId.Length > 0 && source.AnonymousId.Length > 0)
        {
            context = context.With("anonymous_id", Value.Of(source.AnonymousId));
        }

        return new ReadEvent(source.MessageId, key, new CustomerEvent(source.MessageId, type, name, timestamp, receivedAt, properties, context, SaidAt: saidAt), [])
        {
            Others = others,
        };
    }

    private static EventType ReadType(Api.EventType type, Violations violations)
    {
        switch (type)
        {
            case Api.EventType.Unspecified or Api.EventType.Track:
                return EventType.Track;
            case Api.EventType.Identify:
                return EventType.Identify;
            case Api.EventType.Page:
                return EventType.Page;
            case Api.EventType.Screen:
                return EventType.Screen;
            case Api.EventType.Group:
                return EventType.Group;
            case Api.EventType.Alias:
                return EventType.Alias;
            default:
                violations.Add("type", $"`{(int)type}` is not a type of event", "send TRACK, IDENTIFY, PAGE, SCREEN, GROUP or ALIAS");
                return EventType.Track;
        }
    }

    private static CustomerKey? ReadCustomer(Api.Event source, string tenant, CustomerKey? known, Violations violations)
    {
        if (source.UserId.Length == 0 && source.AnonymousId.Length == 0)
        {
            if (known is null)
            {
                violations.Add("user_id", "is missing", "set `user_id` or `anonymous_id`");
            }

            return known;
        }

        // Both are checked, also where only one makes the key: the other is kept with the event.
        var userFits = source.UserId.Length == 0 || IdentityReader.Fits(source.UserId, "user_id", violations);
        var anonymousFits = source.AnonymousId.Length == 0 || IdentityReader.Fits(source.AnonymousId, "anonymous_id", violations);
        if (!userFits || !anonymousFits)
        {
            return null;
        }

        var key = source.UserId.Length > 0 ? CustomerKey.User(tenant, source.UserId) : CustomerKey.Anonymous(tenant, source.AnonymousId);
        if (known is { } expected && expected != key && !(source.AnonymousId.Length > 0 && expected == CustomerKey.Anonymous(tenant, source.AnonymousId)))
        {
            violations.Add(key.IsAnonymous ? "anonymous_id" : "user_id", $"`{key.Id}` is not the customer of the request", "leave it out, or send the event with Track");
            return null;
        }

        return key;
    }

    private static void ReadMessageId(string id, Violations violations)
    {
        if (id.Length is 0 or > Limits.MessageIdCharsMax)
        {
            violations.Add(
                "message_id",
                id.Length == 0 ? "is missing" : $"has {id.Length} characters",
                $"send 1 to {Limits.MessageIdCharsMax} characters that no other event of this customer has");
        }
    }

    private static string ReadName(Api.Event source, EventType type, Violations violations)
    {
        switch (type)
        {
            case EventType.Identify:
                return EventNames.Identified;
            case EventType.Page or EventType.Screen:
                if (source.Name.Length > Limits.CustomerIdCharsMax)
                {
                    violations.Add("name", $"has {source.Name.Length} characters", $"send at most {Limits.CustomerIdCharsMax}");
                }

                return type == EventType.Page ? EventNames.PageViewed : EventNames.ScreenViewed;
            case EventType.Group:
                ReadId(source.GroupId, "group_id", "the group's id", violations);
                return EventNames.Grouped;
            case EventType.Alias:
                ReadId(source.PreviousId, "previous_id", "the former id", violations);
                return EventNames.Aliased;
            default:
                if (string.IsNullOrWhiteSpace(source.Event_) || source.Event_.Length > Limits.EventNameCharsMax)
                {
                    violations.Add(
                        "event",
                        string.IsNullOrWhiteSpace(source.Event_) ? "is missing" : $"has {source.Event_.Length} characters",
                        $"send the event's name, 1 to {Limits.EventNameCharsMax} characters, e.g. `Order Completed`");
                }

                if (source.Event_ is EventNames.ResponseCaptured)
                {
                    violations.Add("event", $"`{EventNames.ResponseCaptured}` is reserved", "use Decisions.CaptureResponse");
                }

                return source.Event_;
        }
    }

    private static void ReadId(string id, string field, string what, Violations violations)
    {
        if (id.Length is 0 or > Limits.CustomerIdCharsMax)
        {
            violations.Add(field, id.Length == 0 ? "is missing" : $"has {id.Length} characters", $"send {what}, 1 to {Limits.CustomerIdCharsMax} characters");
        }
    }

    /// <summary>When it happened, and what the sender said of it where that is something else.</summary>
    private static (DateTimeOffset Timestamp, DateTimeOffset? SaidAt) ReadTimestamp(Api.Event source, DateTimeOffset receivedAt, Violations violations)
    {
        if (source.Timestamp is null)
        {
            return (receivedAt, null);
        }

        if (!TryInstant(source.Timestamp, out var timestamp))
        {
            violations.Add("timestamp", "is not an instant between 1900 and 9999", "send when it happened, in UTC");
            return (receivedAt, null);
        }

        if (source.SentAt is null)
        {
            // An instant that happens to be ours would read as none said.
            return (timestamp, timestamp == receivedAt ? timestamp : null);
        }

        if (!TryInstant(source.SentAt, out var sentAt))
        {
            violations.Add("sent_at", "is not an instant between 1900 and 9999", "send the client's clock, or leave it out");
            return (timestamp, null);
        }

        // As Segment does: the client's clock may be wrong, the distance between the two instants is not.
        var ago = sentAt - timestamp;
        if (ago > receivedAt - Earliest || ago < receivedAt - Latest)
        {
            violations.Add("sent_at", "is centuries away from `timestamp`", "send both by the same clock");
            return (timestamp, null);
        }

        return (receivedAt - ago, timestamp);
    }

    public static bool TryInstant(Timestamp source, out DateTimeOffset instant)
    {
        var valid = source.Seconds <= Latest.ToUnixTimeSeconds() && source.Seconds >= Earliest.ToUnixTimeSeconds() && source.Nanos is >= 0 and < 1_000_000_000;
        instant = valid ? DateTimeOffset.FromUnixTimeSeconds(source.Seconds).AddTicks(source.Nanos / 1000 * 10) : default;
        return valid;
    }
}
