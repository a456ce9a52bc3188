using System.Globalization;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Core.Internal;
using Grpc.Net.Compression;

namespace Grpc.Net.Client.Internal;

/// <summary>What a call is whatever its messages: its options, its end, its headers and trailers.</summary>
internal abstract class ClientCall : IDisposable
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(24);

    private readonly IMethod _method;
    private readonly string? _host;
    private readonly CancellationTokenSource _cancellation;
    private readonly Timer? _timer;
    private readonly Lock _lock = new();
    private readonly ICompressionProvider? _compression;

    private HttpResponseMessage? _response;
    private TaskCompletionSource<Metadata>? _headers;
    private Metadata? _trailers;
    private Status _status;
    private bool _ended;
    private volatile bool _deadlinePassed;

    protected ClientCall(GrpcChannel channel, IMethod method, string? host, CallOptions options)
    {
        channel.CheckNotDisposed();
        if (options.Deadline is { Kind: not DateTimeKind.Utc } deadline && deadline != DateTime.MaxValue && deadline != DateTime.MinValue)
        {
            throw new InvalidOperationException("Deadline must have a kind DateTimeKind.Utc or be equal to DateTime.MaxValue or DateTime.MinValue.");
        }

        Channel = channel;
        Options = options;
        _method = method;
        _host = host;
        _compression = FindCompression(channel, options.Headers);
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(channel.ShutdownToken, options.CancellationToken);
        Token = _cancellation.Token;
        if (options.Deadline is { } due && due != DateTime.MaxValue)
        {
            _timer = new Timer(static self => ((ClientCall)self!).Tick(), this, Timeout.Infinite, Timeout.Infinite);
            Tick();
        }
    }

    internal GrpcChannel Channel { get; }

    internal CallOptions Options { get; }

    /// <summary>Fires on cancellation, deadline, disposal and the end of the channel.</summary>
    internal CancellationToken Token { get; }

    /// <summary>The request body of a call that streams; ended with the call.</summary>
    internal PushContent? Requests { get; set; }

    public void Dispose()
    {
        Finish(new Status(StatusCode.Cancelled, "gRPC call disposed."), null, out var first);
        if (first)
        {
            _cancellation.Cancel();
            Release();
        }
    }

    internal Status GetStatus()
    {
        lock (_lock)
        {
            return _ended ? _status : throw new InvalidOperationException("Unable to get the status because the call is not complete.");
        }
    }

    internal Metadata GetTrailers()
    {
        lock (_lock)
        {
            return _ended
                ? _trailers ?? []
                : throw new InvalidOperationException("Can't get the call trailers because the call has not completed successfully.");
        }
    }

    internal Task<Metadata> GetHeadersAsync()
    {
        lock (_lock)
        {
            if (_headers is null)
            {
                _headers = new(TaskCreationOptions.RunContinuationsAsynchronously);
                if (_response is not null)
                {
                    _headers.SetResult(ClientHeaders.Read(_response.Headers));
                }
                else if (_ended)
                {
                    Fail(_headers, ExceptionOf(_status));
                }
            }

            return _headers.Task;
        }
    }

    /// <summary>Frames a message into the buffer, compressed where this call is.</summary>
    internal void Write<T>(T message, Marshaller<T> marshaller, PooledBuffer target, WriteOptions? writeOptions)
    {
        using var frames = new FrameWriter();
        var compression = writeOptions?.Flags.HasFlag(WriteFlags.NoCompress) is true ? null : _compression;
        frames.Write(message, marshaller.ContextualSerializer, target, compression, null, Channel.Options.MaxSendMessageSize);
    }

    /// <summary>Sends the request and waits for the response's headers. A status already in them ends the call.</summary>
    protected async Task<HttpResponseMessage> SendAsync(HttpContent content)
    {
        Token.ThrowIfCancellationRequested();
        var request = new HttpRequestMessage(HttpMethod.Post, Channel.UriOf(_method))
        {
            Version = Channel.HttpVersion,
            VersionPolicy = Channel.VersionPolicy,
            Content = content,
        };
        ClientHeaders.AddOwn(request.Headers, Channel, _compression, Options.Deadline);
        if (_host is not null)
        {
            request.Headers.Host = _host;
        }

        if (Options.Headers is { Count: > 0 } headers)
        {
            ClientHeaders.Add(request.Headers, headers);
        }

        if ((Options.Credentials ?? Channel.Options.Credentials?.CallCredentials) is not null && Channel.IsTrusted)
        {
            await AddCredentialsAsync(request).ConfigureAwait(false);
        }

        var response = await Channel.SendAsync(request, Token).ConfigureAwait(false);
        lock (_lock)
        {
            _response = response;
            _headers?.TrySetResult(ClientHeaders.Read(response.Headers));
        }

        return response;
    }

    /// <summary>Ends the call with the status its trailers say.</summary>
    protected Status FinishWithTrailers(HttpResponseMessage response)
    {
        var trailers = response.TrailingHeaders;
        var status = ClientHeaders.TryReadStatus(trailers, out var read)
            ? read
            : new Status(StatusCode.Cancelled, "No grpc-status found on response.");
        var final = Finish(status, ClientHeaders.Read(trailers), out var first);
        if (first)
        {
            Release();
        }

        return final;
    }

    protected Status Finish(Status status, Metadata? trailers)
    {
        var final = Finish(status, trailers, out var first);
        if (first)
        {
            Release();
        }

        return final;
    }

    /// <summary>Ends the call because of an exception and says what its caller is to be told.</summary>
    internal Exception FinishWith(Exception exception, string summary)
    {
        var status = exception is RpcException rpc ? rpc.Status
            : exception is OperationCanceledException || Token.IsCancellationRequested ? CancelStatus(exception)
            : ClientErrors.FromException(summary, exception);

        // Where the server's timer is quicker than ours, all that is seen here is a stream that breaks.
        if (exception is not (OperationCanceledException or RpcException) && IsPastDeadline())
        {
            status = new Status(StatusCode.DeadlineExceeded, "", exception);
        }

        // What is still under way on the wire is not wanted any more.
        var final = Finish(status, null, out var first);
        if (first)
        {
            _cancellation.Cancel();
            Release();
        }

        return exception is OperationCanceledException && Channel.Options.ThrowOperationCanceledOnCancellation
            ? new OperationCanceledException(exception.Message, exception, Options.CancellationToken.IsCancellationRequested ? Options.CancellationToken : Token)
            : ExceptionOf(final);
    }

    /// <summary>What a writer is told whose stream is broken. Where the server broke it, its status is still to be read.</summary>
    internal Exception ExceptionOfWrite(Exception exception)
    {
        const string summary = "Error writing message.";
        return exception is OperationCanceledException || Token.IsCancellationRequested || TryGetEnd(out _) ? FinishWith(exception, summary)
            : IsPastDeadline() ? ExceptionOf(new Status(StatusCode.DeadlineExceeded, "", exception))
            : exception is ObjectDisposedException
                ? ExceptionOf(new Status(StatusCode.Cancelled, "The server has ended the call; its status is behind its responses.", exception))
            : ExceptionOf(ClientErrors.FromException(summary, exception));
    }

    internal RpcException ExceptionOf(Status status) => new(status, _trailers ?? Metadata.Empty);

    internal bool TryGetEnd(out Status status)
    {
        lock (_lock)
        {
            status = _status;
            return _ended;
        }
    }

    /// <summary>Cancels the whole call; ends up in <see cref="FinishWith"/> of whoever is waiting.</summary>
    internal void Cancel()
    {
        if (!TryGetEnd(out _))
        {
            try
            {
                _cancellation.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The call ended in the same moment.
            }
        }
    }

    private static ICompressionProvider? FindCompression(GrpcChannel channel, Metadata? headers)
    {
        if (headers?.GetValue(WireNames.EncodingRequest) is not { } encoding || encoding == WireNames.Identity)
        {
            return null;
        }

        return channel.Providers.TryGetValue(encoding, out var provider)
            ? provider
            : throw new InvalidOperationException($"Could not find compression provider for '{encoding}'.");
    }

    private static void Fail(TaskCompletionSource<Metadata> target, Exception exception)
    {
        if (target.TrySetException(exception))
        {
            // Nobody has to wait for headers; unasked-for failures are not reported.
            _ = target.Task.Exception;
        }
    }

    private async Task AddCredentialsAsync(HttpRequestMessage request)
    {
        var own = Options.Credentials?.Interceptors ?? [];
        var ofChannel = Channel.Options.Credentials?.CallCredentials?.Interceptors ?? [];
        var uri = request.RequestUri!;
        var context = new AuthInterceptorContext(
            $"{uri.Scheme}://{uri.Authority}/{_method.ServiceName}", _method.Name, Token);
        foreach (var interceptor in ofChannel.Concat(own))
        {
            var added = new Metadata();
            await interceptor(context, added).ConfigureAwait(false);
            ClientHeaders.Add(request.Headers, added);
        }
    }

    private Status CancelStatus(Exception exception) => _deadlinePassed || IsPastDeadline() && !Options.CancellationToken.IsCancellationRequested
        ? new Status(StatusCode.DeadlineExceeded, "", exception)
        : new Status(StatusCode.Cancelled, "Call canceled by the client.", exception);

    private bool IsPastDeadline() => Options.Deadline is { } deadline && deadline <= DateTime.UtcNow;

    private Status Finish(Status status, Metadata? trailers, out bool first)
    {
        lock (_lock)
        {
            first = !_ended;
            if (first)
            {
                _ended = true;
                _status = status;
                _trailers = trailers;
                if (_headers is { Task.IsCompleted: false })
                {
                    Fail(_headers, ExceptionOf(status));
                }
            }

            return _status;
        }
    }

    private void Release()
    {
        Requests?.Abandon(ExceptionOf(_status));
        _timer?.Dispose();
        _response?.Dispose();
        _cancellation.Dispose();
    }

    private void Tick()
    {
        var left = Options.Deadline!.Value - DateTime.UtcNow;
        if (left > TimeSpan.Zero)
        {
            var due = left > LongestTimer ? LongestTimer : left;
            try
            {
                _timer!.Change((long)Math.Ceiling(due.TotalMilliseconds), Timeout.Infinite);
            }
            catch (ObjectDisposedException)
            {
                // The call ended in the same moment.
            }

            return;
        }

        _deadlinePassed = true;
        Cancel();
    }
}
