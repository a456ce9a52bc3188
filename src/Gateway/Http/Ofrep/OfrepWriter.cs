using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Http.Ofrep;

/// <summary>Writes decisions as evaluations of OFREP.</summary>
internal static class OfrepWriter
{
    /// <summary>One evaluation.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="key">The flag's key.</param>
    /// <param name="decision">The decision.</param>
    /// <param name="item">What it offers there; null for nothing.</param>
    public static void WriteFlag(Utf8JsonWriter writer, string key, Api.Decision decision, Api.DecisionItem? item)
    {
        writer.WriteStartObject();
        WriteValue(writer, key, item);
        writer.WriteStartObject("metadata");
        writer.WriteString("decisionId", decision.DecisionId);
        writer.WriteString("strategy", decision.Strategy);
        writer.WriteNumber("strategyVersion", decision.StrategyVersion);
        if (item is not null)
        {
            writer.WriteString("trackingToken", item.TrackingToken);
            writer.WriteString("treatment", item.Treatment);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>A name for what flags are now, the same as long as they say the same; in quotes, as HTTP has it.</summary>
    public static string Tag(IEnumerable<(string Key, Api.DecisionItem? Item)> flags, long strategyVersion)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(strategyVersion);
            foreach (var (key, item) in flags)
            {
                writer.WriteStartObject();
                WriteValue(writer, key, item);
                writer.WriteString("treatment", item?.Treatment);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes.WrittenSpan).AsSpan(0, 16))}\"";
    }

    // Clients hold a value back without which there is none: an empty object says that nothing is offered now.
    private static void WriteValue(Utf8JsonWriter writer, string key, Api.DecisionItem? item)
    {
        writer.WriteString("key", key);
        writer.WriteString("reason", item is null || item.IsFallback ? "DEFAULT" : item.ActionProbability < 1 ? "SPLIT" : "TARGETING_MATCH");
        if (item is not null)
        {
            writer.WriteString("variant", item.Action);
        }

        writer.WriteStartObject("value");
        foreach (var (part, text) in item?.Content ?? [])
        {
            writer.WriteString(part, text);
        }

        writer.WriteEndObject();
    }
}
