using System.Text;
using Decisioning.Simulation.Tests.Attack.Wire;

namespace Decisioning.Simulation.Tests.Attack.Attacks;

/// <summary>Frames of HTTP/2 that are against its rules: the connection or the stream ends with a code, and nothing else does.</summary>
internal static class FrameAttacks
{
    private const int EachTimes = 20;
    private const int RandomTimes = 2_000;
    private const int RandomFramesMax = 30;
    private const string Health = "/grpc.health.v1.Health/Check";
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(5);

    private static readonly byte[] Open = Http2Frames.Of(Http2Frames.Headers, Http2Frames.EndHeaders, 1, Http2Frames.Call(Health, null));

    /// <summary>What is sent, and how it has to end: a code, or <c>closed</c> for a connection that never became one.</summary>
    private static readonly (string Name, byte[] Bytes, string Expected)[] Wrong =
    [
        ("a frame of 16 MB", Http2Frames.Of(Http2Frames.Data, 0, 1, new byte[100], length: 0xFFFFFF), "FRAME_SIZE_ERROR"),
        ("a frame a byte too large", Http2Frames.Of(Http2Frames.Headers, Http2Frames.EndHeaders, 1, new byte[16_385]), "FRAME_SIZE_ERROR"),
        ("data on stream 0", Http2Frames.Of(Http2Frames.Data, 0, 0, [1]), "PROTOCOL_ERROR"),
        ("data on a stream that was never opened", Http2Frames.Of(Http2Frames.Data, 0, 7, [1]), "PROTOCOL_ERROR"),
        ("headers on a stream of the server", Http2Frames.Of(Http2Frames.Headers, Http2Frames.EndHeaders, 2, Http2Frames.Call(Health, null)), "PROTOCOL_ERROR"),
        ("headers on an older stream", [.. Http2Frames.Of(Http2Frames.Headers, 5, 5, Http2Frames.Call(Health, null)), .. Http2Frames.Of(Http2Frames.Headers, 5, 3, Http2Frames.Call(Health, null))], "PROTOCOL_ERROR STREAM_CLOSED"),
        ("continuation of nothing", Http2Frames.Of(Http2Frames.Continuation, Http2Frames.EndHeaders, 1, []), "PROTOCOL_ERROR"),
        ("data within headers", [.. Http2Frames.Of(Http2Frames.Headers, 0, 1, Http2Frames.Call(Health, null)), .. Http2Frames.Of(Http2Frames.Data, 0, 1, [1])], "PROTOCOL_ERROR"),
        ("settings of 5 bytes", Http2Frames.Of(Http2Frames.Settings, 0, 0, new byte[5]), "FRAME_SIZE_ERROR"),
        ("settings on a stream", Http2Frames.Of(Http2Frames.Settings, 0, 1, []), "PROTOCOL_ERROR"),
        ("a window beyond 2^31", Http2Frames.Of(Http2Frames.Settings, 0, 0, Http2Frames.Setting(4, uint.MaxValue)), "FLOW_CONTROL_ERROR"),
        ("frames of 1 byte at most", Http2Frames.Of(Http2Frames.Settings, 0, 0, Http2Frames.Setting(5, 1)), "PROTOCOL_ERROR"),
        ("push of 2", Http2Frames.Of(Http2Frames.Settings, 0, 0, Http2Frames.Setting(2, 2)), "PROTOCOL_ERROR"),
        ("an acknowledgement with settings", Http2Frames.Of(Http2Frames.Settings, Http2Frames.Ack, 0, Http2Frames.Setting(1, 1)), "FRAME_SIZE_ERROR"),
        ("a ping of 7 bytes", Http2Frames.Of(Http2Frames.Ping, 0, 0, new byte[7]), "FRAME_SIZE_ERROR"),
        ("a ping on a stream", Http2Frames.Of(Http2Frames.Ping, 0, 1, new byte[8]), "PROTOCOL_ERROR"),
        ("a window wider by 0", Http2Frames.Of(Http2Frames.WindowUpdate, 0, 0, Http2Frames.Number(0)), "PROTOCOL_ERROR"),
        ("a window wider by too much", Http2Frames.Of(Http2Frames.WindowUpdate, 0, 0, Http2Frames.Number(int.MaxValue)), "FLOW_CONTROL_ERROR"),
        ("a stream's window wider by 0", [.. Open, .. Http2Frames.Of(Http2Frames.WindowUpdate, 0, 1, Http2Frames.Number(0))], "PROTOCOL_ERROR"),
        ("a stream's window wider by too much", [.. Open, .. Http2Frames.Of(Http2Frames.WindowUpdate, 0, 1, Http2Frames.Number(int.MaxValue))], "FLOW_CONTROL_ERROR"),
        ("a stream that waits for itself", Http2Frames.Of(Http2Frames.Priority, 0, 1, [0, 0, 0, 1, 0]), "PROTOCOL_ERROR"),
        ("a reset of nothing", Http2Frames.Of(Http2Frames.Reset, 0, 9, Http2Frames.Number(8)), "PROTOCOL_ERROR"),
        ("more padding than frame", Http2Frames.Of(Http2Frames.Headers, Http2Frames.EndHeaders | Http2Frames.Padded, 1, [200, 0]), "PROTOCOL_ERROR"),
        ("a promise to the server", Http2Frames.Of(5, Http2Frames.EndHeaders, 1, Http2Frames.Number(2)), "PROTOCOL_ERROR"),
        ("header 0 of the table", Head([0x80]), "COMPRESSION_ERROR INTERNAL_ERROR"),
        ("a header beyond the table", Head(Indexed(70)), "COMPRESSION_ERROR"),
        ("a number without an end", Head([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]), "COMPRESSION_ERROR"),
        ("a table larger than allowed", Head([0x3F, 0xE1, 0xFF, 0x03]), "COMPRESSION_ERROR"),
        ("a text longer than its frame", Head([0x00, 0x7F, 0xFF, 0x7F, (byte)'a']), "COMPRESSION_ERROR"),
        ("a wrong Huffman code", Head([0x00, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 0x00]), "COMPRESSION_ERROR"),
        ("headers in capitals", Head([.. Http2Frames.Call(Health, null), .. Http2Frames.Literal("X-Loud", "1")]), "PROTOCOL_ERROR"),
        ("two paths", Head([.. Http2Frames.Call(Health, null, (":path", "/v1/events"))]), "PROTOCOL_ERROR"),
        ("no path", Head(Http2Frames.Literal(":method", "POST")), "PROTOCOL_ERROR"),
        ("a header of a connection", Head(Http2Frames.Call(Health, null, ("connection", "close"))), "PROTOCOL_ERROR"),
        ("a line's end in a header", Head(Http2Frames.Call(Health, null, ("x-a", "b\r\nc: d"))), "PROTOCOL_ERROR"),
        ("a zero in a path", Head(Http2Frames.Call("/a\0b", null)), "PROTOCOL_ERROR"),
        ("HTTP/1.1", Encoding.ASCII.GetBytes("GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n"), "closed"),
        ("nonsense instead of a greeting", Encoding.ASCII.GetBytes(new string('x', 100) + "\r\n\r\n"), "closed"),
        ("half a greeting, then nonsense", Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n0123456789"), "closed"),
    ];

    public static IEnumerable<Attack> All =>
    [
        new("frames against the rules of HTTP/2", WrongAsync),
        new("frames by chance", RandomAsync),
    ];

    private static byte[] Head(byte[] block) => Http2Frames.Of(Http2Frames.Headers, Http2Frames.EndHeaders | Http2Frames.EndStream, 1, block);

    private static byte[] Indexed(int number)
    {
        var bytes = Http2Frames.Integer(number, 7);
        bytes[0] |= 0x80;
        return bytes;
    }

    private static async Task WrongAsync(Arena arena, Tally tally)
    {
        for (var left = Math.Max(1, arena.Options.Times(100 * EachTimes) / 100); left > 0; left--)
        {
            foreach (var (name, bytes, expected) in Wrong)
            {
                using var connection = await Http2Connection.OpenAsync(arena.Grpc, greets: expected != "closed");
                await connection.SendAsync(bytes);
                var end = await connection.EndAsync(AnswerMax);
                var isExpected = expected == "closed" ? connection.IsClosed : expected.Split(' ').Contains(end.Split(' ')[^1], StringComparer.Ordinal);
                tally.Judge(end, isExpected, () => $"{name}, expected {expected}");
            }
        }
    }

    private static async Task RandomAsync(Arena arena, Tally tally)
    {
        var random = new Random(arena.Random.Next());
        for (var left = arena.Options.Times(RandomTimes); left > 0; left--)
        {
            using var connection = await Http2Connection.OpenAsync(arena.Grpc);
            for (var frames = random.Next(1, RandomFramesMax); frames > 0 && !connection.IsClosed; frames--)
            {
                await connection.SendAsync(Any(random, arena));
            }

            tally.Add(await connection.CatchUpAsync(AnswerMax));
        }
    }

    private static byte[] Any(Random random, Arena arena)
    {
        var payload = new byte[random.Next(100)];
        random.NextBytes(payload);
        return random.Next(3) switch
        {
            // Mostly a call, so that there are streams for the others to meet.
            0 => Http2Frames.Of(Http2Frames.Headers, (byte)(Http2Frames.EndHeaders | random.Next(2)), (2 * random.Next(20)) + 1, Http2Frames.Call("/decisioning.v1.Events/Track", arena.Key($"{Arena.Attacker}/track"))),
            1 => Http2Frames.Of(Http2Frames.Data, (byte)random.Next(2), (2 * random.Next(20)) + 1, payload),
            _ => Http2Frames.Of((byte)random.Next(12), (byte)random.Next(256), random.Next(40), payload),
        };
    }
}
