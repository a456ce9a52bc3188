using System.Collections.Immutable;
using System.Diagnostics;
using Decisioning.Engine.Customers;
using Decisioning.Storage;
using Decisioning.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Decisioning.Benchmarks;

/// <summary>How fast the embedded log takes events, acknowledged after the disk, and how fast it gives a customer back.</summary>
public static class LogAppendBench
{
    private const int ColdEvents = 1_000;

    /// <summary>Runs all; about a minute. Each row: what, how much, in which unit.</summary>
    public static async Task<ImmutableArray<(string Name, double Value, string Unit)>> RunAsync()
    {
        var rows = ImmutableArray.CreateBuilder<(string, double, string)>();
        rows.AddRange(await AllocatedAsync());
        foreach (var callers in (int[])[1, 32, 256, 2_048])
        {
            rows.AddRange(await AppendAsync(callers, events: callers == 1 ? 2_000 : callers == 32 ? 50_000 : 4 * LogLoad.Customers));
        }

        rows.AddRange(await LoadAsync());
        return rows.ToImmutable();
    }

    private static async Task<(string, double, string)[]> AppendAsync(int callers, int events)
    {
        using var folder = new ScratchFolder();
        using var store = folder.Open();
        var rows = await LogLoad.AppendAsync(store, callers, events, "log append");
        store.Dispose();
        return [.. rows, ($"log append, 1 event per customer, {callers} in flight, bytes on disk per payload byte", folder.Bytes() / ((double)events * LogLoad.PayloadBytes()), "ratio")];
    }

    private static async Task<(string, double, string)[]> AllocatedAsync()
    {
        using var folder = new ScratchFolder();
        await using var store = folder.Open();
        return await LogLoad.AllocatedAsync(store, "log append");
    }

    private static async Task<(string, double, string)[]> LoadAsync()
    {
        using var folder = new ScratchFolder();
        var keys = LogLoad.Keys();
        await using (var store = folder.Open())
        {
            for (var batch = 0; batch < ColdEvents / 50; batch++)
            {
                var first = batch * 50;
                await Task.WhenAll(Enumerable.Range(0, 100).Select(customer => store.AppendAsync(
                    keys[customer],
                    first,
                    [.. Enumerable.Range(first, 50).Select(n => LogLoad.Event((customer * ColdEvents) + n, n + 1))],
                    null,
                    CancellationToken.None)));
            }
        }

        await using var reopened = folder.Open();
        var whole = new List<double>();
        foreach (var key in keys[..100])
        {
            var started = Stopwatch.GetTimestamp();
            await reopened.LoadAsync(key, LogLoad.Start, CancellationToken.None);
            whole.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
            await reopened.SaveSnapshotAsync(key, new CustomerState { Sequence = ColdEvents - 20 }, CancellationToken.None);
        }

        var tail = new List<double>();
        for (var round = 0; round < 10; round++)
        {
            foreach (var key in keys[..100])
            {
                var started = Stopwatch.GetTimestamp();
                await reopened.LoadAsync(key, LogLoad.Start, CancellationToken.None);
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
