using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Core.Internal;

namespace Grpc.Net.Client.Internal;

/// <summary>The one message of a unary request. Serialized when first sent, kept for a resend by the handler.</summary>
internal sealed class UnaryContent<TRequest> : HttpContent
    where TRequest : class
{
    internal static readonly MediaTypeHeaderValue GrpcType = new(WireNames.ContentType);

    private readonly TRequest _message;
    private readonly Marshaller<TRequest> _marshaller;
    private readonly ClientCall _call;

    internal UnaryContent(TRequest message, Marshaller<TRequest> marshaller, ClientCall call)
    {
        ArgumentNullException.ThrowIfNull(message);
        _message = message;
        _marshaller = marshaller;
        _call = call;
        Headers.ContentType = GrpcType;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using var buffer = new PooledBuffer();
        _call.Write(_message, _marshaller, buffer, _call.Options.WriteOptions);
        await stream.WriteAsync(buffer.Written, cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = -1;
        return false;
    }
}

/// <summary>The body of a streaming request: lends its stream to the writer and ends when the writer does.</summary>
internal sealed class PushContent : HttpContent
{
    private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal PushContent() => Headers.ContentType = UnaryContent<object>.GrpcType;

    /// <summary>Ends when the request headers are out; fails when the call ends before.</summary>
    internal Task<Stream> Stream => _stream.Task;

    internal void End() => _end.TrySetResult();

    internal void Abandon(Exception cause)
    {
        if (_stream.TrySetException(cause))
        {
            _ = _stream.Task.Exception;
        }

        _end.TrySetResult();
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // The headers go out now: the server may answer before the first message.
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        _stream.TrySetResult(stream);
        await _end.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = -1;
        return false;
    }
}
