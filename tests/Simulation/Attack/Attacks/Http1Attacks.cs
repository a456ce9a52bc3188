using System.Text;
using Decisioning.Simulation.Tests.Attack.Wire;

namespace Decisioning.Simulation.Tests.Attack.Attacks;

/// <summary>Requests of HTTP/1.1 that a proxy in front might read otherwise than the engine, and those that are none.</summary>
internal static class Http1Attacks
{
    private const int EachTimes = 20;
    private const string Smuggled = "GET /openapi.json HTTP/1.1\r\nhost: localhost\r\n\r\n";
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(2);

    /// <summary>Where a request ends can be read in two ways: it is refused, and what follows is no request of its own.</summary>
    private static readonly (string Name, string Text)[] Ambiguous =
    [
        ("a length and chunks", Post("content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n" + Smuggled)),
        ("chunks and a length", Post("transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n" + Smuggled)),
        ("two lengths", Post("content-length: 0\r\ncontent-length: 48\r\n\r\n" + Smuggled)),
        ("two lengths in one", Post("content-length: 0, 48\r\n\r\n" + Smuggled)),
        ("a length below 0", Post("content-length: -1\r\n\r\n" + Smuggled)),
        ("a length in hex", Post("content-length: 0x0\r\n\r\n" + Smuggled)),
        ("a length beyond numbers", Post("content-length: 99999999999999999999\r\n\r\n" + Smuggled)),
        ("chunks that are not last", Post("transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n" + Smuggled)),
        ("chunks spelt otherwise", Post("transfer-encoding: xchunked\r\n\r\n0\r\n\r\n" + Smuggled)),
        ("chunks twice", Post("transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n\r\n0\r\n\r\n" + Smuggled)),
        ("chunks after a tab", Post("transfer-encoding:\vchunked\r\n\r\n0\r\n\r\n" + Smuggled)),
        ("a blank before a colon", Post("content-length : 48\r\n\r\n" + Smuggled)),
        ("a header that goes on in the next line", Post("x-a: b\r\n content-length: 48\r\n\r\n" + Smuggled)),
        ("a chunk of no number", Post("transfer-encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n" + Smuggled)),
        ("a chunk below 0", Post("transfer-encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n\r\n" + Smuggled)),
        ("a chunk beyond numbers", Post("transfer-encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nabc\r\n0\r\n\r\n" + Smuggled)),
        ("a chunk longer than it says", Post("transfer-encoding: chunked\r\n\r\n1\r\nabcdef\r\n0\r\n\r\n" + Smuggled)),
        ("a header without a colon", Post("content-length\r\n\r\n" + Smuggled)),
        ("a zero in a header", Post("x-a: b\0c\r\ncontent-length: 0\r\n\r\n" + Smuggled)),
        ("a lonely carriage return", Post("x-a: b\rcontent-length: 48\r\n\r\n" + Smuggled)),
    ];

