using System.Reflection;
using System.Text.Json.Nodes;
using Decisioning.Engine.Access;
using Decisioning.Gateway.Access;
using Decisioning.Gateway.Http.Json;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Decisioning.Gateway.Http.OpenApi;

/// <summary>Makes the OpenAPI document of whatever the server answers over plain HTTP.</summary>
internal static class OpenApiDocument
{
    private const string Protocols = "protocols.json";

    /// <summary>The document.</summary>
    /// <param name="endpoints">The endpoints; those with a <see cref="RouteText"/> are in it.</param>
    public static JsonObject Of(IEnumerable<Endpoint> endpoints)
    {
        using var stream = typeof(OpenApiDocument).Assembly.GetManifestResourceStream(Protocols)!;
        var document = JsonNode.Parse(stream)!.AsObject();
        document["info"]!["version"] = typeof(OpenApiDocument).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
        var schemas = new MessageSchemas(document["components"]!["schemas"]!.AsObject());
        var paths = document["paths"]!.AsObject();
        foreach (var endpoint in endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<RouteText>() is { } text)
            {
                var path = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
                foreach (var method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
                {
                    paths[path] ??= new JsonObject();
                    paths[path]![method.ToLowerInvariant()] = Operation(endpoint, text, path, method, schemas);
                }
            }
        }

        return document;
    }

    private static JsonObject Operation(RouteEndpoint endpoint, RouteText text, string path, string method, MessageSchemas schemas)
    {
        var isOpen = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
        var scope = endpoint.Metadata.GetMetadata<RequiresScopeAttribute>()?.Scope.Text();
        var needs = isOpen ? "Needs no credential." : scope is null ? "Needs any credential." : $"Needs the scope `{scope}`.";
        var operation = new JsonObject
        {
            ["tags"] = new JsonArray(text.Group),
            ["operationId"] = method.ToLowerInvariant() + string.Concat(path.Split('/', '-', '.', '{', '}').Where(part => part.Length > 0).Select(part => char.ToUpperInvariant(part[0]) + part[1..])),
            ["summary"] = text.Summary,
            ["description"] = $"{text.Details} {needs}".Trim(),
            ["responses"] = Responses(endpoint, text, isOpen, schemas),
        };
        if (isOpen)
        {
            operation["security"] = new JsonArray();
        }

        var route = endpoint.Metadata.GetMetadata<JsonRoute>();
        var isQuery = HttpMethods.IsGet(method);
        JsonArray parameters = [.. endpoint.RoutePattern.Parameters.Select(part => Parameter(part.Name, "path", new JsonObject { ["type"] = "string" }, isNeeded: true))];
        if (route is not null && isQuery)
        {
            AddQuery(parameters, route.Method.InputType, schemas);
        }

        if (parameters.Count > 0)
        {
            operation["parameters"] = parameters;
        }

        var bodies = new JsonObject();
        if (route is not null && !isQuery)
        {
            bodies["application/json"] = new JsonObject { ["schema"] = schemas.Refer(route.Method.InputType) };
        }

        foreach (var (type, schema) in text.Bodies)
        {
            bodies[type] = new JsonObject { ["schema"] = MessageSchemas.Reference(schema) };
        }

        if (bodies.Count > 0)
        {
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = bodies };
        }

        return operation;
    }

    private static JsonObject Responses(Endpoint endpoint, RouteText text, bool isOpen, MessageSchemas schemas)
    {
        var answer = endpoint.Metadata.GetMetadata<JsonRoute>() is { } route ? schemas.Refer(route.Method.OutputType)
            : text.Answer is null ? null
            : MessageSchemas.Reference(text.Answer);
        var taken = new JsonObject { ["description"] = "It was taken." };
        if (answer is not null)
        {
            taken["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = answer } };
        }

        var responses = new JsonObject { ["200"] = taken };
        foreach (var status in isOpen ? ["503"] : new[] { "400", "401", "403", "409", "413", "415", "429", "503" })
        {
            responses[status] = new JsonObject { ["$ref"] = "#/components/responses/" + status };
        }

        return responses;
    }

    private static void AddQuery(JsonArray parameters, MessageDescriptor message, MessageSchemas schemas)
    {
        foreach (var field in message.Fields.InDeclarationOrder())
        {
            foreach (var shown in field.Name == QueryJson.Customer ? field.MessageType.Fields.InDeclarationOrder() : [field])
            {
                parameters.Add(Parameter(shown.Name, "query", schemas.Field(shown), isNeeded: false));
            }
        }
    }

    private static JsonObject Parameter(string name, string place, JsonObject schema, bool isNeeded)
    {
        var parameter = new JsonObject { ["name"] = name, ["in"] = place, ["required"] = isNeeded };
        if (schema.Remove("description", out var text))
        {
            parameter["description"] = text;
        }

        parameter["schema"] = schema;
        return parameter;
    }
}
