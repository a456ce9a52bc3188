using System.Buffers.Binary;
using System.Net.Http.Headers;
using System.Text;
using Grpc.Core.Internal;

namespace Grpc.Net.Client.Web;

/// <summary>The messages of a gRPC-Web response, frame for frame; the last frame, with the trailers, goes where HTTP trailers do.</summary>
internal sealed class WebResponseStream(Stream inner, HttpResponseHeaders trailers) : Stream
{
    /// <summary>Trailers longer than this are not headers any more.</summary>
    private const int MaxTrailers = 64 * 1024;

    private readonly byte[] _header = new byte[FrameReading.HeaderSize];
    private int _headerSent = FrameReading.HeaderSize;
    private uint _left;
    private bool _atEnd;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_headerSent == FrameReading.HeaderSize && _left == 0 && !_atEnd)
        {
            await ReadHeaderAsync(cancellationToken).ConfigureAwait(false);
        }

        if (_atEnd)
        {
            return 0;
        }

        if (_headerSent < FrameReading.HeaderSize)
        {
            var count = Math.Min(buffer.Length, FrameReading.HeaderSize - _headerSent);
            _header.AsMemory(_headerSent, count).CopyTo(buffer);
            _headerSent += count;
            return count;
        }

        var read = await inner.ReadAsync(buffer[..(int)Math.Min(_left, (uint)buffer.Length)], cancellationToken).ConfigureAwait(false);
        _left -= (uint)read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask ReadHeaderAsync(CancellationToken cancellationToken)
    {
        var read = await inner.ReadAtLeastAsync(_header, _header.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (read == 0)
        {
            _atEnd = true;
            return;
        }

        if (read < _header.Length)
        {
            throw new InvalidDataException("the response ends within the header of a frame");
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(_header.AsSpan(1));
        if ((_header[0] & 0x80) == 0)
        {
            _headerSent = 0;
            _left = length;
            return;
        }

        if (length > MaxTrailers)
        {
            throw new InvalidDataException($"the trailers are longer than {MaxTrailers} bytes");
        }

        var text = new byte[length];
        await inner.ReadExactlyAsync(text, cancellationToken).ConfigureAwait(false);
        foreach (var line in Encoding.ASCII.GetString(text).Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                trailers.TryAddWithoutValidation(line[..colon], line[(colon + 1)..].Trim());
            }
        }

        _atEnd = true;
    }
}
