namespace Grpc.Core.Internal;

/// <summary>Header names and values of the gRPC protocol, and what is done with their text.</summary>
internal static class WireNames
{
    internal const string ContentType = "application/grpc";
    internal const string Status = "grpc-status";
    internal const string Message = "grpc-message";
    internal const string Timeout = "grpc-timeout";
    internal const string Encoding = "grpc-encoding";
    internal const string AcceptEncoding = "grpc-accept-encoding";
    internal const string Identity = "identity";

    /// <summary>An entry with this key asks for compression of this call's messages; it is not sent.</summary>
    internal const string EncodingRequest = "grpc-internal-encoding-request";

    internal static bool IsContentType(string expected, string? actual) =>
        actual is not null
        && actual.StartsWith(expected, StringComparison.OrdinalIgnoreCase)
        && (actual.Length == expected.Length || actual[expected.Length] is ';' or '+' or ' ');

    /// <summary>Base64 with or without padding, as the protocol allows for <c>-bin</c> values.</summary>
    internal static byte[] ParseBinary(string text) => (text.Length % 4) switch
    {
        0 => Convert.FromBase64String(text),
        2 => Convert.FromBase64String(text + "=="),
        3 => Convert.FromBase64String(text + "="),
        _ => throw new FormatException("a `-bin` header is not base64"),
    };
}
