using System.Buffers;
using System.Buffers.Text;

namespace Grpc.Core.Internal;

/// <summary>The bytes behind a base64 text that may be padded wherever its sender flushed, as in grpc-web-text.</summary>
internal sealed class Base64ReadStream(Stream inner) : Stream
{
    private const int Quantum = 4;
    private const int ChunkSize = 4096;

    private readonly byte[] _text = new byte[ChunkSize];
    private readonly byte[] _decoded = new byte[ChunkSize / Quantum * 3];
    private int _textLength;
    private int _start;
    private int _end;

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
        while (_start == _end)
        {
            var read = await inner.ReadAsync(_text.AsMemory(_textLength), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return _textLength == 0 ? 0 : throw new InvalidDataException("the base64 text ends within a group of four");
            }

            _textLength += read;
            Decode();
        }

        var count = Math.Min(buffer.Length, _end - _start);
        _decoded.AsMemory(_start, count).CopyTo(buffer);
        _start += count;
        return count;
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

    private void Decode()
    {
        _start = _end = 0;
        var at = 0;
        while (_textLength - at >= Quantum)
        {
            // Up to and with the next group that is padded; what follows it is a text of its own.
            var text = _text.AsSpan(at, (_textLength - at) / Quantum * Quantum);
            var padding = text.IndexOf((byte)'=');
            var length = padding < 0 ? text.Length : (padding / Quantum + 1) * Quantum;
            if (Base64.DecodeFromUtf8(text[..length], _decoded.AsSpan(_end), out var consumed, out var written) != OperationStatus.Done)
            {
                throw new InvalidDataException("the body is not base64");
            }

            at += consumed;
            _end += written;
        }

        _text.AsSpan(at, _textLength - at).CopyTo(_text);
        _textLength -= at;
    }
}
