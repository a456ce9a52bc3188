using System.Globalization;
using Decisioning.Benchmarks.Memory;
using Decisioning.Benchmarks.Wire;
using Decisioning.Engine.Customers;
using Decisioning.Gateway.Replies;
using Google.Protobuf.WellKnownTypes;
using Grpc.Net.Client;
using Api = Decisioning.V1;

namespace Decisioning.Benchmarks.Profile;

/// <summary>
/// Where the microseconds of a decision go: calls that do more and more of it, each measured as the processor time and the bytes that the engine's process takes
/// for a call, and the parts within, one by one. Time of the processor, since how long callers wait tells how many of them there are.
/// </summary>
internal static class ProfileBench
{
    /// <summary>The name on the command line.</summary>
    public const string Verb = "profile";

    private const int Customers = 5_000;
    private const int EventsMax = 20;
    private const int Callers = 32;
    private const int Rounds = 3;
    private static readonly TimeSpan _warmUp = TimeSpan.FromSeconds(4);

    public static async Task<int> RunAsync(string[] args)
    {
        (string only, int seconds)? options = args switch
        {
            [] => ("", 3),
            [var some] => (some, 3),
            [var some, "--seconds", var text] when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 => (some, number),
            _ => null,
        };
        if (options is not var (only, seconds))
        {
            Console.Error.WriteLine($"`{string.Join(' ', args)}` is not understood; write `bench {Verb} [CALL [--seconds N]]`: calls with CALL in their name alone, each measured {Rounds} times for N seconds, for a profiler to look at");
            return 2;
        }

        using var store = BenchStore.Sqlite();
        using var host = await TrackHost.StartAsync([.. store.Settings, BenchStore.HistoryIsLeftAlone]);
        using var channel = GrpcChannel.ForAddress(host.Address);
        await TrackBench.PublishAsync(new(channel), ScaleStrategy.UnderLoad());
        await TellAsync(new(channel));
        var (echo, grain, decisions) = (new Echo.EchoClient(channel), new GrainEcho.GrainEchoClient(channel), new Api.Decisions.DecisionsClient(channel));
        var steps = new[]
        {
            Unary("empty gRPC", n => echo.SayAsync(Message(n), deadline: Deadline()).ResponseAsync),
            Unary("empty gRPC → grain", n => grain.SayAsync(Message(n), deadline: Deadline()).ResponseAsync),
            Unary("decision that counts for nothing (`dry_run`)", n => Ask(n, dryRun: true, Api.ExplainLevel.None)),
            Unary("the same (`dry_run`) without a deadline", n => decisions.NextBestActionAsync(Question(n, dryRun: true, Api.ExplainLevel.None)).ResponseAsync),
            Unary("decision", n => Ask(n, dryRun: false, Api.ExplainLevel.None)),
            Unary("decision with reasons", n => Ask(n, dryRun: false, Api.ExplainLevel.Summary)),
            new ProfileStep("empty stream → grain", d => TrackLoad.StreamAsync(d, () => grain.Chat(), Message, _ => { })),
            new ProfileStep("decision over a stream", d => TrackLoad.StreamAsync(
                d, () => decisions.NextBestActionStream(), n => new() { Request = Question(n, dryRun: false, Api.ExplainLevel.None) }, answer => GC.KeepAlive(answer.Response.Decision))),
        };
        steps = [.. steps.Where(step => step.Name.Contains(only, StringComparison.Ordinal))];
        foreach (var step in steps)
        {
            await step.Run(_warmUp);
        }

        for (var round = 0; round < Rounds; round++)
        {
            foreach (var step in steps)
            {
                await step.MeasureAsync(host, TimeSpan.FromSeconds(seconds));
            }
        }

        Console.WriteLine($"\n{Environment.ProcessorCount} cores, .NET {Environment.Version}, {Customers:N0} customers, {Callers} callers or {TrackLoad.Streams} streams; the engine's process alone, for a call\n");
        Console.WriteLine("| call | µs | of them the log's thread | of them the collector | B allocated | calls/s |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|");
        foreach (var step in steps)
        {
            Console.WriteLine(step.Line());
        }

        if (only.Length > 0)
        {
            return 0;
        }

        Console.WriteLine("\n| part of a decision, by itself on one thread | µs | B allocated |");
        Console.WriteLine("|---|---:|---:|");
        var (asked, answered) = (Question(1, dryRun: false, Api.ExplainLevel.None), await decisions.NextBestActionAsync(Question(1, dryRun: false, Api.ExplainLevel.None)));
        foreach (var part in DecisionParts.All(asked, answered).Select(Micro.MicroMeasure.Measure))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {part.Name} | {part.Nanoseconds / 1000:N2} | {part.Bytes:N0} |"));
        }

        return 0;

        Task Ask(long n, bool dryRun, Api.ExplainLevel explain) => decisions.NextBestActionAsync(Question(n, dryRun, explain), deadline: Deadline()).ResponseAsync;
    }

    // What typical customers did so far, without what came of offers.
    private static Task TellAsync(Api.Events.EventsClient events)
    {
        var now = TimeProvider.System.GetUtcNow();
        return Parallel.ForAsync(0, Customers, async (number, cancellationToken) =>
        {
            var id = MemoryLoad.Key(number).Id;
            var told = TypicalCustomers.Events(number, now).Where(e => e.Type is EventType.Identify or EventType.Track).Take(EventsMax).Select(e => new Api.Event
            {
                Type = e.Type == EventType.Identify ? Api.EventType.Identify : Api.EventType.Track,
                MessageId = e.MessageId,
                UserId = id,
                Event_ = e.Name,
                Traits = e.Type == EventType.Identify ? StructWriter.Write(e.Properties) : null,
                Properties = e.Type == EventType.Track ? StructWriter.Write(e.Properties) : null,
                Context = StructWriter.Write(e.Context),
                Timestamp = Timestamp.FromDateTimeOffset(e.Timestamp),
            });
            var answer = await events.TrackAsync(new() { Events = { told } }, cancellationToken: cancellationToken);
            if (answer.Acks.FirstOrDefault(ack => ack.Status is not (Api.EventStatus.Applied or Api.EventStatus.LateApplied)) is { } refused)
            {
                throw new InvalidOperationException($"not acknowledged as applied: {refused}");
            }
        });
    }

    private static ProfileStep Unary(string name, Func<long, Task> call) => new(name, during => TrackLoad.UnaryAsync(Callers, during, call));

    private static DateTime Deadline() => TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(10);

    private static EchoMessage Message(long n) => new() { Customer = MemoryLoad.Key((int)(n % Customers)).Id, Number = n };

    private static Api.NextBestActionRequest Question(long n, bool dryRun, Api.ExplainLevel explain) => new()
    {
        Customer = new() { UserId = MemoryLoad.Key((int)(n % Customers)).Id },
        Container = "home",
        Channel = "web",
        Direction = Api.Direction.Inbound,
        Placements = { "hero" },
        MaxItems = 3,
        Context = new Struct { Fields = { ["channel"] = Value.ForString("web"), ["device"] = Value.ForStruct(new Struct { Fields = { ["type"] = Value.ForString("desktop") } }) } },
        Explain = explain,
        DryRun = dryRun,
    };
}
