using System.Text.Json;
using Decisioning.Engine;
using Decisioning.Gateway.Requests;
using Google.Protobuf.WellKnownTypes;

namespace Decisioning.Gateway.Http;

/// <summary>Reads the free parts of a request, written as JSON, into the values of the API; what they may hold is judged there.</summary>
internal sealed class StructJson(Violations violations)
{
    // A list of numbers is the smallest there is, two bytes each, and as values forty: what cannot be taken anyhow is not made first.
    private const int ValuesMax = Limits.EventBytesMax / 8;

    private int _values;
    private bool _isOver;

    public Struct Read(JsonElement source, string field)
    {
        if (source.ValueKind == JsonValueKind.Object)
        {
            return ReadObject(source, field);
        }

        violations.Add(field, "is not an object", "send `{}` with names and values, or leave it out");
        return new Struct();
    }

    public Value ReadValue(JsonElement source, Place place)
    {
        switch (source.ValueKind)
        {
            case JsonValueKind.Object:
                return Value.ForStruct(ReadObject(source, place.ToString()));
            case JsonValueKind.Array:
                return new Value { ListValue = ReadList(source, place.ToString()) };
            case JsonValueKind.String:
                if (JsonText.TryText(source, out var text))
                {
                    return Value.ForString(text);
                }

                violations.Add(place.ToString(), "is not text: it has half a character", "send characters whole, in UTF-8");
                _isOver = true;
                return Value.ForNull();
            case JsonValueKind.Number:
                // What is beyond a double comes out infinite, and is refused as such.
                return Value.ForNumber(source.GetDouble());
            case JsonValueKind.True or JsonValueKind.False:
                return Value.ForBool(source.GetBoolean());
            default:
                return Value.ForNull();
        }
    }

    private Struct ReadObject(JsonElement source, string field)
    {
        var target = new Struct();
        foreach (var property in source.EnumerateObject())
        {
            if (!Count(field))
            {
                break;
            }

            if (!JsonText.TryName(property, out var name))
            {
                violations.Add(field, "has a name that is not text: it has half a character", "send characters whole, in UTF-8");
                _isOver = true;
            }
            else if (!target.Fields.TryAdd(name, ReadValue(property.Value, new Place(field, name))))
            {
                violations.Add(new Place(field, name).ToString(), "is there twice", "send each name once");
                _isOver = true;
            }
        }

        return target;
    }

    private ListValue ReadList(JsonElement source, string field)
    {
        var target = new ListValue();
        foreach (var item in source.EnumerateArray())
        {
            if (!Count(field))
            {
                break;
            }

            target.Values.Add(ReadValue(item, new Place(field, null, target.Values.Count)));
        }

        return target;
    }

    private bool Count(string field)
    {
        if (_isOver || ++_values <= ValuesMax)
        {
            return !_isOver;
        }

        violations.Add(field, $"makes more than {ValuesMax} values", "send fewer, or split it into several events");
        _isOver = true;
        return false;
    }
}

/// <summary>Adds to a map what is not in it yet.</summary>
internal static class MapFieldExtensions
{
    public static bool TryAdd(this Google.Protobuf.Collections.MapField<string, Value> map, string name, Value value)
    {
        if (map.ContainsKey(name))
        {
            return false;
        }

        map.Add(name, value);
        return true;
    }
}
