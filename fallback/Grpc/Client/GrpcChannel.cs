using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using Grpc.Core;
using Grpc.Core.Internal;
using Grpc.Net.Client.Internal;
using Grpc.Net.Compression;

namespace Grpc.Net.Client;

/// <summary>A way to a server over HTTP/2. Long-lived and safe for use by many threads; clients are cheap, channels are not.</summary>
public sealed class GrpcChannel : ChannelBase, IDisposable
{
    private readonly ConcurrentDictionary<IMethod, Uri> _uris = new();
    private readonly CancellationTokenSource _shutdown = new();
    private readonly HttpMessageInvoker _invoker;
    private readonly bool _ownsInvoker;
    private readonly Uri _address;
    private int _disposed;

    private GrpcChannel(Uri address, GrpcChannelOptions options)
        : base(address.Authority)
    {
        _address = address;
        Options = options;
        CheckSecurity(address, options);
        if (options is { HttpClient: not null, HttpHandler: not null })
        {
            throw new ArgumentException($"{nameof(GrpcChannelOptions.HttpClient)} and {nameof(GrpcChannelOptions.HttpHandler)} have been configured. Only one HTTP caller can be specified.");
        }

        _ownsInvoker = options is { HttpClient: null, HttpHandler: null } || options.DisposeHttpClient;
        _invoker = options.HttpClient ?? new HttpMessageInvoker(
            options.HttpHandler ?? new SocketsHttpHandler { EnableMultipleHttp2Connections = true }, _ownsInvoker);
        foreach (var provider in options.CompressionProviders ?? [
            new GzipCompressionProvider(CompressionLevel.Fastest), new DeflateCompressionProvider(CompressionLevel.Fastest)])
        {
            Providers[provider.EncodingName] = provider;
        }

        AcceptedEncodings = string.Join(',', Providers.Keys.Prepend(WireNames.Identity));
        ShutdownToken = _shutdown.Token;
        HttpVersion = options.HttpVersion ?? System.Net.HttpVersion.Version20;
        VersionPolicy = options.HttpVersionPolicy
            ?? (options.HttpVersion is null ? HttpVersionPolicy.RequestVersionExact : HttpVersionPolicy.RequestVersionOrLower);
    }

    internal GrpcChannelOptions Options { get; }

    internal Dictionary<string, ICompressionProvider> Providers { get; } = new(StringComparer.Ordinal);

    internal string AcceptedEncodings { get; }

    /// <summary>Fires when the channel is disposed; ends its calls.</summary>
    internal CancellationToken ShutdownToken { get; }

    internal Version HttpVersion { get; }

    internal HttpVersionPolicy VersionPolicy { get; }

    /// <summary>Whether call credentials may be sent.</summary>
    internal bool IsTrusted => _address.Scheme == Uri.UriSchemeHttps || Options.UnsafeUseInsecureChannelCallCredentials;

    public static GrpcChannel ForAddress(string address) => ForAddress(address, new GrpcChannelOptions());

    public static GrpcChannel ForAddress(string address, GrpcChannelOptions channelOptions) => ForAddress(new Uri(address), channelOptions);

    public static GrpcChannel ForAddress(Uri address) => ForAddress(address, new GrpcChannelOptions());

    public static GrpcChannel ForAddress(Uri address, GrpcChannelOptions channelOptions)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(channelOptions);
        return new GrpcChannel(address, channelOptions);
    }

    public override CallInvoker CreateCallInvoker()
    {
        ObjectDisposedException.ThrowIf(_disposed == 1, this);
        return new HttpCallInvoker(this);
    }

    /// <summary>Ends the calls under way and closes the connections.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        _shutdown.Cancel();
        if (_ownsInvoker)
        {
            _invoker.Dispose();
        }

        _shutdown.Dispose();
    }

    protected override Task ShutdownAsyncCore()
    {
        Dispose();
        return Task.CompletedTask;
    }

    internal void CheckNotDisposed() => ObjectDisposedException.ThrowIf(_disposed == 1, this);

    internal Uri UriOf(IMethod method) =>
        _uris.TryGetValue(method, out var uri) ? uri : _uris.GetOrAdd(method, new Uri(_address, method.FullName));

    internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _invoker is HttpClient client
            ? client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            : _invoker.SendAsync(request, cancellationToken);

    private static void CheckSecurity(Uri address, GrpcChannelOptions options)
    {
        if (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)
        {
            throw new ArgumentException($"No address resolver configured for the scheme '{address.Scheme}'; use `http` or `https`.", nameof(address));
        }

        if (options.Credentials is not { } credentials)
        {
            return;
        }

        if (!credentials.IsSecure && address.Scheme != Uri.UriSchemeHttp)
        {
            throw new InvalidOperationException($"Channel is configured with insecure channel credentials and can't use a HttpClient with a '{address.Scheme}' scheme.");
        }

        if (credentials.IsSecure && address.Scheme != Uri.UriSchemeHttps)
        {
            throw new InvalidOperationException($"Channel is configured with secure channel credentials and can't use a HttpClient with a '{address.Scheme}' scheme.");
        }

        if (!credentials.IsSecure && credentials.CallCredentials is not null && !options.UnsafeUseInsecureChannelCallCredentials)
        {
            throw new InvalidOperationException("CallCredentials can't be composed with InsecureCredentials. CallCredentials must be used with secure channel credentials like SslCredentials.");
        }
    }
}
