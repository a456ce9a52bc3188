using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Decisioning.Engine.Customers;
using Decisioning.Storage;
using Grpc.Net.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Api = Decisioning.V1;

namespace Decisioning.Benchmarks;

/// <summary>
/// What a caller waits for who asks for a customer that is not in memory: over gRPC, from the question to the decision. The log is
/// written before and then opened by an engine in a process of its own; the operating system may have it in memory.
/// </summary>
internal static class ActivationBench
{
    private const int EventsOfCustomer = 1_000;
    private const int EventsOfAppend = 100;
    private const int SnapshotEvery = 100;
    private const int WarmUps = 200;
    private const int MoreWarmUps = 2_000;
    private const int OneByOne = 300;
    private const int AtOnce = 600;
    private const int Callers = 128;

    // A new strategy has every customer looked at soon: then they would be in memory before they are asked for, and longer by what time brought about.
    private static readonly string[] NobodyIsWoken = ["--Decisioning:Due:SpreadOver=1.00:00:00", "--Decisioning:Due:SpreadEach=00:01:00"];

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        List<Row> rows = [];
        foreach (var store in BenchStore.All())
        {
            using (store)
            {
                rows.AddRange(await OnAsync(store));
            }
        }

        return rows;
    }

    private static async Task<IEnumerable<Row>> OnAsync(BenchStore store)
    {
        var strategy = Strategies.Retail();
        var events = FoldBench.Events(EventsOfCustomer);
        var recorded = ImmutableArray.CreateBuilder<RecordedEvent>(events.Length);
        List<CustomerState> states = [CustomerState.Empty];
        foreach (var e in events)
        {
            var plan = Recorder.Plan(states[^1], [e], strategy, e.ReceivedAt);
            recorded.Add(plan.Accepted[0]);
            states.Add(plan.Next);
        }

        var (warm, cold, bare, storm) = (Customers("warm", WarmUps), Customers("cold", OneByOne), Customers("bare", OneByOne), Customers("storm", AtOnce));
        var (warmer, later) = (Customers("warmer", MoreWarmUps), Customers("later", OneByOne));
        await using (var log = new ServiceCollection().AddLogging().AddDecisioningStorage(new ConfigurationBuilder().AddCommandLine([.. store.Settings]).Build()).BuildServiceProvider())
        {
            await WriteAsync(log.GetRequiredService<ICustomerLog>(), [.. warm, .. cold, .. bare, .. storm, .. warmer, .. later], bare, recorded.MoveToImmutable(), states);
        }

        using var host = await TrackHost.StartAsync([.. store.Settings, .. NobodyIsWoken]);
        using var channel = GrpcChannel.ForAddress(host.Address);
        await TrackBench.PublishAsync(new(channel), Strategies.RetailSource());
        var decisions = new Api.Decisions.DecisionsClient(channel);
        await LoadAsync(decisions, warm, callers: 1);
        var justStarted = await LoadAsync(decisions, cold, callers: 1);
        await LoadAsync(decisions, warmer, callers: 1);
        return
        [
            .. Told($"{store.Name}: cold customer of 1,000 events, snapshot and up to 99 more; an engine just started", justStarted),
            .. Told($"{store.Name}: the same, an engine that loaded {WarmUps + OneByOne + MoreWarmUps:N0} before", await LoadAsync(decisions, later, callers: 1)),
            .. Told($"{store.Name}: cold customer of 1,000 events, no snapshot", await LoadAsync(decisions, bare, callers: 1)),
            .. Told($"{store.Name}: cold customers of 1,000 events, {Callers} callers at once", await LoadAsync(decisions, storm, Callers), isStorm: true),
            .. Told($"{store.Name}: the same customers again, in memory", await LoadAsync(decisions, storm, callers: 1)),
        ];
    }

    private static IEnumerable<Row> Told(string name, LoadResult result, bool isStorm = false) =>
    [
        new(name + (isStorm ? "" : ", p50"), isStorm ? result.PerSecond : result.P50, isStorm ? "loads/s" : "ms"),
        new("  p99", result.P99, "ms"),
    ];

    // A customer's snapshot is as old as chance has it: up to 99 events came since.
    private static async Task WriteAsync(
        ICustomerLog log, CustomerKey[] customers, CustomerKey[] without, ImmutableArray<RecordedEvent> events, List<CustomerState> states)
    {
        for (var first = 0; first < events.Length; first += EventsOfAppend)
        {
            var some = events.Slice(first, EventsOfAppend);
            await Task.WhenAll(customers.Select(async customer =>
            {
                var result = await log.AppendAsync(customer, some[0].Sequence - 1, some, dueAt: null, CancellationToken.None);
                if (result != AppendResult.Done)
                {
                    throw new InvalidOperationException($"the append ended as {result}");
                }
            }));
        }

        var kept = customers.Except(without).Select((customer, i) => log.SaveSnapshotAsync(customer, states[^(1 + (i % SnapshotEvery))], CancellationToken.None));
        await Task.WhenAll(kept);
    }

    private static async Task<LoadResult> LoadAsync(Api.Decisions.DecisionsClient decisions, CustomerKey[] customers, int callers)
    {
        var next = -1;
        var started = Stopwatch.GetTimestamp();
        var all = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            List<double> milliseconds = [];
            while (Interlocked.Increment(ref next) is var n && n < customers.Length)
            {
                var asked = Stopwatch.GetTimestamp();
                var answer = await decisions.NextBestActionAsync(new Api.NextBestActionRequest
                {
                    Customer = new Api.CustomerIdentity { UserId = customers[n].Id },
                    Channel = "web",
                    DryRun = true,
                });
                milliseconds.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
                if (answer.Decision.Sequence != EventsOfCustomer)
                {
                    throw new InvalidOperationException($"the customer has the sequence {answer.Decision.Sequence}, not {EventsOfCustomer}");
                }
            }

            return milliseconds;
        })));
        var took = Stopwatch.GetElapsedTime(started);
        var sorted = all.SelectMany(each => each).Order().ToArray();
        return new(sorted.Length / took.TotalSeconds, sorted);
    }

    private static CustomerKey[] Customers(string name, int count) =>
        [.. Enumerable.Range(0, count).Select(n => CustomerKey.User("default", string.Create(CultureInfo.InvariantCulture, $"{name}-{n:D6}")))];
}
