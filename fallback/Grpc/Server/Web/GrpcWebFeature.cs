using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text;
using Grpc.Core.Internal;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.AspNetCore.Web.Internal;

/// <summary>
/// The request and response bodies of a gRPC-Web call. Trailers become a last frame of the response's body, because browsers
/// do not show HTTP trailers; in text mode both bodies are base64.
/// </summary>
internal sealed class GrpcWebFeature : IRequestBodyPipeFeature, IHttpResponseBodyFeature, IHttpResponseTrailersFeature, IDisposable
{
    private const byte TrailerFlag = 0x80;

    private readonly HttpContext _context;
    private readonly IHttpResponseBodyFeature _body;
    private readonly IRequestBodyPipeFeature? _request;
    private readonly IHttpResponseTrailersFeature? _innerTrailers;
    private readonly Base64PipeWriter? _text;
    private bool _finished;

    internal GrpcWebFeature(HttpContext context, bool readsText, bool writesText)
    {
        _context = context;
        _body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        _request = context.Features.Get<IRequestBodyPipeFeature>();
        _innerTrailers = context.Features.Get<IHttpResponseTrailersFeature>();
        _text = writesText ? new Base64PipeWriter(_body.Writer) : null;
        Writer = _text ?? _body.Writer;
        Reader = readsText ? PipeReader.Create(new Base64ReadStream(context.Request.Body)) : context.Request.BodyReader;
        context.Features.Set<IHttpResponseBodyFeature>(this);
        context.Features.Set<IHttpResponseTrailersFeature>(this);
        context.Features.Set<IRequestBodyPipeFeature>(this);
    }

    public PipeReader Reader { get; }

    public PipeWriter Writer { get; }

    public Stream Stream => Writer.AsStream();

    public IHeaderDictionary Trailers { get; set; } = new HeaderDictionary();

    public void DisableBuffering() => _body.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => _body.StartAsync(cancellationToken);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("a gRPC-Web call sends no files");

    public async Task CompleteAsync()
    {
        await FinishAsync();
        await _body.CompleteAsync();
    }

    public void Dispose() => _text?.Dispose();

    /// <summary>Writes the trailers behind the messages, once. An answer that is all headers has them there.</summary>
    internal async Task FinishAsync()
    {
        if (_finished)
        {
            return;
        }

        _finished = true;
        if (Trailers.Count > 0)
        {
            WriteTrailers();
        }

        if (_text is not null || Trailers.Count > 0)
        {
            await Writer.FlushAsync();
        }
    }

    internal void Detach()
    {
        _context.Features.Set(_body);
        _context.Features.Set(_innerTrailers);
        _context.Features.Set(_request);
    }

    private void WriteTrailers()
    {
        var text = new StringBuilder();
        foreach (var (name, values) in Trailers)
        {
            foreach (var value in values)
            {
#pragma warning disable CA1308 // the protocol's names are lower case
                text.Append(name.ToLowerInvariant()).Append(": ").Append(value).Append("\r\n");
#pragma warning restore CA1308
            }
        }

        var bytes = Encoding.ASCII.GetBytes(text.ToString());
        var header = Writer.GetSpan(FrameReading.HeaderSize);
        header[0] = TrailerFlag;
        BinaryPrimitives.WriteInt32BigEndian(header[1..], bytes.Length);
        Writer.Advance(FrameReading.HeaderSize);
        Writer.Write(bytes);
    }
}
