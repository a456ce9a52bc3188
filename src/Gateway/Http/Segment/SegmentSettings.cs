using System.Text.Json;
using Decisioning.Gateway.Access;
using Microsoft.AspNetCore.Http;

namespace Decisioning.Gateway.Http.Segment;

/// <summary>
/// What the library for browsers asks for before it sends: which destinations there are. There is one, this engine, at the address
/// that was asked.
/// </summary>
internal static class SegmentSettings
{
    public static Task WriteAsync(HttpContext context)
    {
        var request = context.Request;
        context.Response.ContentType = "application/json";
        using var writer = new Utf8JsonWriter(context.Response.BodyWriter, JsonText.Written);
        writer.WriteStartObject();
        writer.WriteStartObject("integrations");
        writer.WriteStartObject("Segment.io");
        writer.WriteString("apiKey", (string?)request.RouteValues["key"]);
        writer.WriteString("apiHost", request.Host.Value + "/v1");
        writer.WriteString("protocol", request.Scheme);
        writer.WriteEndObject();
        writer.WriteEndObject();

        // It would send figures about itself that nobody reads here.
        writer.WriteStartObject("metrics");
        writer.WriteNumber("sampleRate", 0);
        writer.WriteEndObject();
        writer.WriteStartObject("plan");
        writer.WriteEndObject();
        writer.WriteEndObject();
        return Task.CompletedTask;
    }
}

/// <summary>A key in the path.</summary>
/// <param name="name">The part of the route that is it.</param>
internal sealed class RouteKey(string name) : IKeyPlace
{
    /// <inheritdoc/>
    public ValueTask<string?> FindAsync(HttpContext context) =>
        ValueTask.FromResult<string?>(context.Request.RouteValues[name] is string { Length: <= Credential.KeyCharsMax } key ? key : "");
}
