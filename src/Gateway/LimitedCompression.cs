using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Compression;

namespace Decisioning.Gateway;

/// <summary>Inflates messages of gRPC to the size that one may have, and no further: a megabyte may be a gigabyte within.</summary>
/// <param name="inner">How they are compressed.</param>
/// <param name="bytesMax">The most bytes of a message, inflated.</param>
internal sealed class LimitedCompression(ICompressionProvider inner, int bytesMax) : ICompressionProvider
{
    public string EncodingName => inner.EncodingName;

    public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) => inner.CreateCompressionStream(stream, compressionLevel);

    public Stream CreateDecompressionStream(Stream stream) => new Inflated(inner.CreateDecompressionStream(stream), bytesMax);

    private sealed class Inflated(Stream source, long bytesMax) : Stream
    {
        private long _left = bytesMax;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var read = source.Read(buffer);
            _left -= read;
            return _left >= 0 ? read : throw new RpcException(new Status(StatusCode.ResourceExhausted, "the message is larger inflated than one may be; send it in several calls"));
        }

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
                source.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
