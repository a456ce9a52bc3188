using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Rules.Indexing;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;

namespace Decisioning.Benchmarks;

/// <summary>
/// What one event costs by the number of rules, in a strategy such as a shop or a bank would have: 100 features over 12 kinds of events
/// and four windows, layers on device, time and profile that many rules share, bounds that few customers reach.
/// </summary>
internal static class RuleScaleBench
{
    private const int Features = ScaleStrategy.Features;
    private const int EventsOfCustomer = 600;
    private static readonly DateTimeOffset _start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<Row> Run() => [.. new[] { 0, 10, 100, 1_000, 10_000 }.SelectMany(Events), .. Alone(1_000), .. Alone(10_000), .. Compile(1_000, 500)];

    internal static ImmutableArray<CustomerEvent> History(int count)
    {
        var random = new Random(7);
        var at = _start;
        var events = ImmutableArray.CreateBuilder<CustomerEvent>(count);
        var context = PropertyMap.Of(("channel", Value.Of("web")), ("device", Value.Of(PropertyMap.Of(("type", Value.Of("mobile"))))));
        events.Add(new("traits", EventType.Identify, EventNames.Identified, at, at, PropertyMap.Of(("plan", Value.Of("basic")), ("age", Value.Of(44))), context));
        for (var i = 1; i < count; i++)
        {
            // A visit of a dozen pages, then some hours of nothing; common events come often, rare ones seldom.
            at = at.AddMinutes(i % 12 == 0 ? 60 + random.Next(1500) : 1 + random.Next(3));
            var kind = Math.Min(random.Next(12), random.Next(12));
            events.Add(new($"m{i:0000}", EventType.Track, $"Event {kind}", at, at, PropertyMap.Of(
                ("category", Value.Of($"c{random.Next(8)}")), ("item", Value.Of($"i{random.Next(40)}")), ("price", Value.Of(random.Next(4, 90) + 0.99))), context));
        }

        return events.MoveToImmutable();
    }

    private static Strategy Strategy(int rules, int actions)
    {
        var (strategy, errors) = StrategyCompiler.Compile(ScaleStrategy.Source(rules, actions), 1);
        return strategy ?? throw new InvalidOperationException(string.Join('\n', errors.Take(10)));
    }

    // Of each event the best of many rounds, because what else runs on the machine only ever adds; of these the median over a history.
    private static IEnumerable<Row> Events(int rules)
    {
        var strategy = Strategy(rules, 0);
        var log = Recorder.Plan(CustomerState.Empty, History(EventsOfCustomer), strategy, _start.AddYears(1)).Accepted;
        var states = new CustomerState[log.Length + 1];
        states[0] = CustomerState.Empty;
        var best = new double[log.Length];
        Array.Fill(best, double.MaxValue);
        long bytes = 0;

        // Long enough for the runtime to have made its best code before the best rounds come.
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < TimeSpan.FromSeconds(6))
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < log.Length; i++)
            {
                var start = Stopwatch.GetTimestamp();
                states[i + 1] = Folding.Apply(states[i], log[i], strategy);
                best[i] = Math.Min(best[i], Stopwatch.GetElapsedTime(start).TotalNanoseconds);
            }

            bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / log.Length;
        }

        var late = best[(log.Length / 3)..].Order().ToArray();
        yield return new(string.Create(CultureInfo.InvariantCulture, $"one event, {Features} features, {rules:N0} rules: median"), late[late.Length / 2], "ns", bytes);
        yield return new(string.Create(CultureInfo.InvariantCulture, $"one event, {Features} features, {rules:N0} rules: dearest of 100"), late[late.Length * 99 / 100], "ns");
    }

    /// <summary>All rules asked at once, as a decision does: by the index, and each by itself.</summary>
    private static IEnumerable<Row> Alone(int rules)
    {
        var strategy = Strategy(rules, 0);
        var state = Recorder.Plan(CustomerState.Empty, History(EventsOfCustomer), strategy, _start.AddYears(1)).Next;
        var index = StrategyPlan.Of(strategy).Index;
        var look = new IndexLook(index, new Facts(strategy));
        var all = Enumerable.Repeat(ulong.MaxValue, index.Words).ToArray();
        var holding = new ulong[index.Words];
        look.Facts.Look(state, state.LatestEventAt!.Value, null, state.Context);
        yield return Best(string.Create(CultureInfo.InvariantCulture, $"all of {rules:N0} rules asked by the index"), 100, () =>
        {
            look.Forget();
            index.Holding(all, look, holding);
        });
        yield return Best(string.Create(CultureInfo.InvariantCulture, $"all of {rules:N0} rules asked one by one"), 10, () =>
        {
            foreach (var rule in strategy.Rules)
            {
                foreach (var layer in rule.Layers)
                {
                    if (layer.When.Test(look.Facts) != Engine.Expressions.Truth.True)
                    {
                        break;
                    }
                }
            }
        });
    }

    private static Row Best(string name, int times, Action run)
    {
        var (best, bytes) = (double.MaxValue, 0L);
        for (var round = 0; round < 200; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < times; i++)
            {
                run();
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds / times);
            bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / times;
        }

        return new(name, best, "ns", bytes);
    }

    private static IEnumerable<Row> Compile(int rules, int actions)
    {
        var source = ScaleStrategy.Source(rules, actions);
        var (compile, prepare, code) = (double.MaxValue, double.MaxValue, 0.0);
        for (var round = 0; round < 5; round++)
        {
            var start = Stopwatch.GetTimestamp();
            var (strategy, _) = StrategyCompiler.Compile(source, 1);
            compile = Math.Min(compile, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            start = Stopwatch.GetTimestamp();
            _ = StrategyPlan.Of(strategy!);
            prepare = Math.Min(prepare, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            start = Stopwatch.GetTimestamp();
            strategy!.Warm(CancellationToken.None);
            code = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        yield return new(string.Create(CultureInfo.InvariantCulture, $"compile a strategy of {rules:N0} rules and {actions} actions"), compile, "ms");
        yield return new("  its index", prepare, "ms");
        yield return new("  all else its customers need (in the background)", code, "ms");
    }
}
