using System.Diagnostics;
using System.Text;
using Decisioning.Simulation.Tests.Attack.Mutation;
using Decisioning.Simulation.Tests.Attack.Wire;
using Decisioning.Simulation.Tests.Load;
using Decisioning.Tests.Shared;
using Google.Protobuf;
using Grpc.Core;

namespace Decisioning.Simulation.Tests.Attack.Attacks;

/// <summary>Bodies that were good once: whatever became of them, the engine takes or refuses them and never fails.</summary>
internal static class MutationAttacks
{
    private const int AtOnce = 8;
    private const int Each = 100_000;
    private const string Shortest = "1u";

    // Many are good and do what they say: work that anybody with the key may ask for. As fast as they can, they would measure who gets the processor.
    private const int CallsPerSecond = 1_000;

    private static readonly string[] Failures = [nameof(StatusCode.Internal), nameof(StatusCode.Unknown), nameof(StatusCode.DataLoss), "without a status", "timeout"];

    // The ways JSON comes in, with the credential where that method looks for it.
    private static readonly (string Name, string Value)[][] Headers = [[], [("content-encoding", "gzip")], [("content-encoding", "br")], [("accept", "\u0000")], [("origin", "null")]];

    public static IEnumerable<Attack> All =>
    [
        new("mutated messages of gRPC", GrpcAsync),
        new("mutated bodies of HTTP", HttpAsync),
    ];

    private static Task GrpcAsync(Arena arena, Tally tally)
    {
        SampleCall[] calls = [.. SampleCalls.All.SelectMany(call => Enumerable.Repeat(call, call.Weight))];
        return ManyAsync(arena, CallsPerSecond, async (client, random) =>
        {
            var call = calls[random.Next(calls.Length)];
            var body = ProtoMutation.Mutate(random, call.Message.ToByteArray());
            var timeout = Timeout(call, random);
            var answer = random.Next(10) == 0 && call.Path != "/decisioning.v1.Customers/Watch"
                ? await client.CallWebAsync(call.Path, body, arena.Key($"{Arena.Attacker}/admin"))
                : await client.CallAsync(call.Path, body, arena.Key($"{Arena.Attacker}/admin"), ("grpc-timeout", timeout));
            // A microsecond is over while the message is still read: whoever gave it is not there any more to hear of that.
            var isGood = (!Failures.Contains(answer.Outcome) || (answer.Outcome == nameof(StatusCode.Unknown) && timeout == Shortest)) && !answer.Outcome.StartsWith('5') && !answer.Outcome.StartsWith("reset (INTERNAL", StringComparison.Ordinal) && !answer.Holds(Arena.Secret);
            tally.Judge(answer.Outcome, isGood, () => $"{call.Path} within {timeout}: {answer.Text} to {Convert.ToHexString(body.AsSpan(0, Math.Min(body.Length, 120)))}");
        });
    }

    private static Task HttpAsync(Arena arena, Tally tally) => ManyAsync(arena, int.MaxValue, async (client, random) =>
    {
        var (path, type, body) = JsonMutation.Bodies[random.Next(JsonMutation.Bodies.Length)];
        var mutated = JsonMutation.Mutate(random, Encoding.UTF8.GetBytes(body));
        var headers = random.Next(20) == 0 ? Headers[random.Next(Headers.Length)] : [];
        var answer = await client.SendAsync(HttpMethod.Post, path, mutated, type, arena.Key($"{Arena.Attacker}/admin"), headers);
        var isGood = answer.Outcome.Length == 3 && answer.Outcome[0] is '2' or '3' or '4' && !answer.Holds(Arena.Secret);
        tally.Judge(answer.Outcome, isGood, () => $"{path}: {answer.Text} to {Encoding.Latin1.GetString(mutated)}");
    });

    // A call that waits (a watch; a sequence that is far away) ends by its deadline.
    private static string Timeout(SampleCall call, Random random) => call.Path.EndsWith("/Watch", StringComparison.Ordinal) ? "50m" : random.Next(10) == 0 ? Shortest : "2S";

    private static async Task ManyAsync(Arena arena, int perSecond, Func<RawClient, Random, Task> tryAsync)
    {
        using var client = new RawClient(arena);
        var (sent, most, began) = (0, arena.Options.Times(Each), Stopwatch.GetTimestamp());
        int[] seeds = [.. Enumerable.Range(0, AtOnce).Select(_ => arena.Random.Next())];
        await Task.WhenAll(seeds.Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            while (Interlocked.Increment(ref sent) is var number && number <= most)
            {
                await Pause.AtPaceAsync(number, perSecond, began);
                await tryAsync(client, random);
            }
        })));
    }
}
