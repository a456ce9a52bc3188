using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Api = Decisioning.V1;

namespace Decisioning.Benchmarks;

/// <summary>One event after the other, each of the next customer: as an SDK sends them, with some properties and a context.</summary>
internal sealed class TrackEvents(string prefix, int customers, Func<long, string> name)
{
    private readonly Struct[] _properties = [.. Enumerable.Range(0, 100).Select(Properties)];
    private readonly Struct _context = new()
    {
        Fields =
        {
            ["channel"] = Value.ForString("web"),
            ["device"] = Value.ForStruct(new Struct { Fields = { ["type"] = Value.ForString("mobile") } }),
        },
    };

    private long _sent = -1;

    public Api.TrackRequest Next() => new() { Events = { One() } };

    public Api.TrackStreamRequest NextOfStream() => new() { Events = { One() } };

    private Api.Event One()
    {
        var n = Interlocked.Increment(ref _sent);
        return new()
        {
            Type = Api.EventType.Track,
            MessageId = string.Create(CultureInfo.InvariantCulture, $"{prefix}{n:D11}-5b1c-4f6e-9d0a-0123456789ab"),
            UserId = string.Create(CultureInfo.InvariantCulture, $"{prefix}-customer-{n % customers:D6}"),
            Event_ = name(n),
            Properties = _properties[n % _properties.Length],
            Context = _context,
            Timestamp = Timestamp.FromDateTimeOffset(DateTimeOffset.UtcNow),
        };
    }

    private static Struct Properties(int n) => new()
    {
        Fields =
        {
            ["product_id"] = Value.ForString($"sku-{n}"),
            ["price"] = Value.ForNumber((n * 7 % 120) + 0.99),
            ["quantity"] = Value.ForNumber(n % 7),
            ["category"] = Value.ForString($"c{n % 8}"),
        },
    };
}
