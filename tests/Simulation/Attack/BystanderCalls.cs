using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using Api = Decisioning.V1;

namespace Decisioning.Simulation.Tests.Attack;

/// <summary>
/// The process of a <see cref="Bystander"/>: tells events and asks for decisions, so many a second whatever the answers take, and writes a line for
/// each. A call is measured from when it was due: one that could not even be sent counts as slow.
/// </summary>
internal static class BystanderCalls
{
    /// <summary>How the program is told to be one.</summary>
    public const string Mode = "attack-bystander";

    /// <summary>Whose customers are its own.</summary>
    public const string CustomerPrefix = "bystander-";

    private const int PerSecond = 100;
    private const int Customers = 50;
    private static readonly TimeSpan DeadlineAfter = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string address, string key, int seed)
    {
        using var channel = GrpcChannel.ForAddress(address);
        var (events, decisions) = (new Api.Events.EventsClient(channel), new Api.Decisions.DecisionsClient(channel));
        var (random, headers) = (new Random(seed), new Metadata { { "authorization", "Bearer " + key } });
        var ended = Task.Run(Console.In.ReadToEnd);
        var (calls, started) = (new List<Task>(), Stopwatch.GetTimestamp());
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1000.0 / PerSecond));
        for (var made = 0; !ended.IsCompleted; await timer.WaitForNextTickAsync())
        {
            for (; Stopwatch.GetElapsedTime(started).TotalSeconds * PerSecond >= made; made++)
            {
                var due = started + (made * Stopwatch.Frequency / PerSecond);
                var customer = CustomerPrefix + random.Next(Customers).ToString(CultureInfo.InvariantCulture);
                calls.Add(made % 2 == 0 ? TellAsync(due, customer, $"{seed}-{made}") : AskAsync(due, customer));
            }

            calls.RemoveAll(call => call.IsCompleted);
        }

        await Task.WhenAll(calls);
        return 0;

        Task TellAsync(long due, string customer, string id) => SayAsync(due, customer, id, async deadline =>
        {
            var view = new Api.Event
            {
                Type = Api.EventType.Track,
                MessageId = id,
                UserId = customer,
                Event_ = "Product Viewed",
                Properties = new() { Fields = { ["price"] = Google.Protobuf.WellKnownTypes.Value.ForNumber(10) } },
            };
            var response = await events.TrackAsync(new() { Events = { view } }, headers, deadline);
            return response.Acks[0].Status.ToString();
        });

        Task AskAsync(long due, string customer) => SayAsync(due, customer, "", async deadline =>
        {
            await decisions.NextBestActionAsync(new() { Customer = new() { UserId = customer }, Channel = "web" }, headers, deadline);
            return nameof(StatusCode.OK);
        });
    }

    private static async Task SayAsync(long due, string customer, string id, Func<DateTime, Task<string>> call)
    {
        string outcome;
        try
        {
            outcome = await call(TimeProvider.System.GetUtcNow().UtcDateTime + DeadlineAfter);
        }
        catch (RpcException e)
        {
            outcome = e.StatusCode.ToString();
        }

        var line = string.Create(CultureInfo.InvariantCulture, $"{due}\t{Stopwatch.GetElapsedTime(due).TotalMilliseconds:0.000}\t{outcome}\t{customer}\t{id}");
        lock (Console.Out)
        {
            Console.Out.WriteLine(line);
        }
    }
}
