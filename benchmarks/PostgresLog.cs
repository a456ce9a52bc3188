using System.Collections.Immutable;
using System.Diagnostics;
using Decisioning.Storage;
using Decisioning.Storage.Codecs;
using Decisioning.Storage.Postgres;
using Decisioning.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Decisioning.Benchmarks;

/// <summary>
/// How fast the log on PostgreSQL takes events, acknowledged after the disk, beside what the same server commits of the same rows
/// without us. Starts a server of its own, which syncs.
/// </summary>
internal static class PostgresLogBench
{
    private const int RowsPerCommit = 500;
    private const int Rounds = 3;
    private const int Events = 3 * LogLoad.Customers;

    /// <summary>Runs all; about two minutes. Each row: what, how much, in which unit.</summary>
    public static async Task<ImmutableArray<(string Name, double Value, string Unit)>> RunAsync()
    {
        if (PostgresServer.Programs is null)
        {
            return [("PostgreSQL is not installed", 0, "")];
        }

        using var server = PostgresServer.Start(sync: true, "shared_buffers=512MB", "max_wal_size=4GB");
        var rows = ImmutableArray.CreateBuilder<(string, double, string)>();
        foreach (var callers in (int[])[1, 32, 256])
        {
            rows.AddRange(await AppendAsync(server, callers, events: callers == 1 ? 2_000 : callers == 32 ? 30_000 : LogLoad.Customers));
        }

        rows.AddRange(await OnAsync(server, store => LogLoad.AllocatedAsync(store, "log append on PostgreSQL")));

        // In turn, because what else the machine does changes from minute to minute.
        var raw = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        var ours = new List<(string Name, double Value, string Unit)[]>();
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (copy, connections) in ((bool, int)[])[(false, 1), (false, 2), (true, 1), (true, 2)])
            {
                var name = $"raw limit, {(copy ? "COPY" : "insert from arrays")}, {RowsPerCommit} rows a commit, {connections} connection{(connections == 1 ? "" : "s")}";
                var used = ProcessorTime(server);
                raw.TryAdd(name, []);
                raw[name].Add(Raw(server, copy, connections));
                raw.TryAdd(name + ", processor time per event", []);
                raw[name + ", processor time per event"].Add((ProcessorTime(server) - used).TotalMicroseconds / Events);
            }

