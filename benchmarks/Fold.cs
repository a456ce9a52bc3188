using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;

namespace Decisioning.Benchmarks;

/// <summary>What it costs to turn an event into state: recorded by a grain, replayed from a log, and what a customer then weighs.</summary>
internal static class FoldBench
{
    private const int EventsOfCustomer = 400;
    private static readonly DateTimeOffset _start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<(string Name, double Nanoseconds, double Bytes)> Run()
    {
        var small = Shop(10, 20);
        var large = Shop(100, 1000);
        return
        [
            Record("one event recorded, 10 features, 20 rules", small),
            Replay("one event replayed, 10 features, 20 rules", small),
            Record("one event recorded, 100 features, 1,000 rules", large),
            Replay("one event replayed, 100 features, 1,000 rules", large),
            Foresee("the next instant foreseen, 10 features, 20 rules", small),
            Foresee("the next instant foreseen, 100 features, 1,000 rules", large),
            Weigh("a customer with 25 events, 10 features, 20 rules (memory)", small, 25),
            Weigh("a customer with 400 events, 10 features, 20 rules (memory)", small, EventsOfCustomer),
        ];
    }

    internal static (string Name, double Nanoseconds, double Bytes) Record(string name, Strategy strategy)
    {
        var events = Events(EventsOfCustomer);
        var state = Recorder.Plan(CustomerState.Empty, events, strategy, _start.AddYears(1)).Next;
        var next = Events(2 * EventsOfCustomer)[EventsOfCustomer..];
        return Measure(name, next.Length, 200, () =>
        {
            var warm = state;
            foreach (var e in next)
            {
                warm = Recorder.Plan(warm, [e], strategy, _start.AddYears(1)).Next;
            }

            return warm;
        });
    }

    private static (string Name, double Nanoseconds, double Bytes) Replay(string name, Strategy strategy)
    {
        var log = Recorder.Plan(CustomerState.Empty, Events(EventsOfCustomer), strategy, _start.AddYears(1)).Accepted;
        return Measure(name, log.Length, 300, () => Folding.Replay(CustomerState.Empty, log, strategy));
    }

    private static (string Name, double Nanoseconds, double Bytes) Foresee(string name, Strategy strategy)
    {
        var state = Recorder.Plan(CustomerState.Empty, Events(EventsOfCustomer), strategy, _start.AddYears(1)).Next;
        return Measure(name, 20, 1_000, () =>
        {
            for (var i = 0; i < 20; i++)
            {
                GC.KeepAlive(Waking.NextAt(state, strategy, _start));
            }

            return state;
        });
    }

    // The best round counts: what else runs on the machine only ever adds.
    private static (string Name, double Nanoseconds, double Bytes) Measure(string name, int events, int rounds, Func<CustomerState> run)
    {
        for (var i = 0; i < rounds / 2; i++)
        {
            GC.KeepAlive(run());
        }

        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < rounds; i++)
        {
            var start = Stopwatch.GetTimestamp();
            GC.KeepAlive(run());
            var spent = Stopwatch.GetElapsedTime(start);
            best = spent < best ? spent : best;
        }

