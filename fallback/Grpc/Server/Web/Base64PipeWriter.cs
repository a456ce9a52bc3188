using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using Grpc.Core.Internal;

namespace Grpc.AspNetCore.Web.Internal;

/// <summary>Collects bytes and passes them on as base64 at each flush, padded there.</summary>
internal sealed class Base64PipeWriter(PipeWriter inner) : PipeWriter, IDisposable
{
    private readonly PooledBuffer _bytes = new();

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _bytes.Length;

    public override void Advance(int bytes) => _bytes.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => _bytes.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _bytes.GetSpan(sizeHint);

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null)
    {
        Encode();
        inner.Complete(exception);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        Encode();
        return inner.FlushAsync(cancellationToken);
    }

    public void Dispose() => _bytes.Dispose();

    private void Encode()
    {
        if (_bytes.Length == 0)
        {
            return;
        }

        var text = inner.GetSpan(Base64.GetMaxEncodedToUtf8Length(_bytes.Length));
        Base64.EncodeToUtf8(_bytes.Written.Span, text, out _, out var written);
        inner.Advance(written);
        _bytes.Clear();
    }
}
