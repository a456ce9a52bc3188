using System.Collections.Immutable;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Testing;

namespace Decisioning.Engine.Tests.Testing;

/// <summary>A small shop, and tests of it.</summary>
internal static class Suites
{
    public const string Shop = """
        strategy: shop
        timezone: Europe/Berlin
        profile: { first_name: string, plan: { type: string, values: [none, plus] }, birthday: date }
        events:
          Product Viewed:  { price: double, category: string }
          Order Completed: { total: double, delivered_at: timestamp }
        features:
          views:     { count: Product Viewed, within: 7d }
          spent:     { sum: event.total, of: Order Completed }
          last_seen: { last: Product Viewed }
          since:     { recency: Product Viewed }
          category:  { last: event.category, of: Product Viewed }
          delivered: { last: event.delivered_at, of: Order Completed }
        segments:
          keen:   features.views >= 2
          buyers: features.spent > 0.0
        scores:
          lead:
            half_life: 7d
            points: [ { on: Product Viewed, add: 10 } ]
            grades: { mql: 20 }
        journey:
          find:   { enter: true, exit: stages.wish.in }
          wish:   { enter: features.views >= 2, exit: features.spent > 0.0 }
        rules:
          - id: warm
            behaviour: features.views >= 2
            device:    device.type == "mobile"
            then:
              - tag: { name: warm, level: high, expires: 2d }
          - id: rich
            order: features.spent >= 1000.0
            then:
              - tag: { name: rich }
        consent: { purposes: [marketing] }
        contact:
          caps:
            - { outcome: REJECTED, of: action, at_most: 1, within: 30d }
        issues:
          sell:
            basics:
              coupon:
                value: 10
                applicable: features.views >= 2
                treatments: [ { channel: web, placement: hero, text: "For you{{#if profile.first_name}}, {{profile.first_name}}{{/if}}", link: /coupon } ]
              letter:
                value: 5
                purpose: marketing
                treatments: [ { channel: email, placement: inbox, text: Hello } ]
              news: { value: 1, fallback: true, treatments: [ { channel: web, placement: hero, text: News } ] }
        """;

    public static Strategy Strategy { get; } = Compile(Shop);

    /// <summary>Two looks at dear things on a Monday morning in Berlin.</summary>
    public const string TwoViews = "{ at: 2026-11-02T10:00, event: Product Viewed, price: 120, category: lamps, times: 2, every: 5m, device: mobile }";

    public static (TestSuite? Suite, ImmutableArray<Finding> Errors) Read(string text) =>
        TestFiles.Read(ImmutableSortedDictionary<string, string>.Empty.Add("tests/shop.yaml", text), Strategy);

    /// <summary>Runs the only case of a file.</summary>
    public static CaseReport Run(string text)
    {
        var (suite, errors) = Read(text);
        Assert.True(errors.IsEmpty, string.Join(Environment.NewLine, errors));
        return TestRunner.Run(Assert.Single(suite!.Cases), Strategy);
    }

    /// <summary>Runs one case: what is given, and the rest of it.</summary>
    public static CaseReport Run(string given, string rest) => Run($"tests:\n  - test: it\n    given:\n      - {given}\n    {rest.ReplaceLineEndings("\n    ")}\n");

    private static Strategy Compile(string text)
    {
        var (strategy, errors) = StrategyCompiler.Compile(new(ImmutableSortedDictionary<string, string>.Empty.Add("strategy.yaml", text)), 1);
        return strategy ?? throw new InvalidOperationException(string.Join('\n', errors));
    }
}
