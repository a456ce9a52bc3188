using System.Buffers;
using System.Buffers.Binary;
using Grpc.Net.Compression;

namespace Grpc.Core.Internal;

/// <summary>Messages on the wire: one byte that says whether it is compressed, four of length (big-endian), the payload.</summary>
internal static class FrameReading
{
    internal const int HeaderSize = 5;

    /// <summary>Takes one message off the front of the buffer. False: it is not all there yet.</summary>
    internal static bool TryRead(
        ref ReadOnlySequence<byte> buffer, int? maxSize, out bool compressed, out ReadOnlySequence<byte> payload)
    {
        compressed = false;
        payload = default;
        if (buffer.Length < HeaderSize)
        {
            return false;
        }

        Span<byte> header = stackalloc byte[HeaderSize];
        buffer.Slice(0, HeaderSize).CopyTo(header);
        if (header[0] > 1)
        {
            throw new RpcException(new Status(StatusCode.Internal, "Unexpected compressed flag value in message header."));
        }

        compressed = header[0] == 1;
        var length = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        if (length > (uint)(maxSize ?? int.MaxValue - HeaderSize))
        {
            throw TooLarge();
        }

        if (buffer.Length < HeaderSize + length)
        {
            return false;
        }

        payload = buffer.Slice(HeaderSize, length);
        buffer = buffer.Slice(payload.End);
        return true;
    }

    internal static void Decompress(
        in ReadOnlySequence<byte> payload, ICompressionProvider provider, int? maxSize, PooledBuffer target)
    {
        var rented = ArrayPool<byte>.Shared.Rent((int)payload.Length);
        try
        {
            payload.CopyTo(rented);
            using var source = provider.CreateDecompressionStream(new MemoryStream(rented, 0, (int)payload.Length, writable: false));
            int read;
            while ((read = source.Read(target.GetSpan(4096))) > 0)
            {
                target.Advance(read);
                if (target.Length > maxSize)
                {
                    throw TooLarge();
                }
            }
        }
        catch (InvalidDataException exception)
        {
            throw new RpcException(new Status(StatusCode.Internal, "Failed to decompress the message.", exception));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static RpcException TooLarge() =>
        new(new Status(StatusCode.ResourceExhausted, "Received message exceeds the maximum configured message size."));
}

/// <summary>Hands a payload to a marshaller. Used again for every message of a call.</summary>
internal sealed class PayloadContext : DeserializationContext
{
    private ReadOnlySequence<byte> _payload;

    public override int PayloadLength => (int)_payload.Length;

    public override byte[] PayloadAsNewBuffer() => _payload.ToArray();

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => _payload;

    internal T Parse<T>(in ReadOnlySequence<byte> payload, Func<DeserializationContext, T> parse)
    {
        _payload = payload;
        try
        {
            return parse(this);
        }
        finally
        {
            _payload = default;
        }
    }
}
