using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Decisioning.Gateway.Throttling;

/// <summary>Gives the server its limits, all of them: none is left at a default that another version may change.</summary>
internal sealed class KestrelLimits(IOptions<LimitsOptions> settings) : IConfigureOptions<KestrelServerOptions>
{
    /// <summary>Bytes of a unary call's body at most: the largest message in the base64 of gRPC-Web, and what frames add.</summary>
    public const int CallBytesMax = (GatewayModule.MessageBytesMax / 3 * 4) + (64 * 1024);

    private const int FrameBytesMax = 16 * 1024;
    private const int LineBytesMax = 8 * 1024;
    private const int ConnectionWindowBytes = 1024 * 1024;
    private const int StreamWindowBytes = 768 * 1024;

    // A slow start is forgiven for so long.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    public void Configure(KestrelServerOptions kestrel)
    {
        var (server, limits) = (kestrel.Limits, settings.Value);
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        server.MaxConcurrentConnections = limits.ConnectionsMax;
        server.MaxConcurrentUpgradedConnections = 0;
        server.MaxRequestBodySize = CallBytesMax;
        server.MaxRequestBufferSize = ConnectionWindowBytes;
        server.MaxResponseBufferSize = 64 * 1024;
        server.MaxRequestLineSize = LineBytesMax;
        server.MaxRequestHeadersTotalSize = limits.HeaderBytesMax;
        server.MaxRequestHeaderCount = limits.HeadersMax;
        server.RequestHeadersTimeout = limits.HeadersWaitMax;
        server.KeepAliveTimeout = limits.IdleMax;
        server.MinRequestBodyDataRate = new MinDataRate(limits.BytesPerSecondMin, Grace);
        server.MinResponseDataRate = new MinDataRate(limits.BytesPerSecondMin, Grace);
        server.Http2.MaxStreamsPerConnection = limits.StreamsPerConnectionMax;
        server.Http2.MaxFrameSize = FrameBytesMax;
        server.Http2.MaxRequestHeaderFieldSize = limits.HeaderBytesMax;
        server.Http2.HeaderTableSize = 4096;
        server.Http2.InitialConnectionWindowSize = ConnectionWindowBytes;
        server.Http2.InitialStreamWindowSize = StreamWindowBytes;
        server.Http2.KeepAlivePingDelay = limits.PingAfter;
        server.Http2.KeepAlivePingTimeout = limits.PingWaitMax;
    }
}
