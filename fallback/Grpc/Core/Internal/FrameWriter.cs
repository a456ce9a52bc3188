using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using Grpc.Net.Compression;

namespace Grpc.Core.Internal;

/// <summary>Takes messages from a marshaller and puts them, framed, into a buffer. Used again for every message of a call.</summary>
internal sealed class FrameWriter : SerializationContext, IDisposable
{
    private IBufferWriter<byte> _target = null!;
    private ICompressionProvider? _compression;
    private CompressionLevel? _level;
    private int? _maxSize;
    private int? _announced;
    private PooledBuffer? _buffer;
    private bool _direct;
    private bool _complete;

    /// <summary>Writes one message.</summary>
    /// <param name="compression">Compresses the message; null sends it as it is.</param>
    /// <param name="maxSize">Bytes of the uncompressed message allowed; null is no limit.</param>
    internal void Write<T>(
        T message,
        Action<T, SerializationContext> serialize,
        IBufferWriter<byte> target,
        ICompressionProvider? compression,
        CompressionLevel? level,
        int? maxSize)
    {
        _target = target;
        _compression = compression;
        _level = level;
        _maxSize = maxSize;
        _announced = null;
        _direct = false;
        _complete = false;
        _buffer?.Clear();
        serialize(message, this);
        if (!_complete)
        {
            throw new InvalidOperationException("the serializer did not call `Complete`");
        }
    }

    public override void SetPayloadLength(int payloadLength)
    {
        CheckNotComplete();
        CheckSize(payloadLength);
        _announced = payloadLength;
    }

    public override IBufferWriter<byte> GetBufferWriter()
    {
        CheckNotComplete();
        if (_announced is { } length && _compression is null)
        {
            if (!_direct)
            {
                WriteHeader(length, compressed: false);
                _direct = true;
            }

            return _target;
        }

        return _buffer ??= new PooledBuffer();
    }

    public override void Complete()
    {
        CheckNotComplete();
        _complete = true;
        if (!_direct)
        {
            WriteWhole(_buffer is null ? default : _buffer.Written);
        }
    }

    public override void Complete(byte[] payload)
    {
        CheckNotComplete();
        _complete = true;
        WriteWhole(payload);
    }

    public void Dispose() => _buffer?.Dispose();

    private void WriteWhole(ReadOnlyMemory<byte> payload)
    {
        CheckSize(payload.Length);

        // Some clients (grpc-js) cannot unpack the nothing that a compressor makes of nothing.
        if (_compression is null || payload.IsEmpty)
        {
            WriteHeader(payload.Length, compressed: false);
            _target.Write(payload.Span);
            return;
        }

        using var compressed = new MemoryStream();
        using (var stream = _compression.CreateCompressionStream(compressed, _level))
        {
            stream.Write(payload.Span);
        }

        var bytes = compressed.ToArray();
        WriteHeader(bytes.Length, compressed: true);
        _target.Write(bytes);
    }

    private void WriteHeader(int length, bool compressed)
    {
        var header = _target.GetSpan(FrameReading.HeaderSize);
        header[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(header[1..], length);
        _target.Advance(FrameReading.HeaderSize);
    }

    private void CheckSize(int length)
    {
        if (length > _maxSize)
        {
            throw new RpcException(new Status(
                StatusCode.ResourceExhausted, "Sending message exceeds the maximum configured message size."));
        }
    }

    private void CheckNotComplete()
    {
        if (_complete)
        {
            throw new InvalidOperationException("the message is already complete");
        }
    }
}
