using System.Text.Json;
using Google.Protobuf.WellKnownTypes;

namespace Decisioning.Gateway.Http;

/// <summary>Reads instants in ISO 8601.</summary>
internal static class InstantJson
{
    public const string Cure = "send ISO 8601 in UTC, e.g. `2026-03-02T10:00:00.000Z`, or leave it out";

    /// <summary>The instant of a text; null when it is none. Without an offset it is meant in UTC, not by this machine's clock.</summary>
    public static Timestamp? Read(JsonElement source) => source.ValueKind == JsonValueKind.String && JsonText.TryText(source, out _) && source.TryGetDateTime(out var instant) ? Of(instant) : null;

    /// <inheritdoc cref="Read(JsonElement)"/>
    public static Timestamp? Read(string text) => Read(JsonSerializer.SerializeToElement(text));

    private static Timestamp Of(DateTime instant) =>
        Timestamp.FromDateTime(instant.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(instant, DateTimeKind.Utc) : instant.ToUniversalTime());
}
