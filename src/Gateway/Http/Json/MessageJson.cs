using System.Collections;
using System.Globalization;
using System.Text.Json;
using Decisioning.Gateway.Requests;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Decisioning.Gateway.Http.Json;

/// <summary>
/// Reads the API's messages from the JSON that protobuf defines for them. Unlike protobuf's own reader it goes on after a mistake,
/// says of each where it stands and what to do, and takes enums by their short names too.
/// </summary>
internal sealed class MessageJson(Violations violations)
{
    /// <summary>Items of one list at most; the lists of requests have narrower limits of their own, which are judged later.</summary>
    private const int ItemsMax = 10_000;

    /// <summary>A message.</summary>
    /// <param name="source">Its JSON.</param>
    /// <param name="path">Where it stands; empty for the request itself.</param>
    public T Read<T>(JsonElement source, string path = "")
        where T : IMessage<T>, new()
    {
        var target = new T();
        ReadInto(target, source, path);
        return target;
    }

    private void ReadInto(IMessage target, JsonElement source, string path)
    {
        if (source.ValueKind != JsonValueKind.Object)
        {
            violations.Add(path, "is not an object", $"send an object with {Choice(target.Descriptor)}");
            return;
        }

        var seen = new HashSet<int>();
        foreach (var property in source.EnumerateObject())
        {
            if (!JsonText.TryName(property, out var name) || MessageFields.Find(target.Descriptor, name) is not { } field)
            {
                violations.Add(new Place(path, name).ToString(), "is no field here", $"leave it out, or send {Choice(target.Descriptor)}");
                continue;
            }

            var place = new Place(path, field.Name);
            if (!seen.Add(field.FieldNumber))
            {
                violations.Add(place.ToString(), "is there twice", "send each field once");
            }
            else if (property.Value.ValueKind != JsonValueKind.Null || field is { IsRepeated: false, FieldType: FieldType.Message, MessageType.FullName: "google.protobuf.Value" })
            {
                ReadField(target, field, property.Value, place);
            }
        }
    }

    private void ReadField(IMessage target, FieldDescriptor field, JsonElement source, Place place)
    {
        if (field.ContainingOneof is { IsSynthetic: false } oneof && oneof.Accessor.GetCaseFieldDescriptor(target) is { } other)
        {
            violations.Add(place.ToString(), $"is there beside `{other.Name}`", "send one of them");
        }
        else if (field.IsMap)
        {
            violations.Add(place.ToString(), "is only for answers", "leave it out");
        }
        else if (field.IsRepeated)
        {
            ReadList((IList)field.Accessor.GetValue(target), field, source, place);
        }
        else if (ReadValue(field, source, place) is { } value)
        {
            field.Accessor.SetValue(target, value);
        }
    }

    private void ReadList(IList target, FieldDescriptor field, JsonElement source, Place place)
    {
        if (source.ValueKind != JsonValueKind.Array || source.GetArrayLength() > ItemsMax)
        {
            violations.Add(place.ToString(), "is not a list, or too long a one", $"send a list of at most {ItemsMax}");
            return;
        }

        var path = place.ToString();
        var i = 0;
        foreach (var item in source.EnumerateArray())
        {
            if (ReadValue(field, item, new Place(path, null, i++)) is { } value)
            {
                target.Add(value);
            }
        }
    }

    private object? ReadValue(FieldDescriptor field, JsonElement source, Place place)
    {
        switch (field.FieldType)
        {
            case FieldType.String:
                return source.ValueKind == JsonValueKind.String && JsonText.TryText(source, out var text) ? text : Refuse(place, "is not text", "send text in UTF-8");
            case FieldType.Bool:
                return source.ValueKind is JsonValueKind.True or JsonValueKind.False ? source.GetBoolean() : Refuse(place, "is neither true nor false", "send one of them");
            case FieldType.Int32:
                return TryWhole(source, out var small) && small is >= int.MinValue and <= int.MaxValue ? (int)small : Refuse(place, "is not a whole number of 32 bits", "send one");
            case FieldType.Int64:
                return TryWhole(source, out var whole) ? whole : Refuse(place, "is not a whole number of 64 bits", "send one, as a number or as text");
            case FieldType.Double:
                return source.ValueKind == JsonValueKind.Number && double.IsFinite(source.GetDouble()) ? source.GetDouble() : Refuse(place, "is not a finite number", "send one");
            case FieldType.Enum:
                return ReadEnum(field.EnumType, source) ?? Refuse(place, "is not one of its words", $"send {string.Join(", ", MessageFields.Names(field.EnumType))}");
            case FieldType.Message:
                return ReadMessage(field.MessageType, source, place);
            default:
                throw new NotSupportedException($"`{field.FullName}` has a type that no request has had so far; teach it to the reader of JSON");
        }
    }

    private object? ReadMessage(MessageDescriptor type, JsonElement source, Place place)
    {
        switch (type.FullName)
        {
            case "google.protobuf.Timestamp":
                return InstantJson.Read(source) ?? Refuse(place, "is not an instant", InstantJson.Cure);
            case "google.protobuf.Struct":
                return new StructJson(violations).Read(source, place.ToString());
            case "google.protobuf.Value":
                return new StructJson(violations).ReadValue(source, place);
            default:
                var target = type.Parser.ParseFrom(ByteString.Empty);
                ReadInto(target, source, place.ToString());
                return target;
        }
    }

    private static object? ReadEnum(EnumDescriptor type, JsonElement source)
    {
        var found = source.ValueKind == JsonValueKind.String && JsonText.TryText(source, out var text) ? MessageFields.Find(type, text)
            : source.ValueKind == JsonValueKind.Number && source.TryGetInt32(out var number) ? type.FindValueByNumber(number)
            : null;
        return found is null ? null : System.Enum.ToObject(type.ClrType, found.Number);
    }

    // 3, 3.0, 3e0 and "3" are the same whole number.
    private static bool TryWhole(JsonElement source, out long number)
    {
        number = 0;
        if (source.ValueKind == JsonValueKind.String)
        {
            return long.TryParse(source.ValueSpan(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
        }

        if (source.ValueKind != JsonValueKind.Number || source.TryGetInt64(out number))
        {
            return source.ValueKind == JsonValueKind.Number;
        }

        var real = source.GetDouble();
        number = Math.Abs(real) < 1L << 53 ? (long)real : 0;
        return number == real;
    }

    private object? Refuse(Place place, string description, string cure)
    {
        violations.Add(place.ToString(), description, cure);
        return null;
    }

    private static string Choice(MessageDescriptor message) => string.Join(", ", message.Fields.InDeclarationOrder().Select(field => $"`{field.Name}`"));
}
