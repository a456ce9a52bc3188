using System.Collections.Immutable;
using System.Diagnostics;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Values;
using Decisioning.Storage;

namespace Decisioning.Benchmarks;

/// <summary>What the benchmarks of the log write: the same events on every store.</summary>
internal static class LogLoad
{
    public const int Customers = 100_000;

    public static readonly DateTimeOffset Start = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    public static CustomerKey[] Keys() => [.. Enumerable.Range(0, Customers).Select(n => CustomerKey.User("default", $"customer-{n:D6}"))];

    public static int PayloadBytes() => Storage.Codecs.EventCodec.Write(Keys()[0].Value, Event(Customers / 2, 1)).Length;

    public static RecordedEvent Event(int n, long sequence) => new(sequence, (ulong)n, new CustomerEvent(
        $"{n:D8}-5b1c-4f6e-9d0a-0123456789ab",
        EventType.Track,
        "Product Viewed",
        Start.AddSeconds(n),
        Start.AddSeconds(n),
        PropertyMap.Of(("product_id", Value.Of($"sku-{n % 977}")), ("price", Value.Of(n % 100 * 0.5)), ("quantity", Value.Of(n % 7L)), ("category", Value.Of("shoes"))),
        PropertyMap.Of(("channel", Value.Of("web")), ("device", Value.Of(PropertyMap.Of(("type", Value.Of("mobile"))))))));

    /// <summary>Appends, one event per customer and call, so many calls at once.</summary>
    public static async Task<(string Name, double Value, string Unit)[]> AppendAsync(ICustomerLog log, int callers, int events, string name)
    {
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
                var result = await log.AppendAsync(keys[n % Customers], sequence, [Event(n, sequence + 1)], null, CancellationToken.None);
                mine.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
                if (result != AppendResult.Done)
                {
                    throw new InvalidOperationException($"append {n}: {result}");
                }
            }
        })));

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        cpu = Environment.CpuUsage.TotalTime - cpu;
        var sorted = latencies.SelectMany(mine => mine).Order().ToArray();
        name = $"{name}, 1 event per customer, {callers} in flight";
        return
        [
            (name, events / seconds, "events/s"),
            ($"{name}, processor time per event", cpu.TotalMicroseconds / events, "us"),
            ($"{name}, p50", sorted[sorted.Length / 2], "ms"),
            ($"{name}, p99", sorted[sorted.Length * 99 / 100], "ms"),
        ];
    }

    /// <summary>Bytes allocated by the store for each append of one event: of a customer it never heard of, and of one that it has in memory.</summary>
    public static async Task<(string Name, double Value, string Unit)[]> AllocatedAsync(ICustomerLog log, string name)
    {
        const int Appends = 20_000;
        const int Callers = 100;
        var keys = Keys();
        var rows = new List<(string, double, string)>();
        for (var sequence = 0; sequence < 2; sequence++)
        {
            var events = Enumerable.Range(0, Appends).Select(n => ImmutableArray.Create(Event((sequence * Appends) + n, sequence + 1))).ToArray();
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
            {
                for (var n = caller; n < Appends; n += Callers)
                {
                    await log.AppendAsync(keys[n], sequence, events[n], null, CancellationToken.None);
                }
            }));
            rows.Add(($"{name}, bytes allocated for each {(sequence == 0 ? "first event" : "event after it")}", (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Appends, "B"));
        }

        return [.. rows];
    }
}
