using Grpc.Core;
using Grpc.Core.Internal;

namespace Grpc.Net.Client.Internal;

/// <summary>The requests of a streaming call. A write ends when the transport has taken the message.</summary>
internal sealed class RequestStream<TRequest>(ClientCall call, Marshaller<TRequest> marshaller, WriteOptions? writeOptions)
    : IClientStreamWriter<TRequest>
    where TRequest : class
{
    private int _writing;
    private volatile bool _complete;

    public WriteOptions? WriteOptions { get; set; } = writeOptions;

    internal PushContent Content { get; } = new();

    public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (_complete)
        {
            throw new InvalidOperationException("Request stream has already been completed.");
        }

        if (call.TryGetEnd(out var status))
        {
            throw call.ExceptionOf(status);
        }

        if (Interlocked.Exchange(ref _writing, 1) == 1)
        {
            throw new InvalidOperationException("Can't write the message because the previous write is in progress.");
        }

        using var registration = cancellationToken.UnsafeRegister(static owner => ((ClientCall)owner!).Cancel(), call);
        try
        {
            var stream = await Content.Stream.ConfigureAwait(false);
            using var buffer = new PooledBuffer();
            call.Write(message, marshaller, buffer, WriteOptions);
            await stream.WriteAsync(buffer.Written, call.Token).ConfigureAwait(false);
            await stream.FlushAsync(call.Token).ConfigureAwait(false);
        }
        catch (RpcException)
        {
            throw;
        }
        catch (Exception exception)
        {
            throw call.ExceptionOfWrite(exception);
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }

    public Task CompleteAsync()
    {
        if (Volatile.Read(ref _writing) == 1)
        {
            return Task.FromException(new InvalidOperationException(
                "Can't complete the client stream writer because the previous write is in progress."));
        }

        _complete = true;
        Content.End();
        return Task.CompletedTask;
    }
}

/// <summary>The responses of a streaming call.</summary>
internal sealed class ResponseStream<TRequest, TResponse>(ClientCall<TRequest, TResponse> call) : IAsyncStreamReader<TResponse>
    where TRequest : class
    where TResponse : class
{
    private int _reading;

    public TResponse Current { get; private set; } = null!;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _reading, 1) == 1)
        {
            throw new InvalidOperationException("Can't read the next message because the previous read is still in progress.");
        }

        try
        {
            Current = null!;
            var message = await call.ReadAsync(cancellationToken).ConfigureAwait(false);
            Current = message!;
            return message is not null;
        }
        finally
        {
            Volatile.Write(ref _reading, 0);
        }
    }
}