            ours.Add(await AppendAsync(server, callers: 2_048, Events));
        }

        rows.AddRange(raw.Select(limit => (limit.Key, Median(limit.Value), limit.Key.EndsWith("time per event", StringComparison.Ordinal) ? "us" : "events/s")));
        for (var i = 0; i < ours[0].Length; i++)
        {
            rows.Add((ours[0][i].Name, Median(ours.Select(round => round[i].Value)), ours[0][i].Unit));
        }

        var limit = raw.Where(row => !row.Key.EndsWith("time per event", StringComparison.Ordinal)).Max(row => Median(row.Value));
        rows.Add(("append with 2,048 in flight / the highest raw limit", Median(ours.Select(round => round[0].Value)) / limit, "ratio"));
        return rows.ToImmutable();
    }

    private static async Task<(string Name, double Value, string Unit)[]> OnAsync(PostgresServer server, Func<PostgresStore, Task<(string Name, double Value, string Unit)[]>> measure)
    {
        using var meter = new StorageMeter(null);
        var options = new StorageOptions { Kind = StorageKind.Postgres, Postgres = { ConnectionString = server.ConnectionString, Schema = "bench" } };
        Execute(server, "DROP SCHEMA IF EXISTS bench CASCADE; CHECKPOINT");
        using var store = new PostgresStore(Options.Create(options), meter, NullLogger<PostgresStore>.Instance);
        return await measure(store);
    }

    private static async Task<(string Name, double Value, string Unit)[]> AppendAsync(PostgresServer server, int callers, int events)
    {
        var used = 0d;
        var rows = await OnAsync(server, store =>
        {
            used = ProcessorTime(server).TotalMicroseconds;
            return LogLoad.AppendAsync(store, callers, events, "log append on PostgreSQL");
        });
        rows = [.. rows, ($"log append on PostgreSQL, {callers} in flight, processor time per event with the server's", (ProcessorTime(server).TotalMicroseconds - used) / events, "us")];
        var bytes = (long)Execute(server, "SELECT sum(pg_total_relation_size(oid))::bigint FROM pg_class WHERE relnamespace = 'bench'::regnamespace AND relkind = 'r'")!;
        return callers < 256 ? rows : [.. rows, ($"log append on PostgreSQL, {callers} in flight, bytes on disk per payload byte", bytes / ((double)events * LogLoad.PayloadBytes()), "ratio")];
    }

    private static double Raw(PostgresServer server, bool copy, int connections)
    {
        Execute(server, """
            DROP SCHEMA IF EXISTS raw CASCADE; CREATE SCHEMA raw; SET search_path = raw;
            CREATE TABLE event (
              customer_id bigint NOT NULL, sequence bigint NOT NULL, message_hash uuid NOT NULL, payload bytea NOT NULL,
              PRIMARY KEY (customer_id, sequence), UNIQUE (customer_id, message_hash));
            CHECKPOINT
            """);
        var customer = LogLoad.Keys()[0].Value;
        var payloads = Enumerable.Range(0, RowsPerCommit).Select(n => EventCodec.Write(customer, LogLoad.Event(n, 1))).ToArray();
        var started = Stopwatch.GetTimestamp();
        var threads = Enumerable.Range(0, connections).Select(thread => new Thread(() => Write(server, copy, thread, connections, payloads))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return Events / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static void Write(PostgresServer server, bool copy, int thread, int threads, byte[][] payloads)
    {
        using var connection = new NpgsqlConnection(server.ConnectionString + ";Search Path=raw;Max Auto Prepare=5;Auto Prepare Min Usages=1");
        connection.Open();
        var customers = new long[RowsPerCommit];
        var sequences = new long[RowsPerCommit];
        var hashes = new Guid[RowsPerCommit];
        for (var first = 0; first < Events / threads; first += RowsPerCommit)
        {
            for (var i = 0; i < RowsPerCommit; i++)
            {
                var n = first + i;
                customers[i] = (n % (LogLoad.Customers / threads) * threads) + thread + 1;
                sequences[i] = (n / (LogLoad.Customers / threads)) + 1;
                hashes[i] = Guid.NewGuid();
            }

            if (copy)
            {
                Copy(connection, customers, sequences, hashes, payloads);
            }
            else
            {
                using var insert = new NpgsqlCommand("INSERT INTO event SELECT * FROM unnest($1, $2, $3, $4)", connection);
                insert.Parameters.Add(new() { Value = customers });
                insert.Parameters.Add(new() { Value = sequences });
                insert.Parameters.Add(new() { Value = hashes });
                insert.Parameters.Add(new() { Value = payloads });
                insert.ExecuteNonQuery();
            }
        }
    }

    private static void Copy(NpgsqlConnection connection, long[] customers, long[] sequences, Guid[] hashes, byte[][] payloads)
    {
        using var import = connection.BeginBinaryImport("COPY event FROM STDIN (FORMAT binary)");
        for (var i = 0; i < customers.Length; i++)
        {
            import.StartRow();
            import.Write(customers[i]);
            import.Write(sequences[i]);
            import.Write(hashes[i]);
            import.Write(payloads[i]);
        }

        import.Complete();
    }

    /// <summary>What this process and the server have used of the processor; the server's share only where the system tells.</summary>
    private static TimeSpan ProcessorTime(PostgresServer server)
    {
        const double TicksPerSecond = 100;
        var ticks = 0L;
        var main = File.ReadLines(Path.Combine(server.DataFolder, "postmaster.pid")).First();
        foreach (var process in Directory.Exists("/proc") ? Directory.GetDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])) : [])
        {
            try
            {
                // After the name in brackets: state, parent, …; 11 to 14 are its own time and that of its children who ended.
                var stat = File.ReadAllText(Path.Combine(process, "stat"));
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                if (Path.GetFileName(process) == main || fields[1] == main)
                {
                    ticks += fields[11..15].Sum(long.Parse);
                }
            }
            catch (IOException)
            {
                // It ended meanwhile.
            }
        }

        return Environment.CpuUsage.TotalTime + TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    private static object? Execute(PostgresServer server, string sql)
    {
        using var connection = new NpgsqlConnection(server.ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