    /// <summary>What is no request, or too much of one.</summary>
    private static readonly (string Name, string Text)[] Wrong =
    [
        ("an address of 10 KB", $"GET /{new string('a', 10_000)} HTTP/1.1\r\nhost: localhost\r\n\r\n"),
        ("an address of 1 MB", $"GET /{new string('a', 1_000_000)} HTTP/1.1\r\nhost: localhost\r\n\r\n"),
        ("a query of 10 KB", $"GET /healthz?{new string('a', 10_000)} HTTP/1.1\r\nhost: localhost\r\n\r\n"),
        ("1,000 headers", $"GET /healthz HTTP/1.1\r\nhost: localhost\r\n{string.Concat(Enumerable.Range(0, 1_000).Select(number => $"x-{number}: 1\r\n"))}\r\n"),
        ("a header of 100 KB", $"GET /healthz HTTP/1.1\r\nhost: localhost\r\nx-a: {new string('a', 100_000)}\r\n\r\n"),
        ("no host", "GET /healthz HTTP/1.1\r\n\r\n"),
        ("two hosts", "GET /healthz HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n"),
        ("a host that is none", "GET /healthz HTTP/1.1\r\nhost: a/b?c\r\n\r\n"),
        ("another version", "GET /healthz HTTP/9.9\r\nhost: localhost\r\n\r\n"),
        ("no version", "GET /healthz\r\n\r\n"),
        ("a method that is none", "G\0T /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n"),
        ("a zero in the address", "GET /heal\0thz HTTP/1.1\r\nhost: localhost\r\n\r\n"),
        ("an encoded zero in the address", "GET /heal%00thz HTTP/1.1\r\nhost: localhost\r\n\r\n"),
        ("TLS", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003" + new string('\u0001', 500)),
        ("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0"),
        ("a tunnel", "CONNECT evil.example:443 HTTP/1.1\r\nhost: evil.example\r\n\r\n"),
        ("a proxy's address", "GET http://169.254.169.254/latest/meta-data HTTP/1.1\r\nhost: 169.254.169.254\r\n\r\n"),
    ];

    public static IEnumerable<Attack> All =>
    [
        new("requests that two would read differently (smuggling)", AmbiguousAsync),
        new("requests that are none or too large, HTTP/1.1", WrongAsync),
        new("bytes by chance, HTTP/1.1", RandomAsync),
    ];

    private static string Post(string rest) => "POST /v1/track HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n" + rest;

    private static Task AmbiguousAsync(Arena arena, Tally tally) => EachAsync(arena, Ambiguous, (name, text, isClosed) =>
    {
        // The smuggled request would be answered as a second one, with 401 as the document needs a credential.
        var statuses = Http1Connection.Statuses(text);
        tally.Judge(Outcome(statuses, isClosed), isClosed && statuses.Length <= 1 && statuses.All(status => status[0] == '4'), () => name);
    });

    private static Task WrongAsync(Arena arena, Tally tally) => EachAsync(arena, Wrong, (name, text, isClosed) =>
    {
        var statuses = Http1Connection.Statuses(text);
        tally.Judge(Outcome(statuses, isClosed), statuses.Length <= 1 && statuses.All(IsRefusal), () => name);
    });

    // 505: there is no such version of HTTP.
    private static bool IsRefusal(string status) => status[0] == '4' || status == "505";

    private static async Task EachAsync(Arena arena, (string Name, string Text)[] rows, Action<string, string, bool> judge)
    {
        for (var left = Math.Max(1, arena.Options.Times(100 * EachTimes) / 100); left > 0; left--)
        {
            await Task.WhenAll(rows.Select(async row =>
            {
                using var connection = await Http1Connection.OpenAsync(arena.Http);
                await connection.SendAsync(row.Text);
                var (text, isClosed) = await connection.ReadAsync(AnswerMax);
                judge(row.Name, text, isClosed);
            }));
        }
    }

    private static async Task RandomAsync(Arena arena, Tally tally)
    {
        var random = new Random(arena.Random.Next());
        for (var left = arena.Options.Times(2_000); left > 0; left--)
        {
            var bytes = Encoding.Latin1.GetBytes(Ambiguous[random.Next(Ambiguous.Length)].Text);
            for (var changes = random.Next(1, 30); changes > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            using var connection = await Http1Connection.OpenAsync(arena.Http);
            await connection.SendAsync(bytes);
            await connection.SendAsync("\r\n\r\n");
            var (text, isClosed) = await connection.ReadAsync(TimeSpan.FromMilliseconds(20));
            var statuses = Http1Connection.Statuses(text);
            tally.Judge(Outcome(statuses, isClosed), statuses.All(IsRefusal), () => Encoding.Latin1.GetString(bytes));
        }
    }

    private static string Outcome(string[] statuses, bool isClosed) => string.Join(' ', statuses.Append(isClosed ? "closed" : "open"));
}
