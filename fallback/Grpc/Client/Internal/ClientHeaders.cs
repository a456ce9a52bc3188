using System.Globalization;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Core.Internal;
using Grpc.Net.Compression;

namespace Grpc.Net.Client.Internal;

/// <summary>Between HTTP headers and metadata.</summary>
internal static class ClientHeaders
{
    private const string UserAgent = "grpc-dotnet-decisioning-fallback/1.0";

    internal static void AddOwn(HttpRequestHeaders headers, GrpcChannel channel, ICompressionProvider? compression, DateTime? deadline)
    {
        headers.TryAddWithoutValidation("User-Agent", UserAgent);
        headers.TryAddWithoutValidation("TE", "trailers");
        headers.TryAddWithoutValidation(WireNames.AcceptEncoding, channel.AcceptedEncodings);
        if (compression is not null)
        {
            headers.TryAddWithoutValidation(WireNames.Encoding, compression.EncodingName);
        }

        if (deadline is { } due && due != DateTime.MaxValue)
        {
            headers.TryAddWithoutValidation(WireNames.Timeout, Timeouts.Format(due - DateTime.UtcNow));
        }
    }

    internal static void Add(HttpRequestHeaders target, Metadata metadata)
    {
        foreach (var entry in metadata)
        {
            // `grpc-timeout` is the deadline's; the encoding request is not sent as such.
            if (entry.Key is not (WireNames.EncodingRequest or WireNames.Timeout))
            {
                target.TryAddWithoutValidation(entry.Key, entry.ToHeaderValue());
            }
        }
    }

    internal static Metadata Read(HttpResponseHeaders headers)
    {
        var metadata = new Metadata();
        foreach (var (name, values) in headers.NonValidated)
        {
            if (name.StartsWith(':') || IsOwn(name))
            {
                continue;
            }

            foreach (var value in values)
            {
                if (!Metadata.Entry.IsBinaryKey(name))
                {
                    metadata.Add(name, value);
                    continue;
                }

                foreach (var part in value.Split(','))
                {
                    metadata.Add(name, WireNames.ParseBinary(part.Trim()));
                }
            }
        }

        return metadata;
    }

    internal static bool TryReadStatus(HttpResponseHeaders headers, out Status status)
    {
        status = default;
        if (!headers.NonValidated.TryGetValues(WireNames.Status, out var text))
        {
            return false;
        }

        var detail = headers.NonValidated.TryGetValues(WireNames.Message, out var message)
            ? PercentEncoding.Decode(message.ToString())
            : "";
        status = int.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var code)
            ? new Status((StatusCode)code, detail)
            : new Status(StatusCode.Unknown, "Unexpected grpc-status value: " + text.ToString());
        return true;
    }

    private static bool IsOwn(string name) =>
        name.Equals(WireNames.Status, StringComparison.OrdinalIgnoreCase)
        || name.Equals(WireNames.Message, StringComparison.OrdinalIgnoreCase)
        || name.Equals(WireNames.Encoding, StringComparison.OrdinalIgnoreCase)
        || name.Equals(WireNames.AcceptEncoding, StringComparison.OrdinalIgnoreCase);
}
