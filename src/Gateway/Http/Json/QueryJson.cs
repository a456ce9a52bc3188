using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Decisioning.Gateway.Http.Json;

/// <summary>
/// Says the query of a URL as the JSON of a message: a parameter is a field of it, or of the customer that it is about; of a list,
/// each parameter of the name is an item.
/// </summary>
internal static class QueryJson
{
    /// <summary>The field whose own fields are parameters too.</summary>
    public const string Customer = "customer";

    public static JsonElement Of(IQueryCollection query, MessageDescriptor message)
    {
        var target = new JsonObject();
        var customer = MessageFields.Find(message, Customer)?.MessageType;
        foreach (var (name, values) in query)
        {
            var field = MessageFields.Find(message, name);
            if (field is null && customer is not null && MessageFields.Find(customer, name) is { } ofCustomer)
            {
                if (target[Customer] is not JsonObject nested)
                {
                    target[Customer] = nested = [];
                }

                nested[name] = Value(values, ofCustomer);
                continue;
            }

            target[name] = Value(values, field);
        }

        return JsonSerializer.SerializeToElement(target);
    }

    // What stands there twice and is no list comes out as one, and is refused as such.
    private static JsonNode Value(StringValues values, FieldDescriptor? field) =>
        field?.IsRepeated == true || values.Count != 1 ? new JsonArray([.. values.Select(value => (JsonNode?)value)])
        : field?.FieldType == FieldType.Bool && bool.TryParse(values[0], out var isTrue) ? JsonValue.Create(isTrue)
        : JsonValue.Create(values[0]!);
}
