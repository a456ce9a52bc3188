using System.Net.Sockets;
using Grpc.Core;
using Grpc.Core.Internal;
using Grpc.Net.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>One call on the server: its context for the service method, and how it ends.</summary>
internal sealed partial class ServerCall(HttpContext http, MethodOptions options, ILogger logger) : ServerCallContext, IServerCallContextFeature
{
    private static readonly AuthContext Unauthenticated = new(null, []);

    private FrameWriter? _frames;
    private PayloadContext? _payload;
    private Metadata? _requestHeaders;
    private Metadata? _responseTrailers;
    private Status _status;
    private string? _peer;
    private CallDeadline? _deadline;
    private ICompressionProvider? _responseCompression;

    public ServerCallContext ServerCallContext => this;

    internal HttpContext HttpContext { get; } = http;

    internal MethodOptions Options { get; } = options;

    internal FrameWriter Frames => _frames ??= new FrameWriter();

    internal PayloadContext Payload => _payload ??= new PayloadContext();

    /// <summary>The deadline's answer has begun; nothing else may be sent.</summary>
    internal bool IsOver => _deadline is { IsExceeded: true };

    /// <summary>Held by whoever puts something into the response, so that the deadline does not answer at the same time; null where there is no deadline.</summary>
    internal Lock? Gate => _deadline?.Gate;

    protected override string MethodCore => HttpContext.Request.Path.Value!;

    protected override string HostCore => HttpContext.Request.Host.Value!;

    protected override string PeerCore => _peer ??= DescribePeer(HttpContext.Connection);

    protected override DateTime DeadlineCore => _deadline?.Deadline ?? DateTime.MaxValue;

    protected override Metadata RequestHeadersCore => _requestHeaders ??= Protocol.ReadHeaders(HttpContext.Request.Headers);

    protected override CancellationToken CancellationTokenCore => _deadline?.Token ?? HttpContext.RequestAborted;

    protected override Metadata ResponseTrailersCore => _responseTrailers ??= [];

    protected override Status StatusCore
    {
        get => _status;
        set => _status = value;
    }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore => Unauthenticated;

    /// <summary>Reads what the request headers ask for: deadline and compression.</summary>
    internal void Begin()
    {
        var headers = HttpContext.Request.Headers;
        if (headers.TryGetValue(WireNames.Timeout, out var text))
        {
            if (Timeouts.TryParse(text, out var timeout) && timeout > TimeSpan.Zero)
            {
                _deadline = new CallDeadline(this, timeout);
            }
            else
            {
                LogInvalidTimeout(logger, text.ToString());
            }
        }

        if (Options.ResponseEncoding is { } encoding and not WireNames.Identity && Protocol.Accepts(HttpContext.Request, encoding))
        {
            Compress(encoding);
        }
    }

    /// <summary>Compression of the next message sent.</summary>
    internal ICompressionProvider? CompressionOf(WriteOptions? writeOptions) =>
        _responseCompression is null || writeOptions?.Flags.HasFlag(WriteFlags.NoCompress) is true ? null : _responseCompression;

    /// <summary>How compressed requests are unpacked.</summary>
    internal ICompressionProvider RequestCompression()
    {
        var encoding = HttpContext.Request.Headers[WireNames.Encoding].ToString();
        if (encoding.Length == 0 || encoding == WireNames.Identity)
        {
            throw new RpcException(new Status(StatusCode.Internal, encoding.Length == 0
                ? "Request did not include grpc-encoding value with compressed message."
                : "Request sent 'identity' grpc-encoding value with compressed message."));
        }

        if (Options.Providers.TryGetValue(encoding, out var provider))
        {
            return provider;
        }

        if (!HttpContext.Response.HasStarted)
        {
            HttpContext.Response.Headers[WireNames.AcceptEncoding] = Options.AcceptedEncodings;
        }

        throw new RpcException(new Status(
            StatusCode.Unimplemented,
            $"Unsupported grpc-encoding value '{encoding}'. Supported encodings: {string.Join(", ", Options.Providers.Keys)}"));
    }

    /// <summary>The method has returned: sends status and trailers.</summary>
    internal Task EndAsync()
    {
        if (_deadline is null)
        {
            SendStatus();
            _frames?.Dispose();
            return Task.CompletedTask;
        }

        return EndWithDeadlineAsync();
    }

