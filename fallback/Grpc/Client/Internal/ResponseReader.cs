using System.Buffers;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Core.Internal;

namespace Grpc.Net.Client.Internal;

/// <summary>Messages out of a response body. Reads as much as there is and keeps what belongs to the next message.</summary>
internal sealed class ResponseReader(Stream stream, GrpcChannel channel, string? encoding) : IDisposable
{
    private const int FirstSize = 2048;

    private readonly PayloadContext _payload = new();
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(FirstSize);
    private int _start;
    private int _end;
    private bool _atEnd;

    /// <summary>The next message; null at the end of the response.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<T?> ReadAsync<T>(Func<DeserializationContext, T> parse, CancellationToken cancellationToken)
        where T : class
    {
        while (true)
        {
            if (_end > _start && TryTake(parse, out var message))
            {
                return message;
            }

            if (_atEnd)
            {
                return _end == _start ? null : throw Error("Incomplete message.");
            }

            MakeRoom();
            var read = await stream.ReadAsync(_bytes.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            _end += read;
            _atEnd = read == 0;
        }
    }

    /// <summary>Reads to the end, where the trailers are; more messages are an error.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    internal async ValueTask ReadEndAsync(CancellationToken cancellationToken)
    {
        if (_end == _start && !_atEnd)
        {
            _start = _end = 0;
            _end = await stream.ReadAsync(_bytes, cancellationToken).ConfigureAwait(false);
        }

        if (_end > _start)
        {
            throw Error("Unexpected data after finished reading message.");
        }
    }

    public void Dispose()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
            _start = _end = 0;
        }
    }

    private static RpcException Error(string detail) => new(new Status(StatusCode.Internal, detail));

    private bool TryTake<T>(Func<DeserializationContext, T> parse, out T? message)
        where T : class
    {
        var buffer = new ReadOnlySequence<byte>(_bytes, _start, _end - _start);
        if (!FrameReading.TryRead(ref buffer, channel.Options.MaxReceiveMessageSize, out var compressed, out var payload))
        {
            message = null;
            return false;
        }

        message = compressed ? ParseCompressed(payload, parse) : _payload.Parse(payload, parse);
        _start = _end - (int)buffer.Length;
        return message is null ? throw Error("Failed to deserialize response message.") : true;
    }

    private T ParseCompressed<T>(in ReadOnlySequence<byte> payload, Func<DeserializationContext, T> parse)
    {
        if (encoding is null or WireNames.Identity)
        {
            throw Error("Response did not include grpc-encoding value with compressed message.");
        }

        if (!channel.Providers.TryGetValue(encoding, out var provider))
        {
            throw new RpcException(new Status(
                StatusCode.Unimplemented,
                $"Unsupported grpc-encoding value '{encoding}'. Supported encodings: {string.Join(", ", channel.Providers.Keys)}"));
        }

        using var unpacked = new PooledBuffer();
        FrameReading.Decompress(payload, provider, channel.Options.MaxReceiveMessageSize, unpacked);
        return _payload.Parse(new ReadOnlySequence<byte>(unpacked.Written), parse);
    }

    private void MakeRoom()
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }

        if (_end < _bytes.Length)
        {
            return;
        }

        var target = _start > 0 ? _bytes : ArrayPool<byte>.Shared.Rent(checked(_bytes.Length * 2));
        _bytes.AsSpan(_start, _end - _start).CopyTo(target);
        if (target != _bytes)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = target;
        }

        _end -= _start;
        _start = 0;
    }
}
