using Grpc.Core;
using Grpc.Core.Internal;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>What of the gRPC protocol is said in HTTP terms.</summary>
internal static class Protocol
{
    private static readonly string[] StatusTexts = [.. Enumerable.Range(0, 17).Select(code => $"{code}")];

    private static readonly HashSet<string> OwnHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        WireNames.Encoding, WireNames.AcceptEncoding, WireNames.Timeout, "content-encoding", "content-type", "te", "host", "accept-encoding",
    };

    internal static bool IsCorsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method) && request.Headers.ContainsKey("Access-Control-Request-Method");

    /// <summary>Answers a request that is no gRPC call over HTTP/2 or 3. False: it is one, go on.</summary>
    internal static bool Refuses(HttpContext context)
    {
        var request = context.Request;
        if (IsCorsPreflight(request))
        {
            context.Response.Headers.Allow = "POST";
            Answer(StatusCodes.Status405MethodNotAllowed, "Unhandled CORS preflight request received. CORS may not be configured correctly in the application.");
            return true;
        }

        if (!WireNames.IsContentType(WireNames.ContentType, request.ContentType))
        {
            Answer(
                StatusCodes.Status415UnsupportedMediaType,
                request.ContentType is null ? "Content-Type is missing from the request." : $"Content-Type '{request.ContentType}' is not supported.");
            return true;
        }

        if (!HttpProtocol.IsHttp2(request.Protocol) && !HttpProtocol.IsHttp3(request.Protocol))
        {
            context.Response.Headers.Upgrade = "HTTP/2";
            Answer(StatusCodes.Status426UpgradeRequired, $"Request protocol '{request.Protocol}' is not supported.");
            return true;
        }

        return false;

        void Answer(int httpStatus, string detail)
        {
            context.Response.StatusCode = httpStatus;
            SetStatus(context.Response.Headers, new Status(StatusCode.Internal, detail));
        }
    }

    /// <summary>Where status and trailers go: behind the messages, or, where none was sent, into the one block of headers.</summary>
    internal static IHeaderDictionary TrailersOf(HttpResponse response)
    {
        if (!response.HasStarted)
        {
            return response.Headers;
        }

        var trailers = response.HttpContext.Features.Get<IHttpResponseTrailersFeature>()?.Trailers;
        return trailers is { IsReadOnly: false }
            ? trailers
            : throw new InvalidOperationException("Trailers are not supported for this response. The server may not support gRPC.");
    }

    internal static void SetStatus(IHeaderDictionary destination, Status status)
    {
        var code = (int)status.StatusCode;
        destination[WireNames.Status] = (uint)code < (uint)StatusTexts.Length ? StatusTexts[code] : $"{code}";
        if (status.Detail.Length > 0)
        {
            destination[WireNames.Message] = PercentEncoding.Encode(status.Detail);
        }
        else
        {
            destination.Remove(WireNames.Message);
        }
    }

    internal static Metadata ReadHeaders(IHeaderDictionary headers)
    {
        var metadata = new Metadata();
        foreach (var (name, values) in headers)
        {
            if (name.StartsWith(':') || OwnHeaders.Contains(name))
            {
                continue;
            }

            if (!Metadata.Entry.IsBinaryKey(name))
            {
                metadata.Add(name, values.ToString());
                continue;
            }

            foreach (var part in values.ToString().Split(','))
            {
                metadata.Add(name, WireNames.ParseBinary(part.Trim()));
            }
        }

        return metadata;
    }

    internal static bool Accepts(HttpRequest request, string encoding)
    {
        foreach (var value in request.Headers[WireNames.AcceptEncoding])
        {
            foreach (var part in value.AsSpan().Split(','))
            {
                if (value.AsSpan()[part].Trim().SequenceEqual(encoding))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
