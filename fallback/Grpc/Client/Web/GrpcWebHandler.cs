using System.Net;
using System.Net.Http.Headers;
using Grpc.Core.Internal;

namespace Grpc.Net.Client.Web;

public enum GrpcWebMode
{
    /// <summary>Bodies are bytes.</summary>
    GrpcWeb,

    /// <summary>Bodies are base64.</summary>
    GrpcWebText,
}

/// <summary>Lets a channel speak gRPC-Web, for servers behind proxies that pass no HTTP/2. One way at a time: no bidirectional streams over HTTP/1.1.</summary>
public sealed class GrpcWebHandler : DelegatingHandler
{
    public GrpcWebHandler()
    {
    }

    public GrpcWebHandler(HttpMessageHandler innerHandler)
        : base(innerHandler)
    {
    }

    public GrpcWebHandler(GrpcWebMode mode) => GrpcWebMode = mode;

    public GrpcWebHandler(GrpcWebMode mode, HttpMessageHandler innerHandler)
        : base(innerHandler) => GrpcWebMode = mode;

    public GrpcWebMode GrpcWebMode { get; set; }

    /// <summary>Version of the requests, instead of the channel's. Default: null.</summary>
    public Version? HttpVersion { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!WireNames.IsContentType(WireNames.ContentType, request.Content?.Headers.ContentType?.MediaType))
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        var isText = GrpcWebMode == GrpcWebMode.GrpcWebText;
        request.Content = new WebRequestContent(request.Content!, isText);
        if (isText)
        {
            request.Headers.TryAddWithoutValidation("Accept", WebRequestContent.TextType);
        }

        if (HttpVersion is not null)
        {
            request.Version = HttpVersion;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionOrHigher;
        }

        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var type = response.Content.Headers.ContentType?.MediaType;
        if (WireNames.IsContentType(WebRequestContent.BinaryType, type) || WireNames.IsContentType(WebRequestContent.TextType, type))
        {
            var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            var frames = WireNames.IsContentType(WebRequestContent.TextType, type) ? new Base64ReadStream(body) : body;
            response.Content = new StreamContent(new WebResponseStream(frames, response.TrailingHeaders));
            response.Content.Headers.ContentType = new MediaTypeHeaderValue(WireNames.ContentType);
        }

        response.Version = System.Net.HttpVersion.Version20;
        return response;
    }
}

/// <summary>A gRPC request body under gRPC-Web's name, in base64 where asked for.</summary>
internal sealed class WebRequestContent : HttpContent
{
    internal const string BinaryType = "application/grpc-web";
    internal const string TextType = "application/grpc-web-text";

    private readonly HttpContent _inner;
    private readonly bool _isText;

    internal WebRequestContent(HttpContent inner, bool isText)
    {
        _inner = inner;
        _isText = isText;
        Headers.ContentType = new MediaTypeHeaderValue(isText ? TextType : BinaryType);
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        if (!_isText)
        {
            await _inner.CopyToAsync(stream).ConfigureAwait(false);
            return;
        }

        using var bytes = new MemoryStream();
        await _inner.CopyToAsync(bytes).ConfigureAwait(false);
        var text = Convert.ToBase64String(bytes.GetBuffer(), 0, (int)bytes.Length);
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(text)).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = -1;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
