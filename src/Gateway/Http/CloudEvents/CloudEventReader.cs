using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Decisioning.Engine;
using Decisioning.Gateway.Requests;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Http;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Http.CloudEvents;

/// <summary>
/// Reads CloudEvents 1.0 into events of our API: <c>type</c> is the event's name, <c>subject</c> the user, the extension
/// <c>anonymousid</c> the visitor, <c>data</c> the properties; <c>source</c> and <c>id</c> together are the message id.
/// </summary>
internal static class CloudEventReader
{
    /// <summary>What the names of attributes begin with as headers.</summary>
    public const string HeaderPrefix = "ce-";

    private const string Json = "application/json";

    /// <summary>An event whose attributes and data are members of one object.</summary>
    /// <param name="source">The object.</param>
    /// <param name="violations">What is wrong is added here.</param>
    public static Api.Event ReadStructured(JsonElement source, Violations violations)
    {
        if (source.ValueKind != JsonValueKind.Object)
        {
            violations.Add("", "is not an object", "send a CloudEvent with `specversion`, `id`, `source`, `type` and `data`");
            return new Api.Event();
        }

        if (JsonText.Find(source, "data_base64").ValueKind != JsonValueKind.Undefined)
        {
            violations.Add("data_base64", "is not read here", "send `data` as JSON");
        }

        var type = Member(source, "datacontenttype", violations);
        return Read(name => Member(source, name, violations), type.Length == 0 ? Json : type, JsonText.Find(source, "data"), violations);
    }

    /// <summary>An event whose attributes are headers and whose data is the body.</summary>
    /// <param name="headers">The headers.</param>
    /// <param name="data">The body as JSON; undefined for an empty one.</param>
    /// <param name="violations">What is wrong is added here.</param>
    public static Api.Event ReadBinary(IHeaderDictionary headers, JsonElement data, Violations violations) =>
        Read(name => Header(headers, name, violations), Json, data, violations);

    /// <summary>Whether a type of content is JSON, as <c>application/json</c> or any <c>…+json</c>.</summary>
    public static bool IsJson(string contentType)
    {
        var type = contentType.Split(';')[0].Trim();
        return type.Equals(Json, StringComparison.OrdinalIgnoreCase)
            || type.Equals("text/json", StringComparison.OrdinalIgnoreCase)
            || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
    }

    private static Api.Event Read(Func<string, string> attribute, string contentType, JsonElement data, Violations violations)
    {
        if (attribute("specversion") is not "1.0")
        {
            violations.Add("specversion", "is not `1.0`", "send CloudEvents 1.0");
        }

        if (!IsJson(contentType))
        {
            violations.Add("datacontenttype", "is not JSON", $"send `{Json}`");
        }

        var (id, source) = (Needed("id", attribute, violations), Needed("source", attribute, violations));
        if (source.Any(char.IsWhiteSpace))
        {
            violations.Add("source", "has a blank", "send a URI or a part of one");
        }

        var target = new Api.Event
        {
            Type = Api.EventType.Track,
            MessageId = MessageId(source, id),
            Event_ = Needed("type", attribute, violations),
            UserId = attribute("subject"),
            AnonymousId = attribute("anonymousid"),
        };
        if (attribute("time") is { Length: > 0 } time)
        {
            target.Timestamp = InstantJson.Read(time);
            if (target.Timestamp is null)
            {
                violations.Add("time", "is not an instant", InstantJson.Cure);
            }
        }

        if (data.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null))
        {
            target.Properties = new StructJson(violations).Read(data, "data");
        }

        return target;
    }

    /// <summary>A source has no blank, so the first one parts the two; what is too long is known by its hash.</summary>
    internal static string MessageId(string source, string id)
    {
        var both = $"{source} {id}";
        return both.Length <= Limits.MessageIdCharsMax ? both : "cloudevent " + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(both)));
    }

    private static string Needed(string name, Func<string, string> attribute, Violations violations)
    {
        var text = attribute(name);
        if (text.Length == 0)
        {
            violations.Add(name, "is missing", "send it: every CloudEvent has one");
        }

        return text;
    }

    private static string Member(JsonElement source, string name, Violations violations)
    {
        var value = JsonText.Find(source, name);
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return "";
        }

        if (value.ValueKind == JsonValueKind.String && JsonText.TryText(value, out var text))
        {
            return text;
        }

        violations.Add(name, "is not text", "send text");
        return "";
    }

    // What is no plain ASCII comes percent-encoded. A percent sign that encodes nothing is one.
    private static string Header(IHeaderDictionary headers, string name, Violations violations)
    {
        var values = headers[HeaderPrefix + name];
        if (values.Count > 1)
        {
            violations.Add(name, "is there twice", "send each attribute once");
        }

        return Uri.UnescapeDataString(values.FirstOrDefault() ?? "");
    }
}
