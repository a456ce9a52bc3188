using System.Globalization;
using Decisioning.Engine.Customers;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Api = Decisioning.V1;

namespace Decisioning.Benchmarks.Memory;

/// <summary>Callers who ask for customers, or tell of them.</summary>
internal sealed class MemoryLoad(GrpcChannel channel)
{
    private readonly Api.Decisions.DecisionsClient _decisions = new(channel);
    private readonly Api.Events.EventsClient _events = new(channel);
    private long _told;

    /// <summary>The key of a customer.</summary>
    public static CustomerKey Key(int number) => CustomerKey.User("default", Id(number));

    /// <summary>Asks once for each customer from one number to another, which has them loaded.</summary>
    public Task ActivateAsync(int from, int to) => EachAsync(from, to, () => _decisions.NextBestActionStream(), n => Question(n, dryRun: true), Check);

    /// <summary>Tells of one event of each.</summary>
    public Task TrackEachAsync(int from, int to) => EachAsync(from, to, () => _events.TrackStream(), Event, Check);

    /// <summary>A question for one of the customers, another each time.</summary>
    public static Api.NextBestActionRequest Ask(long n, int customers) => Question(Mixed(n, customers), dryRun: true).Request;

    /// <summary>Decisions and events of some of the customers, each at a rate, whatever the answers do.</summary>
    /// <returns>How long decisions took from when they were due.</returns>
    public async Task<LoadResult> RunAsync(int customers, double decisionsPerSecond, double eventsPerSecond, TimeSpan duration)
    {
        var deciding = TrackLoad.StreamAtAsync(decisionsPerSecond, duration, () => _decisions.NextBestActionStream(), n => Question(Mixed(n, customers), dryRun: false), Check);
        var telling = TrackLoad.StreamAtAsync(eventsPerSecond, duration, () => _events.TrackStream(), n => Event(Mixed(n, customers)), Check);
        await Task.WhenAll(deciding, telling);
        return await deciding;
    }

    private static async Task EachAsync<TRequest, TResponse>(
        int from, int to, Func<AsyncDuplexStreamingCall<TRequest, TResponse>> open, Func<int, TRequest> message, Action<TResponse> check)
    {
        var next = from - 1;
        await Task.WhenAll(Enumerable.Range(0, TrackLoad.Streams).Select(_ => Task.Run(async () =>
        {
            using var call = open();
            using var window = new SemaphoreSlim(TrackLoad.InFlight);
            var sending = Task.Run(async () =>
            {
                while (Interlocked.Increment(ref next) is var number && number < to)
                {
                    await window.WaitAsync();
                    await call.RequestStream.WriteAsync(message(number));
                }

                await call.RequestStream.CompleteAsync();
            });
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
            {
                check(call.ResponseStream.Current);
                window.Release();
            }

            await sending;
        })));
    }

    // Far apart, so that those asked one after the other have nothing in common in memory.
    private static int Mixed(long n, int customers) => (int)((ulong)(n * 2_654_435_761) % (ulong)customers);

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"customer-{number:D8}");

    private static Api.NextBestActionStreamRequest Question(int number, bool dryRun) => new()
    {
        Request = new() { Customer = new Api.CustomerIdentity { UserId = Id(number) }, Channel = "web", DryRun = dryRun },
    };

    private static void Check(Api.NextBestActionStreamResponse answer)
    {
        if (answer.Response is null)
        {
            throw new InvalidOperationException($"the question was refused: {answer.Refusal.Message}");
        }
    }

    private static void Check(Api.TrackStreamResponse answer)
    {
        if (answer.Acks.Any(ack => ack.Status != Api.EventStatus.Applied))
        {
            throw new InvalidOperationException($"not acknowledged as applied: {answer.Acks[0]}");
        }
    }

    private Api.TrackStreamRequest Event(int number)
    {
        var told = Interlocked.Increment(ref _told);
        return new()
        {
            Events =
            {
                new Api.Event
                {
                    Type = Api.EventType.Track,
                    MessageId = string.Create(CultureInfo.InvariantCulture, $"{told:D12}-5b1c-4f6e-9d0a-0123456789ab"),
                    UserId = Id(number),
                    Event_ = $"Event {number % 8}",
                    Properties = new Struct { Fields = { ["price"] = Value.ForNumber(9.99), ["category"] = Value.ForString($"c{told % 8}"), ["item"] = Value.ForString($"i{told % 200}") } },
                    Context = new Struct { Fields = { ["channel"] = Value.ForString("web"), ["device"] = Value.ForStruct(new Struct { Fields = { ["type"] = Value.ForString("mobile") } }) } },
                    Timestamp = Timestamp.FromDateTimeOffset(DateTimeOffset.UtcNow),
                },
            },
        };
    }
}
