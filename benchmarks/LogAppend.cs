using System.Collections.Immutable;
using System.Diagnostics;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Values;
using Decisioning.Storage;
using Decisioning.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Decisioning.Benchmarks;

/// <summary>How fast the embedded log takes events, acknowledged after the disk, and how fast it gives a customer back.</summary>
public static class LogAppendBench
{
    private const int Customers = 100_000;
    private const int ColdEvents = 1_000;
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    /// <summary>Runs all; about a minute. Each row: what, how much, in which unit.</summary>
    public static async Task<ImmutableArray<(string Name, double Value, string Unit)>> RunAsync()
    {
        var rows = ImmutableArray.CreateBuilder<(string, double, string)>();
        foreach (var callers in (int[])[1, 32, 256, 2_048])
        {
            rows.AddRange(await AppendAsync(callers, events: callers == 1 ? 2_000 : callers == 32 ? 50_000 : 4 * Customers));
        }

        rows.AddRange(await LoadAsync());
        return rows.ToImmutable();
    }

    private static async Task<(string, double, string)[]> AppendAsync(int callers, int events)
    {
        using var folder = new ScratchFolder();
        using var store = folder.Open();
        var keys = Keys();
        var cpu = Environment.CpuUsage.TotalTime;
        var latencies = new List<double>[callers];
        var started = Stopwatch.GetTimestamp();

        // Caller c has the customers c, c + callers, …, one event each, then again: never the same customer twice in a row.
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var mine = latencies[caller] = [];
            for (var n = caller; n < events; n += callers)
            {
                var sequence = n / Customers;
                var asked = Stopwatch.GetTimestamp();
                var result = await store.AppendAsync(keys[n % Customers], sequence, [Event(n, sequence + 1)], null, CancellationToken.None);
                mine.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
                if (result != AppendResult.Done)
                {
                    throw new InvalidOperationException($"append {n}: {result}");
                }
            }
        })));

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        cpu = Environment.CpuUsage.TotalTime - cpu;
        store.Dispose();
        var sorted = latencies.SelectMany(mine => mine).Order().ToArray();
        var name = $"log append, 1 event per customer, {callers} in flight";
        return
        [
            (name, events / seconds, "events/s"),
            ($"{name}, processor time per event", cpu.TotalMicroseconds / events, "us"),
            ($"{name}, p50", sorted[sorted.Length / 2], "ms"),
            ($"{name}, p99", sorted[sorted.Length * 99 / 100], "ms"),
            ($"{name}, bytes on disk per payload byte", folder.Bytes() / ((double)events * PayloadBytes()), "ratio"),
        ];
    }

    private static async Task<(string, double, string)[]> LoadAsync()
    {
        using var folder = new ScratchFolder();
        var keys = Keys();
        await using (var store = folder.Open())
        {
            for (var batch = 0; batch < ColdEvents / 50; batch++)
            {
                var first = batch * 50;
                await Task.WhenAll(Enumerable.Range(0, 100).Select(customer => store.AppendAsync(
                    keys[customer],
                    first,
                    [.. Enumerable.Range(first, 50).Select(n => Event((customer * ColdEvents) + n, n + 1))],
                    null,
                    CancellationToken.None)));
            }
        }

        await using var reopened = folder.Open();
        var whole = new List<double>();
        foreach (var key in keys[..100])
        {
            var started = Stopwatch.GetTimestamp();
            await reopened.LoadAsync(key, Start, CancellationToken.None);
            whole.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
            await reopened.SaveSnapshotAsync(key, new CustomerState { Sequence = ColdEvents - 20 }, CancellationToken.None);
        }

        var tail = new List<double>();
        for (var round = 0; round < 10; round++)
        {
            foreach (var key in keys[..100])
            {
                var started = Stopwatch.GetTimestamp();
                await reopened.LoadAsync(key, Start, CancellationToken.None);
                tail.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
            }
        }

        whole.Sort();
        tail.Sort();
        return
        [
            ("log load, 1,000 events without snapshot, p50", whole[whole.Count / 2], "us"),
            ("log load, 1,000 events without snapshot, p99", whole[whole.Count * 99 / 100], "us"),
            ("log load, snapshot and 20 events, p50", tail[tail.Count / 2], "us"),
            ("log load, snapshot and 20 events, p99", tail[tail.Count * 99 / 100], "us"),
        ];
    }

    private static CustomerKey[] Keys() => [.. Enumerable.Range(0, Customers).Select(n => CustomerKey.User("default", $"customer-{n:D6}"))];

    private static int PayloadBytes() => Storage.Codecs.EventCodec.Write(Keys()[0].Value, Event(Customers / 2, 1)).Length;

    private static RecordedEvent Event(int n, long sequence) => new(sequence, (ulong)n, new CustomerEvent(
        $"{n:D8}-5b1c-4f6e-9d0a-0123456789ab",
        EventType.Track,
        "Product Viewed",
        Start.AddSeconds(n),
        Start.AddSeconds(n),
        PropertyMap.Of(("product_id", Value.Of($"sku-{n % 977}")), ("price", Value.Of(n % 100 * 0.5)), ("quantity", Value.Of(n % 7L)), ("category", Value.Of("shoes"))),
        PropertyMap.Of(("channel", Value.Of("web")), ("device", Value.Of(PropertyMap.Of(("type", Value.Of("mobile"))))))));

    private sealed class ScratchFolder : IDisposable
    {
        private readonly string _path = Directory.CreateTempSubdirectory("decisioning-bench-").FullName;
        private readonly StorageMeter _meter = new(null);

        public SqliteStore Open() => new(
            Options.Create(new StorageOptions { DataFolder = _path }), _meter, NullLogger<SqliteStore>.Instance);

        public double Bytes() => new DirectoryInfo(_path).EnumerateFiles("*.db").Sum(file => file.Length);

        public void Dispose()
        {
            _meter.Dispose();
            Directory.Delete(_path, recursive: true);
        }
    }
}
