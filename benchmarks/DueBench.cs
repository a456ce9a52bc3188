using System.Collections.Immutable;
using System.Diagnostics;
using Decisioning.Engine.Customers;
using Decisioning.Storage;
using Decisioning.Storage.Postgres;
using Decisioning.Storage.Sqlite;
using Decisioning.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Decisioning.Benchmarks;

/// <summary>
/// What the due table costs: a sweep over 500 due customers among a thousand rows and among a million, and appends that set
/// a row beside appends that set none.
/// </summary>
internal static class DueBench
{
    private const int Due = 500;
    private const int AtOnce = 64;
    private const int Appends = 200_000;
    private const int Rounds = 25;
    private static readonly DateTimeOffset _start = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    /// <summary>Runs all; about two minutes.</summary>
    public static async Task<ImmutableArray<Row>> RunAsync()
    {
        var rows = ImmutableArray.CreateBuilder<Row>();
        var folder = Directory.CreateTempSubdirectory("decisioning-bench-");
        rows.AddRange(await RunAsync("SQLite", name => OpenSqlite(folder, name)));
        folder.Delete(recursive: true);
        if (PostgresServer.Programs is not null)
        {
            using var server = PostgresServer.Start(sync: true, "shared_buffers=256MB", "max_wal_size=4GB");
            rows.AddRange(await RunAsync("PostgreSQL", name => OpenPostgres(server, name)));
        }

        return rows.ToImmutable();
    }

    private static async Task<ImmutableArray<Row>> RunAsync(string store, Func<string, Opened> open)
    {
        var rows = ImmutableArray.CreateBuilder<Row>();
        var medians = new List<double>();
        foreach (var customers in (int[])[1_000, 1_000_000])
        {
            using (var filled = open($"due_{customers}"))
            {
                // Spread over a year in no order: the worst that a table comes to.
                await FillAsync(filled.Log, customers, n => n % (customers / Due) == 0 ? _start : _start.AddDays(1).AddSeconds(n * 7919L % 31_536_000));
            }

            // Opened again: nothing of the filling is still being written behind the sweep.
            using var opened = open($"due_{customers}");
            medians.Add(await SweepAsync(opened.Due));
            rows.Add(new($"{store}: read and settle {Due} due rows among {customers:N0}, p50", medians[^1], "ms"));
        }

        rows.Add(new($"{store}: among 1,000,000 / among 1,000", medians[1] / medians[0], "ratio"));

        // As events come: each customer due some time after its own.
        double with, without;
        using (var opened = open("due_with"))
        {
            with = await FillAsync(opened.Log, Appends, n => _start.AddDays(30).AddMilliseconds(n));
        }

        using (var opened = open("due_without"))
        {
            without = await FillAsync(opened.Log, Appends, _ => null);
        }

        rows.Add(new($"{store}: appends of new customers, each with its due row", with, "events/s"));
        rows.Add(new($"{store}: appends with due rows / without", with / without, "ratio"));
        return rows.ToImmutable();
    }

    /// <summary>Gives each customer an event, and its row.</summary>
    private static async Task<double> FillAsync(ICustomerLog log, int customers, Func<int, DateTimeOffset?> dueAt)
    {
        var next = 0;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Math.Min(2_048, customers)).Select(_ => Task.Run(async () =>
        {
            for (var n = Interlocked.Increment(ref next) - 1; n < customers; n = Interlocked.Increment(ref next) - 1)
            {
                var result = await log.AppendAsync(Key(n), 0, [Event(n)], dueAt(n), CancellationToken.None);
                if (result is not AppendResult.Appended)
                {
                    throw new InvalidOperationException($"append {n}: {result}");
                }
            }
        })));
        return customers / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Sweeps as a part's grain does, some rows at once, each settled a second later.</summary>
    private static async Task<double> SweepAsync(IDueTable table)
    {
        var took = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var (now, seen) = (_start.AddSeconds(round), 0);
            var started = Stopwatch.GetTimestamp();
            using var places = new SemaphoreSlim(AtOnce);
            var settling = new List<Task>();
            for (var shard = 0; shard < table.Shards; shard++)
            {
                foreach (var due in await table.DueAsync(shard, null, now, Due, CancellationToken.None))
                {
                    seen++;
                    await places.WaitAsync();
                    settling.Add(SettleAsync(due));
                }
            }

            await Task.WhenAll(settling);
            took.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            if (seen != Due)
            {
                throw new InvalidOperationException($"{seen} customers were due, not {Due}");
            }

            async Task SettleAsync(DueCustomer due)
            {
                await table.SettleAsync(due.Customer, 1, due.DueAt, now.AddSeconds(1), CancellationToken.None);
                places.Release();
            }
        }

        took.Sort();
        return took[Rounds / 2];
    }

    private static CustomerKey Key(int n) => CustomerKey.User("default", $"customer-{n:D7}");

    private static RecordedEvent Event(int n) => new(1, (ulong)n, new CustomerEvent(
        $"{n:D8}-5b1c-4f6e-9d0a-0123456789ab", EventType.Track, "Product Viewed", _start, _start, Engine.Values.PropertyMap.Empty, Engine.Values.PropertyMap.Empty));

    private static Opened OpenSqlite(DirectoryInfo folder, string name)
    {
        var meter = new StorageMeter(null);
        var store = new SqliteStore(Options.Create(new StorageOptions { DataFolder = Path.Combine(folder.FullName, name) }), meter, NullLogger<SqliteStore>.Instance);
        return new(store, store, () =>
        {
            store.Dispose();
            meter.Dispose();
        });
    }

    private static Opened OpenPostgres(PostgresServer server, string name)
    {
        var meter = new StorageMeter(null);
        var options = new StorageOptions { Kind = StorageKind.Postgres, Postgres = { ConnectionString = server.ConnectionString, Schema = name } };
        var store = new PostgresStore(Options.Create(options), meter, NullLogger<PostgresStore>.Instance);
        return new(store, store, () =>
        {
            store.Dispose();
            meter.Dispose();
        });
    }

    private sealed record Opened(ICustomerLog Log, IDueTable Due, Action Close) : IDisposable
    {
        public void Dispose() => Close();
    }
}
