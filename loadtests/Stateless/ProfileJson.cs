using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;
using Decisioning.Engine.Values;

namespace Decisioning.LoadTests.Stateless;

/// <summary>Profiles as JSON: what Redis and PostgreSQL keep.</summary>
/// <param name="features">The names of the features, by slot.</param>
internal sealed class ProfileJson(IEnumerable<string> features)
{
    private readonly JsonEncodedText[] _names = [.. features.Select(name => JsonEncodedText.Encode(name))];
    private readonly FrozenDictionary<string, int> _slots = features.Index().ToFrozenDictionary(feature => feature.Item, feature => feature.Index, StringComparer.Ordinal);

    /// <summary>A customer of whom nothing is known.</summary>
    public Profile Empty() => new(_names.Length);

    /// <summary>Writes one.</summary>
    public byte[] Write(Profile profile)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, new() { SkipValidation = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("version"u8, profile.Version);
            json.WriteNumber("day"u8, profile.Day);
            WriteText(json, "channel"u8, profile.Channel);
            WriteText(json, "device"u8, profile.Device);
            WriteTraits(json, profile);
            WriteCounters(json, profile);
            WriteLast(json, profile);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads one; what it does not know is passed over.</summary>
    public Profile Read(ReadOnlySpan<byte> bytes)
    {
        var profile = Empty();
        var json = new Utf8JsonReader(bytes);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("version"u8))
            {
                json.Read();
                profile.Version = json.GetInt64();
            }
            else if (json.ValueTextEquals("day"u8))
            {
                json.Read();
                profile.Day = json.GetInt32();
            }
            else if (json.ValueTextEquals("channel"u8))
            {
                json.Read();
                profile.Channel = json.GetString();
            }
            else if (json.ValueTextEquals("device"u8))
            {
                json.Read();
                profile.Device = json.GetString();
            }
            else if (json.ValueTextEquals("traits"u8))
            {
                ReadTraits(ref json, profile);
            }
            else if (json.ValueTextEquals("days"u8))
            {
                ReadCounters(ref json, profile);
            }
            else if (json.ValueTextEquals("last"u8))
            {
                ReadLast(ref json, profile);
            }
            else
            {
                json.Skip();
            }
        }

        return profile;
    }

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }

    private static void WriteTraits(Utf8JsonWriter json, Profile profile)
    {
        json.WriteStartObject("traits"u8);
        foreach (var (name, value) in profile.Traits)
        {
            switch (value.Kind)
            {
                case ValueKind.String:
                    json.WriteString(name, value.AsString());
                    break;
                case ValueKind.Double:
                    json.WriteNumber(name, value.AsDouble());
                    break;
                case ValueKind.Bool:
                    json.WriteBoolean(name, value.AsBool());
                    break;
            }
        }

        json.WriteEndObject();
    }

    private static void ReadTraits(ref Utf8JsonReader json, Profile profile)
    {
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            json.Read();
            profile.Traits[name] = json.TokenType switch
            {
                JsonTokenType.String => Value.Of(json.GetString()),
                JsonTokenType.Number => Value.Of(json.GetDouble()),
                JsonTokenType.True or JsonTokenType.False => Value.Of(json.GetBoolean()),
                _ => Value.Null,
            };
        }
    }

    // What is 0 at the end of a list is left out.
    private void WriteCounters(Utf8JsonWriter json, Profile profile)
    {
        json.WriteStartObject("days"u8);
        for (var i = 0; i < _names.Length; i++)
        {
            if (profile.Counters[i] is { } days)
            {
                json.WriteStartArray(_names[i]);
                foreach (var amount in days.AsSpan(0, Array.FindLastIndex(days, amount => amount != 0) + 1))
                {
                    json.WriteNumberValue(amount);
                }

                json.WriteEndArray();
            }
        }

        json.WriteEndObject();
    }

    private void ReadCounters(ref Utf8JsonReader json, Profile profile)
    {
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var days = SlotOf(ref json) is >= 0 and var slot ? profile.Counters[slot] = new double[Profile.Days] : new double[Profile.Days];
            json.Read();
            for (var i = 0; json.Read() && json.TokenType == JsonTokenType.Number; i++)
            {
                days[i] = json.GetDouble();
            }
        }
    }

    private void WriteLast(Utf8JsonWriter json, Profile profile)
    {
        json.WriteStartObject("last"u8);
        for (var i = 0; i < _names.Length; i++)
        {
            if (profile.LastAt[i] != 0)
            {
                json.WriteStartArray(_names[i]);
                json.WriteNumberValue(profile.LastAt[i]);
                if (profile.LastText[i] is { } text)
                {
                    json.WriteStringValue(text);
                }

                json.WriteEndArray();
            }
        }

        json.WriteEndObject();
    }

    private void ReadLast(ref Utf8JsonReader json, Profile profile)
    {
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var slot = SlotOf(ref json);
            json.Read();
            json.Read();
            var at = json.GetInt64();
            var text = json.Read() && json.TokenType == JsonTokenType.String ? json.GetString() : null;
            if (text is not null)
            {
                json.Read();
            }

            if (slot >= 0)
            {
                (profile.LastAt[slot], profile.LastText[slot]) = (at, text);
            }
        }
    }

    private int SlotOf(ref Utf8JsonReader json)
    {
        Span<char> name = stackalloc char[json.ValueSpan.Length];
        return _slots.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name[..json.CopyString(name)], out var slot) ? slot : -1;
    }
}
