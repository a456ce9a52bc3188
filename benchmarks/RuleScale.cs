using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
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
    private const int Features = 100;
    private const int EventsOfCustomer = 600;
    private static readonly DateTimeOffset _start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<Row> Run() => [.. new[] { 0, 10, 100, 1_000, 10_000 }.SelectMany(Events), .. Alone(1_000), .. Alone(10_000), .. Compile(1_000, 500)];

    /// <summary>The strategy as an author would write it.</summary>
    internal static StrategySource Source(int rules, int actions)
    {
        var random = new Random(20_261_121);
        var text = new StringBuilder("""
            strategy: scale
            timezone: Europe/London
            profile: { plan: { type: string, values: [none, basic, plus, gold] }, age: int, city: string, member: bool }

            """);
        AddEventsAndFeatures(text, random);
        text.Append("""
            scores:
              lead: { half_life: 30d, cap: 200, points: [ { on: Event 3, add: 3 }, { on: Event 7, add: 8 } ], grades: { mql: 40, sql: 70, hysteresis: 5 } }
            journey:
              find: { enter: true, exit: stages.entice.in }
              entice: { enter: features.f0 >= 3, exit: stages.conquer.in }
              conquer: { enter: grade("lead") >= "mql" }
            rules:

            """);
        for (var i = 0; i < rules; i++)
        {
            AddRule(text, random, i, rules, actions);
        }

        AddActions(text, random, actions);
        return new(ImmutableSortedDictionary<string, string>.Empty.Add("strategy.yaml", text.ToString()));
    }

    private static void AddEventsAndFeatures(StringBuilder text, Random random)
    {
        text.Append("events:\n");
        for (var i = 0; i < 12; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"  Event {i}: {{ price: double, category: string, item: string }}\n");
        }

        string[] windows = ["1d", "7d", "30d", "365d"];
        text.Append("features:\n");
        for (var i = 0; i < Features; i++)
        {
            var (of, within) = ($"Event {i % 12}", windows[i % 4]);
            text.AppendLine((i % 8) switch
            {
                0 or 1 => $"  f{i}: {{ count: {of}, within: {within} }}",
                2 or 3 => $"  f{i}: {{ count: {of}, where: event.category == \"c{random.Next(8)}\", within: {within} }}",
                4 => $"  f{i}: {{ sum: event.price, of: {of}, within: {within} }}",
                5 => $"  f{i}: {{ distinct: event.item, of: {of}, within: {within} }}",
                6 => $"  f{i}: {{ last: event.category, of: {of} }}",
                _ => $"  f{i}: {{ last: {of} }}\n",
            });
        }
    }

    private static void AddRule(StringBuilder text, Random random, int i, int rules, int actions)
    {
        text.Append(CultureInfo.InvariantCulture, $"  - id: r{i}\n    behaviour: '{Test(random)} && {Test(random)}'\n");
        if (random.Next(2) == 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"    order: '{Test(random)}{(random.Next(3) == 0 ? $" || {Test(random)}" : "")}'\n");
        }

        if (random.Next(2) == 0)
        {
            string[] devices = ["device.type == \"mobile\"", "channel == \"app\"", "device.type == \"mobile\" || channel == \"app\"", "channel in [\"web\", \"email\"]"];
            text.Append(CultureInfo.InvariantCulture, $"    device: '{devices[random.Next(devices.Length)]}'\n");
        }

        if (random.Next(5) == 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"    time: now.hour >= {random.Next(7, 12)} && now.hour < {random.Next(15, 22)}\n");
        }

        if (random.Next(3) == 0)
        {
            string[] profiles = ["profile.plan == \"gold\"", $"profile.age >= {random.Next(18, 70)}", "profile.member", rules < 100 ? "profile.city == \"Bonn\"" : "tags.t" + ((4 * random.Next(5)) + 2), $"scores.lead > {random.Next(20, 150)}.0"];
            text.Append(CultureInfo.InvariantCulture, $"    profile: '{profiles[random.Next(profiles.Length)]}'\n");
        }

        text.Append(i % 4 == 0 && actions > 0 ? $"    then: [ {{ offer: a{i % actions} }} ]\n" : i % 4 == 1 ? "    then: [ { score: { lead: 2 } } ]\n" : $"    then: [ {{ tag: {{ name: t{i % 20}, expires: 14d }} }} ]\n");
    }

    private static string Test(Random random)
    {
        var i = random.Next(Features);
        return (i % 8) switch
        {
            4 => $"features.f{i} > {random.Next(1, 40) * 50}.0",
            6 => $"features.f{i} == \"c{random.Next(8)}\"",
            7 => $"features.f{i} != null",
            5 => $"features.f{i} >= {random.Next(1, 12)}",
            _ => $"features.f{i} {(random.Next(4) == 0 ? "<" : ">=")} {random.Next(1, 30)}",
        };
    }

    private static void AddActions(StringBuilder text, Random random, int actions)
    {
        text.Append(actions == 0 ? "" : "issues:\n");
        for (var i = 0; i < actions; i++)
        {
            text.Append(i % 20 == 0 ? string.Create(CultureInfo.InvariantCulture, $"  i{i / 20}:\n") : "");
            text.Append(i % 5 == 0 ? string.Create(CultureInfo.InvariantCulture, $"    g{i / 5}:\n") : "");
            text.Append(CultureInfo.InvariantCulture, $$$"""
                      a{{{i}}}:
                        value: {{{1 + (i % 17)}}}
                        propensity: 0.{{{1 + (i % 7)}}}
                        eligible: profile.age >= {{{18 + (i % 40)}}} && {{{Test(random).Replace("\"", "'", StringComparison.Ordinal)}}}
                        applicable: '{{{Test(random)}}} || stages.entice.in'
                        suitable: {{{Test(random)}}}
                        treatments: [ { channel: web, placement: hero, text: "Look at {{action.name}}" } ]

                """);
        }
    }

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
        var (strategy, errors) = StrategyCompiler.Compile(Source(rules, actions), 1);
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
        var source = Source(rules, actions);
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
