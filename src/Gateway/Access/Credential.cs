using System.Buffers.Text;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Decisioning.Gateway.Access;

/// <summary>Finds the credential of a request: <c>authorization</c> as Bearer, or as Basic with the key as the user's name, or <c>x-api-key</c>.</summary>
internal static class Credential
{
    /// <summary>More than any key has: what is longer is not looked at.</summary>
    public const int KeyCharsMax = 256;

    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";

    /// <summary>The key that a request brings; null when it brings none, empty when what it brings cannot be one.</summary>
    public static string? Key(HttpRequest request)
    {
        var authorization = request.Headers.Authorization;
        var key = request.Headers["x-api-key"];
        return (authorization.Count, key.Count) switch
        {
            (0, 0) => null,
            (0, 1) => Short(key[0]),
            (1, 0) => OfAuthorization(authorization[0] ?? ""),

            // Of two, one would be judged and perhaps another believed.
            _ => "",
        };
    }

    /// <summary>Whether the request brings a token and nothing else: a Bearer of three parts, as no key has.</summary>
    public static bool IsToken(HttpRequest request) =>
        request.Headers.Authorization is [{ } text]
        && text.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
        && text.AsSpan().Count('.') == 2
        && request.Headers["x-api-key"].Count == 0;

    private static string OfAuthorization(string text)
    {
        if (text.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return Short(text[Bearer.Length..].Trim());
        }

        if (!text.StartsWith(Basic, StringComparison.OrdinalIgnoreCase) || text.Length > KeyCharsMax)
        {
            return "";
        }

        var encoded = text.AsSpan(Basic.Length).Trim();
        Span<byte> decoded = stackalloc byte[KeyCharsMax];
        if (!Base64.IsValid(encoded) || !Convert.TryFromBase64Chars(encoded, decoded, out var written))
        {
            return "";
        }

        // `KEY:` as Segment's libraries send it; a password would be ignored, so it may be anything.
        var colon = decoded[..written].IndexOf((byte)':');
        return Encoding.Latin1.GetString(decoded[..(colon < 0 ? written : colon)]);
    }

    private static string Short(string? text) => text is { Length: <= KeyCharsMax } ? text : "";
}
