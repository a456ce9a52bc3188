using Grpc.Core;
using Grpc.Net.Compression;

namespace Grpc.Net.Client;

/// <summary>How a channel connects and what its calls may carry.</summary>
public sealed class GrpcChannelOptions
{
    /// <summary>Default: what the address's scheme says, cleartext for <c>http</c> and TLS for <c>https</c>.</summary>
    public ChannelCredentials? Credentials { get; set; }

    /// <summary>Largest message sent, in bytes; null is no limit. Default: null.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>Largest message received, in bytes; null is no limit. Default: 4 MB.</summary>
    public int? MaxReceiveMessageSize { get; set; } = 4 * 1024 * 1024;

    /// <summary>Default: null, gzip and deflate.</summary>
    public IList<ICompressionProvider>? CompressionProviders { get; set; }

    /// <summary>The client requests go through. Not together with <see cref="HttpHandler"/>.</summary>
    public HttpClient? HttpClient { get; set; }

    /// <summary>The handler requests go through. Default: a sockets handler that opens more connections when one is full.</summary>
    public HttpMessageHandler? HttpHandler { get; set; }

    /// <summary>The channel's end disposes the client or handler given above. Default: false.</summary>
    public bool DisposeHttpClient { get; set; }

    /// <summary>A cancelled call throws <see cref="OperationCanceledException"/> instead of <see cref="RpcException"/>. Default: false.</summary>
    public bool ThrowOperationCanceledOnCancellation { get; set; }

    /// <summary>Sends call credentials over cleartext too. Default: false.</summary>
    public bool UnsafeUseInsecureChannelCallCredentials { get; set; }

    /// <summary>Default: 2.0.</summary>
    public Version? HttpVersion { get; set; }

    /// <summary>Default: exactly the version asked for.</summary>
    public HttpVersionPolicy? HttpVersionPolicy { get; set; }
}
