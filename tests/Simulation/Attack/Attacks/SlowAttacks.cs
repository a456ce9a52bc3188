using Decisioning.Simulation.Tests.Attack.Wire;
using Decisioning.Simulation.Tests.Load;

namespace Decisioning.Simulation.Tests.Attack.Attacks;

/// <summary>Callers that take their time, or never come to an end.</summary>
internal static class SlowAttacks
{
    private const string Track = "/decisioning.v1.Events/Track";
    private static readonly TimeSpan CutMax = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan EachByte = TimeSpan.FromSeconds(1);

    public static IEnumerable<Attack> All =>
    [
        new("calls that never end, 1,000 streams", (arena, tally) => Http2Async(arena, tally, 10, 100, (_, _) => Task.CompletedTask)),
        new("bodies of a byte a second, gRPC", (arena, tally) => Http2Async(arena, tally, 100, 1, DripAsync)),
        new("headers that never end", HeadersAsync),
        new("headers of a byte a second (slowloris)", (arena, tally) => Http1Async(arena, tally, "GET /healthz HTTP/1.1\r\nhost: localhost\r\n", "x")),
        new("bodies of a byte a second, plain HTTP", (arena, tally) => Http1Async(
            arena, tally, $"POST /v1/events HTTP/1.1\r\nhost: localhost\r\nx-api-key: {arena.Key($"{Arena.Attacker}/track")}\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n", " ")),
        new("1,000 idle connections", IdleAsync),
    ];

    /// <summary>Opens streams, does something on each now and then, and waits for the engine to end them.</summary>
    private static async Task Http2Async(Arena arena, Tally tally, int connections, int streams, Func<Http2Connection, int, Task> nowAndThen)
    {
        var wait = arena.Options.Wait(CutMax);
        await Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
        {
            using var connection = await Http2Connection.OpenAsync(arena.Grpc);
            for (var number = 0; number < streams; number++)
            {
                await connection.SendAsync(Http2Frames.Of(Http2Frames.Headers, Http2Frames.EndHeaders, (2 * number) + 1, Http2Frames.Call(Track, arena.Key($"{Arena.Attacker}/track"))));
            }

            await connection.SendAsync(Http2Frames.Of(Http2Frames.Data, 0, 1, [0, 0, 0, 200, 0]));
            for (var left = wait; left > TimeSpan.Zero && !connection.IsClosed && connection.Resets + connection.Answers < streams; left -= EachByte)
            {
                await nowAndThen(connection, 1);
                await Pause.ForAsync(EachByte);
            }

            var ended = connection.IsClosed ? streams : Math.Min(streams, connection.Resets + connection.Answers);
            tally.Add(connection.State, ended);
            if (ended < streams)
            {
                tally.Add("open", streams - ended);
                if (!arena.Options.IsQuick)
                {
                    tally.Find($"{streams - ended} of {streams} streams of a connection were kept open for {wait.TotalSeconds:0} s");
                }
            }
        }));
    }

    private static Task DripAsync(Http2Connection connection, int stream) => connection.SendAsync(Http2Frames.Of(Http2Frames.Data, 0, stream, [0]));

    private static async Task HeadersAsync(Arena arena, Tally tally) => await Task.WhenAll(Enumerable.Range(0, 200).Select(async _ =>
    {
        using var connection = await Http2Connection.OpenAsync(arena.Grpc);
        await connection.SendAsync(Http2Frames.Of(Http2Frames.Headers, 0, 1, Http2Frames.Call(Track, null)));
        var end = await connection.EndAsync(arena.Options.Wait(CutMax));
        tally.Judge(end, arena.Options.IsQuick || end != "open", () => "headers without an end were waited for");
    }));

    private static async Task Http1Async(Arena arena, Tally tally, string begin, string each) => await Task.WhenAll(Enumerable.Range(0, 200).Select(async _ =>
    {
        using var connection = await Http1Connection.OpenAsync(arena.Http);
        await connection.SendAsync(begin);
        var reading = connection.ReadAsync(arena.Options.Wait(CutMax));
        while (!reading.IsCompleted && await connection.SendAsync(each))
        {
            await Pause.ForAsync(EachByte);
        }

        var (text, isClosed) = await reading;
        var outcome = string.Join(' ', Http1Connection.Statuses(text).Append(isClosed ? "closed" : "open"));
        tally.Judge(outcome, arena.Options.IsQuick || isClosed, () => "a slow caller was waited for");
    }));

    private static async Task IdleAsync(Arena arena, Tally tally)
    {
        var connections = new List<IDisposable>();
        try
        {
            for (var number = 0; number < arena.Options.Times(1_000); number++)
            {
                connections.Add(number % 2 == 0 ? await Http2Connection.OpenAsync(arena.Grpc, greets: number % 4 == 0) : await Http1Connection.OpenAsync(arena.Http));
            }

            await Pause.ForAsync(arena.Options.Wait(TimeSpan.FromSeconds(10)));
            foreach (var connection in connections)
            {
                tally.Add(connection is Http2Connection { IsClosed: true } ? "closed" : "open");
            }
        }
        finally
        {
            connections.ForEach(connection => connection.Dispose());
        }
    }
}
