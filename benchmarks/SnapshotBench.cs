using System.Diagnostics;
using Decisioning.Benchmarks.Memory;
using Decisioning.Engine.Customers;
using Decisioning.Storage.Codecs;

namespace Decisioning.Benchmarks;

/// <summary>Snapshots of typical customers: written, read, and how large they are.</summary>
internal static class SnapshotBench
{
    private const int Customers = 500;

    public static IReadOnlyList<Row> Run()
    {
        var now = new DateTimeOffset(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);
        var strategy = TypicalCustomers.Strategy();
        CustomerState[] states = [.. Enumerable.Range(0, Customers).Select(i => Recorder.Plan(CustomerState.Empty, TypicalCustomers.Events(i, now), strategy, now).Next)];
        byte[][] stored = [.. states.Select(state => SnapshotCodec.Write("default/u/ann", state))];
        return
        [
            new("a snapshot", stored.Average(bytes => bytes.Length), "B"),
            Best("a snapshot written", i => SnapshotCodec.Write("default/u/ann", states[i])),
            Best("a snapshot read", i => SnapshotCodec.TryRead("default/u/ann", stored[i], out var state, out _) ? state : throw new InvalidOperationException("not read")),
        ];
    }

    private static Row Best(string name, Func<int, object> run)
    {
        var (best, bytes) = (double.MaxValue, 0L);
        for (var round = 0; round < 100; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < Customers; i++)
            {
                GC.KeepAlive(run(i));
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds / Customers);
            bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / Customers;
        }

        return new(name, best, "ns", bytes);
    }
}
