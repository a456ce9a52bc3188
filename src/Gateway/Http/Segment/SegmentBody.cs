using System.Text.Json;
using Decisioning.Gateway.Access;
using Microsoft.AspNetCore.Http;

namespace Decisioning.Gateway.Http.Segment;

/// <summary>The body of a request of the Segment API: read once, whether for its key or for its events.</summary>
internal sealed class SegmentBody : IKeyPlace
{
    /// <summary>As metadata of an endpoint it finds the key: the libraries for browsers send it as <c>writeKey</c> of the body alone.</summary>
    public static readonly SegmentBody Key = new();

    /// <inheritdoc/>
    public async ValueTask<string?> FindAsync(HttpContext context)
    {
        try
        {
            // Who calls is not known yet, so as much is read as anybody may send.
            return Of(await ReadAsync(context, RequestBody.PublicBytesMax));
        }
        catch (Exception e) when (e is HttpRefusedException or IOException or OperationCanceledException)
        {
            // What is no body has no key. The endpoint says what is wrong with it to whoever is let in without one.
            context.Features.Set(new RefusedBody(e));
            return null;
        }
    }

    /// <summary>The body as JSON, which the request disposes of.</summary>
    /// <param name="context">The request.</param>
    /// <param name="bytesMax">The most bytes of it, inflated.</param>
    /// <exception cref="HttpRefusedException">It is too large, or none.</exception>
    public static async ValueTask<JsonElement> ReadAsync(HttpContext context, int bytesMax)
    {
        if (context.Features.Get<RefusedBody>() is { } refused)
        {
            throw refused.Why;
        }

        if (context.Features.Get<JsonDocument>() is { } read)
        {
            return read.RootElement;
        }

        var document = JsonText.Parse(await RequestBody.ReadAsync(context, bytesMax));
        context.Response.RegisterForDispose(document);
        context.Features.Set(document);
        return document.RootElement;
    }

    private static string? Of(JsonElement body)
    {
        var key = body.ValueKind == JsonValueKind.Object ? JsonText.Find(body, "writeKey") : default;
        return key.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? null
            : key.ValueKind == JsonValueKind.String && JsonText.TryText(key, out var text) && text.Length <= Credential.KeyCharsMax ? text
            : "";
    }

    private sealed record RefusedBody(Exception Why);
}
