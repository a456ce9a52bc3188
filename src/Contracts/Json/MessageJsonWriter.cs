using System.Collections;
using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Decisioning.Contracts.Json;

/// <summary>
/// Writes the API's messages as the JSON that protobuf defines for them, with the names of the proto files. What has no value is there
/// too, so that nobody has to ask whether it is; only messages that are not set are left out. Unlike protobuf's own writer it goes
/// straight to bytes and takes whatever a customer's data holds, such as a property without a name.
/// </summary>
public static class MessageJsonWriter
{
    /// <summary>Writes a message.</summary>
    public static void Write(Utf8JsonWriter writer, IMessage message)
    {
        switch (message)
        {
            case Timestamp instant:
                writer.WriteStringValue(instant.ToDateTime());
                return;
            case Struct members:
                WriteMembers(writer, members);
                return;
            case Value value:
                WriteValue(writer, value);
                return;
        }

        writer.WriteStartObject();
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            var isSet = field.ContainingOneof is null ? field.FieldType != FieldType.Message || field.IsRepeated || field.Accessor.HasValue(message)
                : field.ContainingOneof.Accessor.GetCaseFieldDescriptor(message) == field;
            if (isSet)
            {
                writer.WritePropertyName(field.Name);
                WriteField(writer, field, field.Accessor.GetValue(message));
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteField(Utf8JsonWriter writer, FieldDescriptor field, object value)
    {
        if (field.IsMap)
        {
            var valueField = field.MessageType.FindFieldByNumber(2);
            writer.WriteStartObject();
            foreach (DictionaryEntry entry in (IDictionary)value)
            {
                writer.WritePropertyName((string)entry.Key);
                WriteSingle(writer, valueField, entry.Value!);
            }

            writer.WriteEndObject();
        }
        else if (field.IsRepeated)
        {
            writer.WriteStartArray();
            foreach (var item in (IList)value)
            {
                WriteSingle(writer, field, item!);
            }

            writer.WriteEndArray();
        }
        else
        {
            WriteSingle(writer, field, value);
        }
    }

    private static void WriteSingle(Utf8JsonWriter writer, FieldDescriptor field, object value)
    {
        switch (field.FieldType)
        {
            case FieldType.String:
                writer.WriteStringValue((string)value);
                break;
            case FieldType.Bool:
                writer.WriteBooleanValue((bool)value);
                break;
            case FieldType.Int32:
                writer.WriteNumberValue((int)value);
                break;
            case FieldType.Int64:
                // Beyond 2^53 the numbers of many languages are others.
                writer.WriteStringValue(((long)value).ToString(CultureInfo.InvariantCulture));
                break;
            case FieldType.Double:
                WriteNumber(writer, (double)value);
                break;
            case FieldType.Enum:
                var number = Convert.ToInt32(value, CultureInfo.InvariantCulture);
                if (field.EnumType.FindValueByNumber(number) is { } named)
                {
                    writer.WriteStringValue(named.Name);
                }
                else
                {
                    writer.WriteNumberValue(number);
                }

                break;
            case FieldType.Message:
                Write(writer, (IMessage)value);
                break;
            default:
                throw new NotSupportedException($"`{field.FullName}` has a type that no answer has had so far; teach it to the writer of JSON");
        }
    }

    private static void WriteMembers(Utf8JsonWriter writer, Struct members)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in members.Fields)
        {
            writer.WritePropertyName(name);
            WriteValue(writer, value);
        }

        writer.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter writer, Value value)
    {
        switch (value.KindCase)
        {
            case Value.KindOneofCase.BoolValue:
                writer.WriteBooleanValue(value.BoolValue);
                break;
            case Value.KindOneofCase.NumberValue:
                WriteNumber(writer, value.NumberValue);
                break;
            case Value.KindOneofCase.StringValue:
                writer.WriteStringValue(value.StringValue);
                break;
            case Value.KindOneofCase.StructValue:
                WriteMembers(writer, value.StructValue);
                break;
            case Value.KindOneofCase.ListValue:
                writer.WriteStartArray();
                foreach (var item in value.ListValue.Values)
                {
                    WriteValue(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    // JSON has no other numbers; protobuf has words for them.
    private static void WriteNumber(Utf8JsonWriter writer, double number)
    {
        if (double.IsFinite(number))
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteStringValue(double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
        }
    }
}