    /// <summary>The method, or reading and writing around it, has failed.</summary>
    internal Task FailAsync(Exception exception, string method)
    {
        if (exception is RpcException rpc)
        {
            LogStatus(logger, rpc.StatusCode, rpc.Status.Detail, rpc.Status.DebugException);
            foreach (var entry in rpc.Trailers)
            {
                ResponseTrailers.Add(entry);
            }

            _status = rpc.Status;
            return EndAsync();
        }

        if (exception is OperationCanceledException || (exception is IOException && CancellationTokenCore.IsCancellationRequested))
        {
            LogCanceled(logger, method, exception);
        }
        else
        {
            LogError(logger, method, exception);
        }

        const string detail = "Exception was thrown by handler.";
        _status = new Status(
            StatusCode.Unknown, Options.DetailedErrors ? detail + " " + ErrorText.Of(exception) : detail, exception);
        return EndAsync();
    }

    /// <summary>The deadline has passed: answers at once, whatever the method is doing.</summary>
    internal async Task ExceedDeadlineAsync()
    {
        // The method may fail in this moment, with a status of its own.
        var status = new Status(StatusCode.DeadlineExceeded, "Deadline Exceeded");
        _status = status;
        Protocol.SetStatus(Protocol.TrailersOf(HttpContext.Response), status);
        if (HttpContext.Features.Get<IHttpResponseBodyFeature>() is { } body)
        {
            await body.CompleteAsync();
        }

        // Wakes a method that waits for the next request. No reset of the stream: it could overtake the answer.
        HttpContext.Request.BodyReader.CancelPendingRead();
    }

    protected override async Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        ArgumentNullException.ThrowIfNull(responseHeaders);
        if (HttpContext.Response.HasStarted)
        {
            throw new InvalidOperationException("Response headers can only be sent once per call.");
        }

        foreach (var entry in responseHeaders)
        {
            if (entry.Key == WireNames.EncodingRequest)
            {
                Compress(entry.Value);
            }
            else
            {
                HttpContext.Response.Headers.Append(entry.Key, entry.ToHeaderValue());
            }
        }

        await HttpContext.Response.BodyWriter.FlushAsync();
    }

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
        throw new NotSupportedException("CreatePropagationToken will be implemented in a future version.");

    private static string DescribePeer(ConnectionInfo connection) => connection.RemoteIpAddress?.AddressFamily switch
    {
        null => "unknown",
        AddressFamily.InterNetwork => $"ipv4:{connection.RemoteIpAddress}:{connection.RemotePort}",
        AddressFamily.InterNetworkV6 => $"ipv6:[{connection.RemoteIpAddress}]:{connection.RemotePort}",
        _ => $"unknown:{connection.RemoteIpAddress}:{connection.RemotePort}",
    };

    private async Task EndWithDeadlineAsync()
    {
        if (_deadline!.TryComplete())
        {
            SendStatus();
        }
        else
        {
            await _deadline.Answered;
        }

        await _deadline.DisposeAsync();
        _frames?.Dispose();
    }

    private void SendStatus()
    {
        var destination = Protocol.TrailersOf(HttpContext.Response);
        if (_responseTrailers is not null)
        {
            foreach (var entry in _responseTrailers)
            {
                destination.Append(entry.Key, entry.ToHeaderValue());
            }
        }

        Protocol.SetStatus(destination, _status);
    }

    private void Compress(string encoding)
    {
        _responseCompression = encoding == WireNames.Identity ? null
            : Options.Providers.TryGetValue(encoding, out var provider) ? provider
            : throw new InvalidOperationException($"No compression provider found for response encoding '{encoding}'.");
        HttpContext.Response.Headers[WireNames.Encoding] = encoding;
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "Error when executing service method `{Method}`")]
    private static partial void LogError(ILogger logger, string method, Exception exception);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Service method `{Method}` was canceled")]
    private static partial void LogCanceled(ILogger logger, string method, Exception exception);

    [LoggerMessage(EventId = 3, Level = LogLevel.Information, Message = "Call ended with {Code}: {Detail}")]
    private static partial void LogStatus(ILogger logger, StatusCode code, string detail, Exception? exception);

    [LoggerMessage(EventId = 4, Level = LogLevel.Debug, Message = "Invalid grpc-timeout header `{Timeout}` is ignored")]
    private static partial void LogInvalidTimeout(ILogger logger, string timeout);
}
