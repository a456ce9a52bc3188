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
/// From the start of the engine's process to the first decision a caller has: as it was built and as it is published, on an empty store, and on one of
/// many customers, each with three events and an instant at which it is to be looked at. <c>DECISIONING_START_CUSTOMERS</c> says of how many: <c>100000</c> unless
/// given, several with commas between them; a million take minutes to write.
/// </summary>
internal static class StartBench
{
    private const int Runs = 10;
    private const int AtOnce = 256;

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        using var published = await PublishedEngine.TryMakeAsync();
        List<Row> rows = [];
        foreach (var customers in (int[])[0, .. Sizes.Of("DECISIONING_START_CUSTOMERS", "100000")])
        {
            foreach (var store in BenchStore.All())
            {
                using (store)
                {
                    await FillAsync(store, customers);
                    rows.AddRange(await OfAsync(store, customers, "as built", AppContext.BaseDirectory));
                    if (published is not null)
                    {
                        rows.AddRange(await OfAsync(store, customers, "published", published.Folder));
                    }
                }
            }
        }

        return rows;
    }

    private static async Task<IEnumerable<Row>> OfAsync(BenchStore store, int customers, string form, string folder)
    {
        List<(double Ready, double Decided, double Cpu)> runs = [];
        for (var run = 0; run < Runs; run++)
        {
            var started = Stopwatch.GetTimestamp();
            using var engine = await EngineProcess.ReadyAsync(folder, store.Settings);
            var ready = Stopwatch.GetElapsedTime(started);
            using var channel = GrpcChannel.ForAddress(engine.Address);
            var answer = await new Api.Decisions.DecisionsClient(channel).NextBestActionAsync(new()
            {
                Customer = new() { UserId = Name(run) }, Channel = "web", Placements = { "hero" },
            });
            runs.Add((ready.TotalMilliseconds, Stopwatch.GetElapsedTime(started).TotalMilliseconds, engine.Cpu.TotalMilliseconds));
            if (customers > 0 && answer.Decision.Sequence < 3)
            {
                throw new InvalidOperationException($"the customer has the sequence {answer.Decision.Sequence}");
            }
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"{store.Name}, {customers:N0} customers, {form}: start → first decision");
        return
        [
            new($"{name}, median of {Runs}", Median(runs.Select(run => run.Decided)), "ms"),
            new("  max", runs.Max(run => run.Decided), "ms"),
            new("  start → ready, median", Median(runs.Select(run => run.Ready)), "ms"),
            new("  processor time until then, median", Median(runs.Select(run => run.Cpu)), "ms"),
        ];
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Runs / 2);

    private static string Name(int n) => string.Create(CultureInfo.InvariantCulture, $"start-{n:D7}");

    // Through the store's own port, as the grains write.
    private static async Task FillAsync(BenchStore store, int customers)
    {
        if (customers == 0)
        {
            return;
        }

        await using var services = new ServiceCollection().AddLogging()
            .AddDecisioningStorage(new ConfigurationBuilder().AddCommandLine(store.Settings).Build()).BuildServiceProvider();
        var log = services.GetRequiredService<ICustomerLog>();
        var plan = Recorder.Plan(CustomerState.Empty, FoldBench.Events(3), Strategies.Retail(), DateTimeOffset.UtcNow);
        var dueAt = DateTimeOffset.UtcNow.AddDays(1);
        await Parallel.ForEachAsync(Enumerable.Range(0, customers), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (n, cancellationToken) =>
        {
            if (await log.AppendAsync(CustomerKey.User("default", Name(n)), 0, plan.Accepted, dueAt.AddSeconds(n % 86_400), cancellationToken) != AppendResult.Done)
            {
                throw new InvalidOperationException("an append was not taken");
            }
        });
    }
}
