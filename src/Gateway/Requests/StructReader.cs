using System.Collections.Immutable;
using Decisioning.Engine;
using Decisioning.Engine.Values;
using Google.Protobuf.WellKnownTypes;
using Value = Decisioning.Engine.Values.Value;

namespace Decisioning.Gateway.Requests;

/// <summary>Reads the JSON-like parts of one event or request within the limits of size, number and depth, which they share.</summary>
internal ref struct StructReader(Violations violations)
{
    private int _properties;
    private int _bytes;
    private bool _tooLarge;

    public PropertyMap Read(Struct? source, string field)
    {
        if (source is null || source.Fields.Count == 0)
        {
            return PropertyMap.Empty;
        }

        return ReadMap(source, field, depth: 1);
    }

    private PropertyMap ReadMap(Struct source, string field, int depth)
    {
        if (depth > Limits.PropertyDepthMax)
        {
            violations.Add(field, $"is nested deeper than {Limits.PropertyDepthMax} levels", "flatten it");
            return PropertyMap.Empty;
        }

        var entries = new KeyValuePair<string, Value>[source.Fields.Count];
        var count = 0;
        foreach (var (name, value) in source.Fields)
        {
            if (!Count(field, name.Length + 4))
            {
                break;
            }

            if (name.Length > Limits.PropertyNameCharsMax)
            {
                violations.Add(field, $"has a property whose name has {name.Length} characters", $"send names of at most {Limits.PropertyNameCharsMax}");
                continue;
            }

            entries[count++] = new(name, ReadValue(value, new Place(field, name), depth));
        }

        return PropertyMap.Own(count == entries.Length ? entries : entries[..count]);
    }

    private Value ReadValue(Google.Protobuf.WellKnownTypes.Value value, Place place, int depth)
    {
        switch (value.KindCase)
        {
            case Google.Protobuf.WellKnownTypes.Value.KindOneofCase.BoolValue:
                return Value.Of(value.BoolValue);
            case Google.Protobuf.WellKnownTypes.Value.KindOneofCase.NumberValue when double.IsFinite(value.NumberValue):
                return Value.Of(value.NumberValue);
            case Google.Protobuf.WellKnownTypes.Value.KindOneofCase.NumberValue:
                violations.Add(place.ToString(), "is not a finite number", "leave it out or send a number");
                return Value.Null;
            case Google.Protobuf.WellKnownTypes.Value.KindOneofCase.StringValue:
                return ReadText(value.StringValue, place);
            case Google.Protobuf.WellKnownTypes.Value.KindOneofCase.StructValue:
                return Value.Of(ReadMap(value.StructValue, place.ToString(), depth + 1));
            case Google.Protobuf.WellKnownTypes.Value.KindOneofCase.ListValue:
                return ReadList(value.ListValue, place.ToString(), depth + 1);
            default:
                return Value.Null;
        }
    }

    private Value ReadText(string text, Place place)
    {
        if (text.Length > Limits.PropertyCharsMax)
        {
            violations.Add(place.ToString(), $"has {text.Length} characters", $"send at most {Limits.PropertyCharsMax}");
            return Value.Null;
        }

        return Count(place.Parent, text.Length, isProperty: false) ? Value.Of(text) : Value.Null;
    }

    private Value ReadList(ListValue list, string field, int depth)
    {
        if (depth > Limits.PropertyDepthMax)
        {
            violations.Add(field, $"is nested deeper than {Limits.PropertyDepthMax} levels", "flatten it");
            return Value.Null;
        }

        var items = ImmutableArray.CreateBuilder<Value>(list.Values.Count);
        foreach (var item in list.Values)
        {
            if (!Count(field, 8))
            {
                break;
            }

            items.Add(ReadValue(item, new Place(field, null, items.Count), depth));
        }

        return Value.Of(items.ToImmutable());
    }

    private bool Count(string field, int bytes, bool isProperty = true)
    {
        _properties += isProperty ? 1 : 0;
        _bytes += bytes;
        if (_tooLarge || (_properties <= Limits.EventPropertiesMax && _bytes <= Limits.EventBytesMax))
        {
            return !_tooLarge;
        }

        _tooLarge = true;
        if (_bytes > Limits.EventBytesMax)
        {
            violations.Add(field, $"makes the event larger than {Limits.EventBytesMax / 1024} KB", "send less, or split it into several events");
        }
        else
        {
            violations.Add(field, $"makes more than {Limits.EventPropertiesMax} properties", "send fewer, or split it into several events");
        }

        return false;
    }
}
