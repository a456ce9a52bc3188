using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;

namespace Decisioning.Gateway.Http.OpenApi;

/// <summary>Describes the API's messages as JSON Schema: as JSON shows them, with the comments of the proto files.</summary>
/// <param name="schemas">Where each message and enum is described once, by its name.</param>
internal sealed class MessageSchemas(JsonObject schemas)
{
    /// <summary>A reference to a message's schema, which is made when it is referred to first.</summary>
    public JsonObject Refer(MessageDescriptor message)
    {
        if (!schemas.ContainsKey(message.Name))
        {
            var schema = new JsonObject { ["type"] = "object", ["description"] = ProtoComments.Of(message), ["additionalProperties"] = false };

            // In before its fields are: a message may hold one of its kind.
            schemas[message.Name] = schema;
            var properties = new JsonObject();
            foreach (var field in message.Fields.InDeclarationOrder())
            {
                properties[field.Name] = Field(field);
            }

            schema["properties"] = properties;
        }

        return Reference(message.Name);
    }

    /// <summary>The schema of a field, with what is said of it.</summary>
    public JsonObject Field(FieldDescriptor field)
    {
        var schema = field.IsMap ? new JsonObject { ["type"] = "object", ["additionalProperties"] = Value(field.MessageType.FindFieldByNumber(2)) }
            : field.IsRepeated ? new JsonObject { ["type"] = "array", ["items"] = Value(field) }
            : Value(field);
        if (ProtoComments.Of(field) is { Length: > 0 } text)
        {
            schema["description"] = text;
        }

        return schema;
    }

    public static JsonObject Reference(string name) => new() { ["$ref"] = "#/components/schemas/" + name };

    private JsonObject Value(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Bool => new() { ["type"] = "boolean" },
        FieldType.Int32 => new() { ["type"] = "integer", ["format"] = "int32" },

        // Answers have text, which no language's numbers spoil.
        FieldType.Int64 => new() { ["type"] = new JsonArray("string", "integer"), ["format"] = "int64" },
        FieldType.Double => new() { ["type"] = "number", ["format"] = "double" },
        FieldType.Enum => Refer(field.EnumType),
        FieldType.Message => field.MessageType.FullName switch
        {
            "google.protobuf.Timestamp" => new() { ["type"] = "string", ["format"] = "date-time" },
            "google.protobuf.Struct" => new() { ["type"] = "object", ["additionalProperties"] = true },
            "google.protobuf.Value" => [],
            _ => Refer(field.MessageType),
        },
        _ => new() { ["type"] = "string" },
    };

    private JsonObject Refer(EnumDescriptor type)
    {
        if (!schemas.ContainsKey(type.Name))
        {
            var values = string.Concat(type.Values.Select(value => $"\n- `{value.Name}`: {ProtoComments.Of(value)}"));
            schemas[type.Name] = new JsonObject
            {
                ["type"] = "string",
                ["description"] = $"{ProtoComments.Of(type)} In requests the part before may be left out: `{Json.MessageFields.Names(type).First()}`.\n{values}",
                ["enum"] = new JsonArray([.. type.Values.Select(value => (JsonNode)value.Name)]),
            };
        }

        return Reference(type.Name);
    }
}
