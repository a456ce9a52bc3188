using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace Decisioning.Gateway.Http;

/// <summary>Reads JSON that anybody may have sent.</summary>
internal static class JsonText
{
    /// <summary>Levels of nesting at most: the eight of properties stand at the third level of a request, and lists add some.</summary>
    public const int DepthMax = 32;

    /// <summary>How answers are written. They are no part of a page, so umlauts, quotes and angle brackets go as they are.</summary>
    public static readonly JsonWriterOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = DepthMax };

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>A body as JSON, to be disposed of.</summary>
    /// <exception cref="HttpRefusedException">It is none, or nested too deep.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        if (body.Span.StartsWith(ByteOrderMark))
        {
            body = body[ByteOrderMark.Length..];
        }

        try
        {
            return JsonDocument.Parse(body, Options);
        }
        catch (JsonException e)
        {
            throw new HttpRefusedException(
                StatusCodes.Status400BadRequest,
                "INVALID_ARGUMENT",
                body.IsEmpty
                    ? "the body is empty; send JSON"
                    : $"the body is not JSON from line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1} on, or nested deeper than {DepthMax} levels there; send JSON, without NaN or Infinity");
        }
    }

    /// <summary>The text of a string; false where it is no text: bytes that are not UTF-8, or half of a character in two halves.</summary>
    public static bool TryText(JsonElement element, out string text)
    {
        // The quotes belong to it.
        var isText = IsText(JsonMarshal.GetRawUtf8Value(element));
        text = isText ? element.GetString()! : "";
        return isText;
    }

    /// <summary>
    /// A member of an object, the last of that name; undefined for none. Asked so because the element's own search throws at a name that is
    /// no text, wherever it stands.
    /// </summary>
    public static JsonElement Find(JsonElement source, string name)
    {
        var found = default(JsonElement);
        foreach (var property in source.EnumerateObject())
        {
            var raw = JsonMarshal.GetRawUtf8PropertyName(property);
            if (raw.IndexOf((byte)'\\') < 0 ? Ascii.Equals(raw, name) : TryName(property, out var unescaped) && unescaped == name)
            {
                found = property.Value;
            }
        }

        return found;
    }

    /// <summary>What stands between the quotes of a string, with its escapes.</summary>
    public static ReadOnlySpan<byte> ValueSpan(this JsonElement text) => JsonMarshal.GetRawUtf8Value(text)[1..^1];

    /// <summary>The same of a property's name.</summary>
    public static bool TryName(JsonProperty property, out string name)
    {
        var isText = IsText(JsonMarshal.GetRawUtf8PropertyName(property));
        name = isText ? property.Name : "";
        return isText;
    }

    /// <summary>Whether an escaped string, which is correct JSON, is text. Asked because reading one that is not throws, and throwing is dear.</summary>
    internal static bool IsText(ReadOnlySpan<byte> escaped)
    {
        if (!Utf8.IsValid(escaped))
        {
            return false;
        }

        var awaitsLow = false;
        while (true)
        {
            var at = escaped.IndexOf((byte)'\\');
            if (at < 0)
            {
                return !awaitsLow;
            }

            if (awaitsLow && at > 0)
            {
                return false;
            }

            if (escaped[at + 1] != (byte)'u')
            {
                if (awaitsLow)
                {
                    return false;
                }

                escaped = escaped[(at + 2)..];
                continue;
            }

            if (!Utf8Parser.TryParse(escaped.Slice(at + 2, 4), out ushort unit, out _, 'X') || awaitsLow != char.IsLowSurrogate((char)unit))
            {
                return false;
            }

            awaitsLow = char.IsHighSurrogate((char)unit);
            escaped = escaped[(at + 6)..];
        }
    }
}
