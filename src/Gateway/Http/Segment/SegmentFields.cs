using System.Text.Json;
using Decisioning.Gateway.Requests;
using Google.Protobuf.WellKnownTypes;

namespace Decisioning.Gateway.Http.Segment;

/// <summary>The fields of one event of the Segment API. What is null is as if it were not there.</summary>
internal readonly struct SegmentFields(JsonElement source, Violations violations)
{
    private readonly StructJson _structs = new(violations);

    public bool Has(string name) => Find(name).ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>A text; empty when it is not there.</summary>
    public string Text(string name) => Text(Find(name), name, "send text");

    /// <summary>An id, which some send as a number.</summary>
    public string Id(string name)
    {
        var value = Find(name);
        return value.ValueKind == JsonValueKind.Number ? value.GetRawText() : Text(value, name, "send text or a number");
    }

    /// <summary>An object; null when it is not there.</summary>
    public Struct? Struct(string name) => Has(name) ? _structs.Read(Find(name), name) : null;

    /// <summary>An instant; null when it is not there.</summary>
    public Timestamp? Instant(string name) => Instant(name, Find(name));

    /// <summary>An instant that stands elsewhere.</summary>
    public Timestamp? Instant(string name, JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return null;
        }

        if (InstantJson.Read(value) is { } instant)
        {
            return instant;
        }

        violations.Add(name, "is not an instant", InstantJson.Cure);
        return null;
    }

    private string Text(JsonElement value, string name, string cure)
    {
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return "";
        }

        if (value.ValueKind == JsonValueKind.String && JsonText.TryText(value, out var text))
        {
            return text;
        }

        violations.Add(name, "is not text", cure);
        return "";
    }

    private JsonElement Find(string name) => JsonText.Find(source, name);
}
