using System.Globalization;
using Decisioning.Benchmarks.Memory;
using Decisioning.Benchmarks.Micro;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Policies;
using Grpc.Net.Client;
using Api = Decisioning.V1;

namespace Decisioning.Benchmarks.Growth;

/// <summary>
/// How costs grow: <c>bench growth [NAME…] [--csv FILE]</c>. By rules, actions, features and events within the engine, one thread alone; by customers
/// and callers through gRPC, an engine in a process of its own.
/// </summary>
internal static class GrowthBench
{
    /// <summary>Its name on the command line.</summary>
    public const string Verb = "growth";

    private static readonly DateTimeOffset _now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _measured = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(string[] args)
    {
        (string Name, Func<Task<IReadOnlyList<GrowthTable>>> Make)[] all =
        [
            ("rules", () => One(ByRules)), ("other-rules", () => One(ByOtherRules)), ("actions", () => One(ByActions)), ("features", () => One(ByFeatures)), ("events", () => One(ByEvents)), ("grpc", ThroughGrpcAsync),
        ];
        (string[] names, string? file) = args is [.. var some, "--csv", var given] ? (some, given) : (args, null);
        if (names.Except(all.Select(one => one.Name)).FirstOrDefault() is { } unknown)
        {
            Console.Error.WriteLine($"`{unknown}` is not understood; write `bench growth [NAME…] [--csv FILE]` with names of {string.Join(", ", all.Select(one => one.Name))}, without one for all");
            return 2;
        }

        List<GrowthTable> tables = [];
        foreach (var (_, make) in all.Where(one => names.Length == 0 || names.Contains(one.Name)))
        {
            foreach (var table in await make())
            {
                tables.Add(table);
                Console.WriteLine(string.Join('\n', table.Lines()));
            }
        }

        if (file is not null)
        {
            await File.WriteAllLinesAsync(file, tables.SelectMany(table => table.Csv()).Prepend(GrowthTable.CsvHeader));
        }

        return 0;

        static Task<IReadOnlyList<GrowthTable>> One(Func<GrowthTable> make) => Task.FromResult<IReadOnlyList<GrowthTable>>([make()]);
    }

    private static GrowthTable ByRules() => ByRules("one event recorded that features count", e => e);

    private static GrowthTable ByOtherRules() => ByRules("one event recorded that no feature counts", e => e with { Name = "Something Else" });

    private static GrowthTable ByRules(string name, Func<CustomerEvent, CustomerEvent> what) => new(name, "rules", "grows with the rules touched, not with the rules there are", Points([10, 30, 100, 300, 1_000, 3_000, 10_000], rules =>
    {
        var strategy = Strategies.Scale(rules);
        var history = RuleScaleBench.History(600);
        var log = Recorder.Plan(CustomerState.Empty, [.. history[..400], .. history[400..].Select(what)], strategy, _now.AddYears(1)).Accepted;
        var before = Folding.Replay(CustomerState.Empty, log[..400], strategy);
        return (200, () =>
        {
            var state = before;
            for (var i = 400; i < 600; i++)
            {
                state = Folding.Apply(state, log[i], strategy);
            }

            return state;
        });
    }));

    private static GrowthTable ByActions() => new("one decision, three best of all", "actions", "100 µs at 2,500; no more than linear", Points([10, 30, 100, 300, 1_000, 2_500], actions =>
    {
        var strategy = DecideStrategy.Own(actions);
        var state = Recorder.Plan(CustomerState.Empty, DecideBench.Events(), strategy, _now).Next;
        var request = DecideBench.Request(ExplainLevel.None);
        return (1, () => Decider.Decide(CustomerKey.User("default", "ann"), state, OpenOffers.Empty, strategy, request, _now));
    }));

    private static GrowthTable ByFeatures() => new("one event recorded, 20 rules", "features", "grows with the features that look at the event: a tenth of them here", Points([10, 30, 60, 100, 200, 300], features =>
    {
        var strategy = FoldBench.Shop(features, 20);
        var all = FoldBench.Events(480);
        var later = all[^1].ReceivedAt.AddDays(1);
        var state = Recorder.Plan(CustomerState.Empty, all[..400], strategy, later).Next;
        return (80, () =>
        {
            var next = state;
            foreach (var e in all[400..])
            {
                next = Recorder.Plan(next, [e], strategy, later).Next;
            }

            return next;
        });
    }));

    private static GrowthTable ByEvents() => new("one event recorded, 10 features, 20 rules", "events of the customer before", "constant: the log grows, the state does not", Points([30, 100, 300, 1_000, 3_000, 10_000], events =>
    {
        var strategy = FoldBench.Shop(10, 20);
        var all = FoldBench.Events(events + 48);
        var later = all[^1].ReceivedAt.AddDays(1);
        var state = Recorder.Plan(CustomerState.Empty, all[..events], strategy, later).Next;
        return (48, () =>
        {
            var next = state;
            foreach (var e in all[events..])
            {
                next = Recorder.Plan(next, [e], strategy, later).Next;
            }

            return next;
        });
    }));

    private static GrowthPoint[] Points(int[] sizes, Func<int, (int Operations, Func<object?> Run)> make) => [.. sizes.Select(size =>
    {
        var (operations, run) = make(size);
        var result = MicroMeasure.Measure(new(string.Create(CultureInfo.InvariantCulture, $"{size}"), operations, run));
        return new GrowthPoint(size, result.Nanoseconds / 1_000, result.Bytes);
    })];

    private static async Task<IReadOnlyList<GrowthTable>> ThroughGrpcAsync()
    {
        var folder = Directory.CreateTempSubdirectory("decisioning-growth-").FullName;
        try
        {
            using var host = await TrackHost.StartAsync([$"--Storage:DataFolder={folder}"]);
            using var channel = GrpcChannel.ForAddress(host.Address);
            await TrackBench.PublishAsync(new(channel), TypicalCustomers.Source());
            var load = new MemoryLoad(channel);
            var decisions = new Api.Decisions.DecisionsClient(channel);
            List<GrowthPoint> byCustomers = [], byCallers = [];
            var active = 0;
            foreach (var customers in new[] { 1_000, 3_000, 10_000, 30_000, 100_000 })
            {
                await load.TrackEachAsync(active, customers);
                active = customers;
                byCustomers.Add(await MeasureAsync(customers, () => TrackLoad.UnaryAsync(callers: 64, _measured, n => AskAsync(n, customers))));
            }

            foreach (var callers in new[] { 1, 4, 16, 64, 256 })
            {
                byCallers.Add(await MeasureAsync(callers, () => TrackLoad.UnaryAsync(callers, _measured, n => AskAsync(n, active))));
            }

            return
            [
                new("one decision over gRPC, 64 callers, engine's processor time", "customers in memory", "constant until the processor's caches are full, and more for those at rest", byCustomers),
                new("one decision over gRPC, engine's processor time", "callers at once", "constant or less: calls at once share what they wake up", byCallers),
            ];

            Task AskAsync(long n, int customers) => decisions.NextBestActionAsync(MemoryLoad.Ask(n, customers)).ResponseAsync;

            // The processor's time per call: how long callers wait tells how many there are.
            async Task<GrowthPoint> MeasureAsync(int size, Func<Task<LoadResult>> run)
            {
                await run();
                var (cpu, allocated) = (host.Cpu, await host.AllocatedAsync());
                var result = await run();
                var calls = result.Milliseconds.Length;
                return new(size, (host.Cpu - cpu).TotalMicroseconds / calls, (double)(await host.AllocatedAsync() - allocated) / calls);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
