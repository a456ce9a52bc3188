using System.Diagnostics;
using System.Globalization;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;

namespace Decisioning.Benchmarks;

/// <summary>
/// What one event costs a silo with many customers who come in turn, so that each event finds another customer's state and leaves a new
/// one: the time, what is allocated, and what of it outlives a garbage collection. That last part is what pauses are made of.
/// </summary>
internal static class InTurnBench
{
    private const int Customers = 10_000;
    private const int Together = 1_000;
    private const int WarmUp = 36;
    private const int Measured = 12;
    private const long RegionBytes = 120_000_000;
    private static readonly DateTimeOffset _start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<Row> Run() =>
    [
        .. Of("retail strategy", Strategies.Retail(), Shopping, "Product Viewed"),
        .. Of("100 features and 1,000 rules", Strategies.Scale(1_000), turn => $"Event {turn % 12}", "Event 0"),
    ];

    private static string Shopping(int turn) => (turn % 24) switch { 23 => "Order Completed", 11 or 17 => "Product Added", _ => "Product Viewed" };

    private static IEnumerable<Row> Of(string name, Strategy strategy, Func<int, string> nameOf, string first)
    {
        var customers = new (CustomerState State, DateTimeOffset? Due)[Customers];
        Array.Fill(customers, (CustomerState.Empty, null));
        var chunk = new CustomerEvent[Together];
        var (sum, best) = (default(Spent), TimeSpan.MaxValue);
        var (allocated, survived, events, collected) = (0L, 0L, 0L, 0L);
        for (var turn = 0; turn < WarmUp + Measured; turn++)
        {
            for (var from = 0; from < Customers; from += Together)
            {
                GC.Collect(1);
                var isMeasured = turn >= WarmUp && GC.TryStartNoGCRegion(RegionBytes);
                for (var i = 0; i < Together; i++)
                {
                    chunk[i] = Event(turn, from + i, turn == 0 ? first : nameOf(turn));
                }

                var before = GC.GetAllocatedBytesForCurrentThread();
                var spent = Step(customers.AsSpan(from, Together), chunk, strategy);
                Array.Clear(chunk);
                if (!isMeasured)
                {
                    continue;
                }

                allocated += GC.GetAllocatedBytesForCurrentThread() - before;
                sum = new(sum.Plan + spent.Plan, sum.Next + spent.Next, sum.All + spent.All, sum.Alls + spent.Alls);
                events += Together;
                GC.EndNoGCRegion();
                GC.Collect(0);
                if (GC.GetGCMemoryInfo(GCKind.Ephemeral) is { Generation: 0 } collection)
                {
                    (survived, collected) = (survived + collection.PromotedBytes, collected + Together);
                }

                best = spent.Plan + spent.Next + spent.All < best ? spent.Plan + spent.Next + spent.All : best;
            }
        }

        yield return new($"{name}: one event planned, {Customers:N0} customers in turn".ToString(CultureInfo.InvariantCulture), sum.Plan.TotalNanoseconds / events, "ns", (double)allocated / events);
        yield return new("  its next instant before a known one", sum.Next.TotalNanoseconds / (events - sum.Alls), "ns");
        yield return new(string.Create(CultureInfo.InvariantCulture, $"  its next instant when none is known, {100.0 * sum.Alls / events:F0} % of events"), sum.All.TotalNanoseconds / Math.Max(1, sum.Alls), "ns");
        yield return new("  both, of the best thousand", best.TotalNanoseconds / Together, "ns");
        yield return new("  what outlives a collection", (double)survived / collected, "B");
    }

    // As a grain does it: the customer's next instant is known, and asked for when a wake was due.
    private static Spent Step(Span<(CustomerState State, DateTimeOffset? Due)> customers, CustomerEvent[] events, Strategy strategy)
    {
        var (plan, next, all, alls) = (0L, 0L, 0L, 0);
        for (var i = 0; i < events.Length; i++)
        {
            ref var customer = ref customers[i];
            var now = events[i].ReceivedAt;
            var start = Stopwatch.GetTimestamp();
            var recording = Recorder.Plan(customer.State, [events[i]], strategy, now);
            var planned = Stopwatch.GetTimestamp();
            var known = customer.Due > now ? customer.Due : null;
            var due = Waking.NextBefore(recording, strategy, now, known) ?? known;
            var found = Stopwatch.GetTimestamp() - planned;
            (next, all, alls) = known is null ? (next, all + found, alls + 1) : (next + found, all, alls);
            plan += planned - start;
            customer = (recording.Next, due);
        }

        return new(Stopwatch.GetElapsedTime(0, plan), Stopwatch.GetElapsedTime(0, next), Stopwatch.GetElapsedTime(0, all), alls);
    }

    // Every text is this event's own, as it is when it comes from a wire.
    private static CustomerEvent Event(int turn, int customer, string name)
    {
        var at = _start.AddMinutes((turn * 2) + (turn / 12 * 300)).AddMilliseconds(customer);
        var n = customer + (turn * 37);
        var properties = PropertyMap.Of(
            (Own("category"), Value.Of(string.Create(CultureInfo.InvariantCulture, $"c{n % 8}"))),
            (Own("item"), Value.Of(string.Create(CultureInfo.InvariantCulture, $"i{n % 40}"))),
            (Own("price"), Value.Of((n * 7 % 120) + 0.99)),
            (Own("product_id"), Value.Of(string.Create(CultureInfo.InvariantCulture, $"sku-{n % 100}"))),
            (Own("quantity"), Value.Of(n % 7.0)));
        var device = PropertyMap.Of((Own("type"), Value.Of(Own("mobile"))));
        var context = PropertyMap.Of((Own("channel"), Value.Of(Own("web"))), (Own("device"), Value.Of(device)));
        return new(string.Create(CultureInfo.InvariantCulture, $"r{turn:D4}{customer:D7}-5b1c-4f6e-9d0a-0123456789ab"), EventType.Track, Own(name), at, at.AddMilliseconds(1), properties, context);
    }

    // What was known of the next instant takes most of it away; when it was reached, all is asked.
    private readonly record struct Spent(TimeSpan Plan, TimeSpan Next, TimeSpan All, int Alls);

    private static string Own(string text) => new(text.AsSpan());
}
