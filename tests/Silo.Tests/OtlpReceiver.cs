using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Decisioning.Silo.Tests;

/// <summary>A span as it came over OTLP, as much of it as is looked at.</summary>
internal sealed record ReceivedSpan(string Name, string TraceId, string SpanId, string ParentId, int Kind, IReadOnlyDictionary<string, string> Attributes, IReadOnlyList<string> Links);

/// <summary>Receives OTLP over HTTP in this process.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    public OtlpReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.MapPost("/v1/traces", async (HttpContext context) => Read(await BodyAsync(context)));
        _app.MapPost("/v1/metrics", async (HttpContext context) => Metrics.Add(await BodyAsync(context)));
    }

    public ConcurrentQueue<ReceivedSpan> Spans { get; } = [];

    /// <summary>Exports of measurements as they came.</summary>
    public ConcurrentBag<byte[]> Metrics { get; } = [];

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public Task StartAsync() => _app.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task<byte[]> BodyAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        return body.ToArray();
    }

    // ExportTraceServiceRequest.resource_spans(1) → ResourceSpans.scope_spans(2) → ScopeSpans.spans(2)
    private void Read(byte[] request)
    {
        foreach (var span in Fields(request).Where(f => f.Number == 1).SelectMany(f => Fields(f.Bytes)).Where(f => f.Number == 2).SelectMany(f => Fields(f.Bytes)).Where(f => f.Number == 2))
        {
            var fields = Fields(span.Bytes).ToLookup(f => f.Number);
            Spans.Enqueue(new(
                fields[5].Single().Bytes.ToStringUtf8(),
                Hex(fields[1]),
                Hex(fields[2]),
                Hex(fields[4]),
                (int)fields[6].Single().Value,
                fields[9].Select(attribute => Fields(attribute.Bytes).ToList()).ToDictionary(pair => pair.Single(f => f.Number == 1).Bytes.ToStringUtf8(), pair => Text(pair.Single(f => f.Number == 2).Bytes)),
                [.. fields[13].Select(link => Hex(Fields(link.Bytes).Where(f => f.Number == 2)))]));
        }
    }

    private static string Hex(IEnumerable<(int Number, ulong Value, ByteString Bytes)> fields) => Convert.ToHexString((fields.FirstOrDefault().Bytes ?? ByteString.Empty).Span);

    // AnyValue: a text is field 1, everything else is a number of its own field.
    private static string Text(ByteString value) => string.Concat(Fields(value).Select(f => f.Number == 1 ? f.Bytes.ToStringUtf8() : $"{f.Value}"));

    private static List<(int Number, ulong Value, ByteString Bytes)> Fields(ByteString message) => Fields(message.ToByteArray());

    private static List<(int Number, ulong Value, ByteString Bytes)> Fields(byte[] message)
    {
        var fields = new List<(int, ulong, ByteString)>();
        var input = new CodedInputStream(message);
        while (input.ReadTag() is not 0 and var tag)
        {
            fields.Add(WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => (WireFormat.GetTagFieldNumber(tag), input.ReadUInt64(), ByteString.Empty),
                WireFormat.WireType.Fixed64 => (WireFormat.GetTagFieldNumber(tag), input.ReadFixed64(), ByteString.Empty),
                WireFormat.WireType.Fixed32 => (WireFormat.GetTagFieldNumber(tag), input.ReadFixed32(), ByteString.Empty),
                _ => (WireFormat.GetTagFieldNumber(tag), 0UL, input.ReadBytes()),
            });
        }

        return fields;
    }
}
