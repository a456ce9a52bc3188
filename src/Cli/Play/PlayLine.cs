using System.Globalization;
using System.Text.Json;
using Decisioning.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Decisioning.Cli.Play;

/// <summary>
/// One line of a played file: a message of the Segment spec (<c>track</c>, <c>identify</c>, <c>page</c>, …), or one of
/// ours: <c>decide</c> asks for the next best action, <c>respond</c> answers the customer's last decision.
/// </summary>
internal abstract record PlayLine(string Customer, DateTimeOffset At)
{
    /// <summary>An event.</summary>
    public sealed record Track(string Customer, DateTimeOffset At, Event Event) : PlayLine(Customer, At);

    /// <summary>A question.</summary>
    public sealed record Decide(string Customer, DateTimeOffset At, string Channel, IReadOnlyList<string> Placements) : PlayLine(Customer, At);

    /// <summary>What the customer did with the first item of the last decision.</summary>
    public sealed record Respond(string Customer, DateTimeOffset At, Outcome Outcome) : PlayLine(Customer, At);

    /// <summary>Reads a line.</summary>
    /// <exception cref="FormatException">It is not such a line; the message says why.</exception>
    public static PlayLine Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Read(document.RootElement)
                : throw new FormatException("it is not a JSON object");
        }
        catch (Exception e) when (e is JsonException or InvalidProtocolBufferException)
        {
            throw new FormatException("it is not JSON: " + e.Message, e);
        }
    }

    private static PlayLine Read(JsonElement line)
    {
        var type = Text(line, "type");
        var customer = Text(line, "userId") is { Length: > 0 } user ? user
            : Text(line, "anonymousId") is { Length: > 0 } visitor ? "anonymous:" + visitor
            : throw new FormatException("it names no customer; set `userId` or `anonymousId`");
        if (!DateTimeOffset.TryParse(Text(line, "timestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
        {
            throw new FormatException($"`{Text(line, "timestamp")}` is no `timestamp`; write it as in ISO 8601: `2026-01-15T07:00:00Z`");
        }

        return type switch
        {
            "decide" => new Decide(
                customer,
                at,
                Text(line, "channel"),
                Texts(line, "placements")),
            "respond" => new Respond(customer, at, OutcomeOf(Text(line, "outcome"))),
            "track" or "identify" or "page" or "screen" or "group" or "alias" => new Track(customer, at, ReadEvent(line, type, at)),
            _ => throw new FormatException($"`{type}` is not a type of line; write a Segment message, `decide` or `respond`"),
        };
    }

    private static Event ReadEvent(JsonElement line, string type, DateTimeOffset at) => new()
    {
        Type = System.Enum.Parse<EventType>(type, ignoreCase: true),
        MessageId = Text(line, "messageId"),
        UserId = Text(line, "userId"),
        AnonymousId = Text(line, "anonymousId"),
        Event_ = Text(line, "event"),
        Name = Text(line, "name"),
        GroupId = Text(line, "groupId"),
        PreviousId = Text(line, "previousId"),
        Properties = Map(line, "properties"),
        Traits = Map(line, "traits"),
        Context = Map(line, "context"),
        Timestamp = Timestamp.FromDateTimeOffset(at),
    };

    private static Outcome OutcomeOf(string text) =>
        System.Enum.TryParse<Outcome>(text.Replace("_", string.Empty, StringComparison.Ordinal), ignoreCase: true, out var outcome)
        && System.Enum.IsDefined(outcome) && outcome != Outcome.Unspecified && !char.IsDigit(text[0])
            ? outcome
            : throw new FormatException($"`{text}` is no `outcome`; write IMPRESSION, CLICKED, ACCEPTED, REJECTED, DISMISSED, NO_RESPONSE or CONVERTED");

    private static string Text(JsonElement line, string name) => !line.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? string.Empty
        : value.ValueKind == JsonValueKind.String ? value.GetString()!
        : throw new FormatException($"`{name}` is not a text");

    private static string[] Texts(JsonElement line, string name) => !line.TryGetProperty(name, out var value) ? []
        : value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) ? [.. value.EnumerateArray().Select(item => item.GetString()!)]
        : throw new FormatException($"`{name}` is not a list of texts");

    private static Struct? Map(JsonElement line, string name) => !line.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.Object ? JsonParser.Default.Parse<Struct>(value.GetRawText())
        : throw new FormatException($"`{name}` is not an object");
}
