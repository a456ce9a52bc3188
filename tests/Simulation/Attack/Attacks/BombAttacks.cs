using System.IO.Compression;
using Decisioning.Simulation.Tests.Attack.Wire;
using Decisioning.Tests.Shared;
using Grpc.Core;

namespace Decisioning.Simulation.Tests.Attack.Attacks;

/// <summary>A megabyte that is a gigabyte once it is inflated.</summary>
internal static class BombAttacks
{
    private const int Megabyte = 1024 * 1024;
    private static readonly string[] Paths = ["/v1/events", "/v1/batch", "/v1/cloudevents", "/ofrep/v1/evaluate/flags"];

    public static IEnumerable<Attack> All =>
    [
        new("1 GB of zeros in gzip, HTTP", HttpAsync),
        new("1 GB of zeros in gzip, gRPC", GrpcAsync),
    ];

    private static async Task HttpAsync(Arena arena, Tally tally)
    {
        using var client = new RawClient(arena);
        var bomb = Bomb(arena);
        await ManyAsync(arena, async number =>
        {
            var answer = await client.SendAsync(HttpMethod.Post, Paths[number % Paths.Length], bomb, "application/json", arena.Key($"{Arena.Attacker}/admin"), ("content-encoding", "gzip"));
            tally.Judge(answer.Outcome, answer.Outcome == "413" || answer.Outcome.StartsWith("reset", StringComparison.Ordinal), () => answer.Text);
        });
    }

    private static async Task GrpcAsync(Arena arena, Tally tally)
    {
        using var client = new RawClient(arena);
        var bomb = GrpcFrame.Of(Bomb(arena), flags: 1);
        await ManyAsync(arena, async _ =>
        {
            var answer = await client.CallAsync("/decisioning.v1.Events/Track", bomb, arena.Key($"{Arena.Attacker}/track"), ("grpc-encoding", "gzip"));
            tally.Judge(answer.Outcome, answer.Outcome == nameof(StatusCode.ResourceExhausted), () => answer.Text);
        });
    }

    private static async Task ManyAsync(Arena arena, Func<int, Task> tryAsync)
    {
        for (var left = arena.Options.Times(100); left > 0; left -= 4)
        {
            await Task.WhenAll(Enumerable.Range(0, Math.Min(4, left)).Select(tryAsync));
        }
    }

    private static byte[] Bomb(Arena arena)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            var zeros = new byte[Megabyte];
            for (var left = arena.Options.IsQuick ? 64 : 1024; left > 0; left--)
            {
                gzip.Write(zeros);
            }
        }

        return packed.ToArray();
    }
}
