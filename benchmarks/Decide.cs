using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;

namespace Decisioning.Benchmarks;

/// <summary>What one decision costs inside the engine, by how many actions compete: for a web page that asks for the three best.</summary>
internal static class DecideBench
{
    private static readonly DateTimeOffset _now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<(string Name, double Nanoseconds, double Bytes)> Run() =>
    [
        Measure("one decision among 20 actions", 20, ExplainLevel.None),
        Measure("one decision among 20 actions, with reasons", 20, ExplainLevel.Summary),
        Measure("one decision among 100 actions", 100, ExplainLevel.None),
        Measure("one decision among 500 actions", 500, ExplainLevel.None),
        Measure("one decision among 500 actions, with reasons", 500, ExplainLevel.Summary),
        Measure("one decision among 2,500 actions", 2500, ExplainLevel.None),
    ];

    private static (string Name, double Nanoseconds, double Bytes) Measure(string name, int actions, ExplainLevel explain)
    {
        var strategy = Shop(actions);
        var key = CustomerKey.User("default", "ann");
        var state = Recorder.Plan(CustomerState.Empty, Events(), strategy, _now).Next;
        var request = new DecisionRequest("request", "", "web", Direction.Inbound, ["hero"], 3, PropertyMap.Empty, explain, false);

        // The best round counts: what else runs on the machine only ever adds. Rounds are short, so that one of them runs alone.
        var (best, bytes) = (double.MaxValue, 0L);
        var perRound = Math.Max(4, 1000 / actions);
        var watch = Stopwatch.StartNew();
        for (var round = 0; round < 500 || watch.Elapsed < TimeSpan.FromSeconds(2); round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < perRound; i++)
            {
                GC.KeepAlive(Decider.Decide(key, state, OpenOffers.Empty, strategy, request, _now));
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds / perRound);
            bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / perRound;
        }

        return (name, best, bytes);
    }

    private static ImmutableArray<CustomerEvent> Events() =>
    [
        new("consent", EventType.Track, EventNames.ConsentGranted, _now.AddDays(-9), _now, PropertyMap.Of(("purpose", Value.Of("marketing")), ("channel", Value.Of("any"))), PropertyMap.Empty),
        new("traits", EventType.Identify, "", _now.AddDays(-8), _now, PropertyMap.Of(("first_name", Value.Of("Ann")), ("age", Value.Of(40))), PropertyMap.Empty),
        .. Enumerable.Range(0, 30).Select(i => new CustomerEvent(
            $"view-{i}", EventType.Track, "Product Viewed", _now.AddHours(-200 + i), _now,
            PropertyMap.Of(("category", Value.Of($"c{i % 5}")), ("price", Value.Of(10.0 + i))), PropertyMap.Of(("device", Value.Of(PropertyMap.Of(("type", Value.Of("mobile")))))))),
        .. Enumerable.Range(0, 10).Select(i => new CustomerEvent(
            $"response-{i}", EventType.Response, "", _now.AddHours(-100 + i), _now, PropertyMap.Empty, PropertyMap.Empty,
            new("", "i0", "g0-0", $"a{i}", "", "web", "hero", Outcome.Impression, Behaviour.Unspecified, 0))),
    ];

    /// <summary>A strategy with 10 features, 20 rules, 4 stages and caps; each action has three conditions of its own kind.</summary>
    private static Strategy Shop(int actions)
    {
        var text = new StringBuilder("""
            strategy: bench
            profile: { first_name: string, age: int }
            events:
              Product Viewed: { category: string, price: double }
            features:
              views_0: { count: Product Viewed, within: 1d }
              last_view: { last: Product Viewed }
              spent: { sum: event.price, of: Product Viewed, within: 30d }

            """);
        for (var i = 1; i < 8; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"  views_{i}: {{ count: Product Viewed, where: event.category == \"c{i % 5}\", within: {i * 7}d }}\n");
        }

        text.Append("""
            journey:
              find: { enter: true, exit: stages.entice.in }
              entice: { enter: features.views_1 > 1, exit: stages.conquer.in }
              conquer: { enter: features.spent > 5000.0 }
              connect: { enter: features.views_7 > 1000 }
            consent: { purposes: [marketing] }
            contact:
              caps:
                - { outcome: IMPRESSION, of: all, channel: email, at_most: 2, within: 7d }
                - { outcome: IMPRESSION, of: action, at_most: 3, within: 30d }
                - { outcome: REJECTED, of: group, at_most: 1, within: 30d }
            arbitration:
              levers:
                - { for: issue.i0, weight: 1.2 }
            rules:

            """);
        for (var i = 0; i < 20; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"  - {{ id: r{i}, behaviour: features.views_{i % 8} >= {1 + (i % 5)}, device: device.type == \"mobile\", then: [ {{ offer: a{i % actions} }} ] }}\n");
        }

        text.Append("issues:\n");
        for (var i = 0; i < actions; i++)
        {
            // Four actions a group, five groups an issue: headings where a new one begins.
            text.Append(i % 20 == 0 ? string.Create(CultureInfo.InvariantCulture, $"  i{i / 20}:\n") : "");
            text.Append(i % 4 == 0 ? string.Create(CultureInfo.InvariantCulture, $"    g{i / 20}-{i / 4 % 5}:\n") : "");
            text.Append(CultureInfo.InvariantCulture, $$$"""
                      a{{{i}}}:
                        value: {{{1 + (i % 17)}}}
                        propensity: 0.{{{1 + (i % 7)}}}
                        {{{(i % 3 == 0 ? "purpose: marketing" : "fallback: false")}}}
                        eligible: profile.age >= {{{18 + (i % 30)}}}
                        applicable: features.views_{{{i % 8}}} >= {{{1 + (i % 4)}}} || stages.entice.in
                        suitable: features.spent < {{{100 + i}}}.0 || now.hour > 8
                        treatments: [ { channel: web, placement: hero, text: "{{profile.first_name}}, look at {{action.name}}" }, { channel: email, placement: inbox, text: Look } ]

                """);
        }

        var source = new StrategySource(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("strategy.yaml", text.ToString()));
        var (strategy, errors) = StrategyCompiler.Compile(source, 1);
        return strategy ?? throw new InvalidOperationException(string.Join('\n', errors));
    }
}
