using System.Collections.Immutable;
using System.Diagnostics;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Strategies;
using Decisioning.Storage.Codecs;

namespace Decisioning.Benchmarks;

/// <summary>How fast a log is folded again, on one core: the fold alone, and with the events read from their stored form.</summary>
internal static class ReplayBench
{
    private const int EventsOfCustomer = 1_000;
    private const int Slice = 100;
    private const string Customer = "default/u/customer-000001";
    private static readonly TimeSpan _measured = TimeSpan.FromSeconds(5);

    public static IReadOnlyList<Row> Run()
    {
        var shop = FoldBench.Events(EventsOfCustomer);
        return
        [
            .. Replay("10 features and 20 rules", FoldBench.Shop(10, 20), shop),
            .. Replay("retail strategy", Strategies.Retail(), shop),
            .. Replay("100 features and 300 rules", Strategies.Scale(300), RuleScaleBench.History(EventsOfCustomer)),
            .. Replay("100 features and 1,000 rules", Strategies.Scale(1_000), RuleScaleBench.History(EventsOfCustomer)),
        ];
    }

    private static IEnumerable<Row> Replay(string name, Strategy strategy, ImmutableArray<CustomerEvent> events)
    {
        var log = Recorder.Plan(CustomerState.Empty, events, strategy, events[^1].ReceivedAt).Accepted;
        var payloads = log.Select(recorded => EventCodec.Write(Customer, recorded)).ToArray();
        var (states, slices) = (new CustomerState[(log.Length / Slice) + 1], new ImmutableArray<RecordedEvent>[log.Length / Slice]);
        states[0] = CustomerState.Empty;
        for (var i = 0; i < slices.Length; i++)
        {
            slices[i] = log.Slice(i * Slice, Slice);
            states[i + 1] = Folding.Replay(states[i], slices[i], strategy);
        }

        yield return Best($"{name}: fold", slices.Length, i => Folding.Replay(states[i], slices[i], strategy));
        yield return Best($"{name}: read and fold", slices.Length, i =>
            Folding.Replay(states[i], payloads.Skip(i * Slice).Take(Slice).Select(payload => EventCodec.Read(Customer, payload)), strategy));
    }

    // Of each slice the best of many rounds: what else runs on the machine only ever adds.
    private static Row Best(string name, int slices, Func<int, CustomerState> fold)
    {
        var best = new TimeSpan[slices];
        Array.Fill(best, TimeSpan.MaxValue);
        var watch = Stopwatch.StartNew();
        var bytes = 0L;
        while (watch.Elapsed < _measured)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < slices; i++)
            {
                var start = Stopwatch.GetTimestamp();
                GC.KeepAlive(fold(i));
                var spent = Stopwatch.GetElapsedTime(start);
                best[i] = spent < best[i] ? spent : best[i];
            }

            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        return new(name, slices * Slice / best.Sum(spent => spent.TotalSeconds), "events/s", bytes / (double)(slices * Slice));
    }
}