        return (name, best.TotalNanoseconds / events, (GC.GetAllocatedBytesForCurrentThread() - bytes) / ((double)rounds * events));
    }

    internal static (string Name, double Nanoseconds, double Bytes) Weigh(string name, Strategy strategy, int events, int customers = 2_000)
    {
        var all = Events(events);
        var states = new CustomerState[customers];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < customers; i++)
        {
            states[i] = Recorder.Plan(CustomerState.Empty, all, strategy, _start.AddYears(1)).Next;
        }

        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(states);
        return (name, 0, (double)bytes / customers);
    }

    // A visitor who looks around for some minutes, comes back some hours later, and buys now and then.
    internal static ImmutableArray<CustomerEvent> Events(int count)
    {
        var context = PropertyMap.Of(("channel", Value.Of("web")), ("device", Value.Of(PropertyMap.Of(("type", Value.Of("mobile"))))));
        var events = ImmutableArray.CreateBuilder<CustomerEvent>(count);
        var at = _start;
        for (var i = 0; i < count; i++)
        {
            at = at.AddMinutes(i % 12 == 0 ? 300 : 2);
            var name = (i % 24) switch { 23 => "Order Completed", 11 or 17 => "Product Added", 5 => "Article Read", _ => "Product Viewed" };
            var properties = PropertyMap.Of(("category", Value.Of("c" + (i % 5))), ("price", Value.Of((i * 7 % 120) + 0.99)), ("product_id", Value.Of("p" + (i % 30))));
            events.Add(new($"message-{i:000000}", EventType.Track, name, at, at.AddSeconds(1), properties, context));
        }

        return events.ToImmutable();
    }

    internal static Strategy Shop(int features, int rules)
    {
        var yaml = new StringBuilder("""
            strategy: bench
            timezone: Europe/London
            events:
              Product Viewed:  { category: string, price: double, product_id: string }
              Product Added:   { category: string, price: double, product_id: string }
              Article Read:    { category: string, price: double, product_id: string }
              Order Completed: { category: string, price: double, product_id: string }
            scores:
              lead:
                half_life: 30d
                cap: 100
                points:
                  - { on: Product Added, add: 5 }
                grades: { mql: 40, sql: 70, hysteresis: 5 }
            journey:
              find:    { enter: true, exit: stages.entice.in }
              entice:  { enter: features.f0 >= 3, exit: features.f4 > 0 }
              conquer: { enter: grade("lead") >= "mql", exit: features.f4 > 0 }
              connect: { enter: features.f4 > 0 }
            features:

            """);
        string[] names = ["Product Viewed", "Product Added", "Article Read", "Order Completed"];
        for (var i = 0; i < features; i++)
        {
            var of = i < 10 ? names[i % 4] : names[i % 40 == 0 ? 0 : 2];
            yaml.AppendLine((i % 10) switch
            {
                0 => $"  f{i}: {{ count: {of}, within: {7 + i}d }}",
                1 => $"  f{i}: {{ sum: event.price, of: {of}, within: {30 + i}d }}",
                2 => $"  f{i}: {{ distinct: event.product_id, of: {of}, within: {7 + i}d }}",
                3 => $"  f{i}: {{ last: {of} }}",
                4 => $"  f{i}: {{ count: {(i < 10 ? "Order Completed" : of)}{(i < 10 ? "" : $", within: {90 + i}d")} }}",
                5 => $"  f{i}: {{ sum: event.price, of: {(i < 10 ? "Order Completed" : of)}{(i < 10 ? "" : $", within: {365 + i}d")} }}",
                6 => $"  f{i}: {{ last: event.category, of: {of}{(i < 10 ? "" : $", within: {30 + i}d")} }}",
                7 => $"  f{i}: {{ count: {of}, where: event.price > {50 + i}.0, within: 1d }}",
                8 => $"  f{i}: {{ first: {of}{(i < 10 ? "" : $", within: {30 + i}d")} }}",
                _ => $"  f{i}: {{ sum: event.price, of: {of}, within: {i}h }}",
            });
        }

        yaml.AppendLine("rules:");
        for (var i = 0; i < rules; i++)
        {
            var feature = i % (features / 10) * 10;
            yaml.AppendLine($"""
              - id: rule-{i}
                behaviour: features.f{feature} >= {1 + (i % 40)} && features.f{feature + 1} > {i % 50 * 10}.0
                order: features.f{feature + 5} < {500 + i}.0
                device: device.type == "mobile" || channel == "app"
            """);
            yaml.AppendLine(i % 10 == 0 ? "    time: now.hour >= 9 && now.hour < 20\n    then:" : "    then:");
            yaml.AppendLine($"      - tag: {{ name: tag{i % 30}, expires: 14d }}");
        }

        var (strategy, errors) = StrategyCompiler.Compile(new(ImmutableSortedDictionary<string, string>.Empty.Add("strategy.yaml", yaml.ToString())), 1);
        return strategy ?? throw new InvalidOperationException(string.Join('\n', errors.Take(10)));
    }
}
