using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Decisioning.Engine.Strategies;

namespace Decisioning.LoadTests.Data;

/// <summary>
/// The strategy that the engine and a stateless service are compared with: what such a service keeps too (100 features as counters and sums
/// of 7 days and last values, 100 actions with three stages of conditions, caps of 7 days) and nothing else.
/// </summary>
internal static class ComparisonStrategy
{
    private const int Seed = 20_261_123;
    private const int Features = 100;
    private const int Actions = 100;
    private const int Kinds = 12;
    private const int Categories = 8;

    /// <summary>What its folder is called.</summary>
    public const string Name = "strategy-comparison";

    /// <summary>As an author would write it.</summary>
    public static StrategySource Source { get; } = new(ImmutableSortedDictionary<string, string>.Empty.Add("strategy.yaml", Text()));

    /// <summary>It compiled.</summary>
    public static Strategy Compile()
    {
        var (strategy, errors) = StrategyCompiler.Compile(Source, 1);
        return strategy ?? throw new InvalidOperationException(string.Join('\n', errors.Take(10)));
    }

    private static string Text()
    {
        var random = new Random(Seed);
        var text = new StringBuilder("""
            strategy: comparison
            timezone: UTC
            profile: { plan: { type: string, values: [none, basic, plus, gold] }, age: int, city: string, member: bool }
            contact:
              caps:
                - { outcome: IMPRESSION, of: action, at_most: 200, within: 7d }
                - { outcome: IMPRESSION, of: group, at_most: 250, within: 7d }
            events:

            """);
        for (var i = 0; i < Kinds; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"  Event {i}: {{ price: double, category: string, item: string }}\n");
        }

        text.Append("features:\n");
        for (var i = 0; i < Features; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"  f{i}: {Feature(random, i)}\n");
        }

        text.Append("issues:\n");
        for (var i = 0; i < Actions; i++)
        {
            text.Append(i % 20 == 0 ? string.Create(CultureInfo.InvariantCulture, $"  i{i / 20}:\n") : "");
            text.Append(i % 5 == 0 ? string.Create(CultureInfo.InvariantCulture, $"    g{i / 5}:\n") : "");
            text.Append(CultureInfo.InvariantCulture, $$$"""
                      a{{{i}}}:
                        value: {{{1 + (i % 17)}}}
                        propensity: 0.{{{1 + (i % 7)}}}
                        eligible: profile.age >= {{{18 + (i % 40)}}} && {{{Test(random)}}}
                        applicable: {{{(i % 5 == 0 ? "device.type == 'mobile'" : Test(random))}}} || {{{Test(random)}}}
                        suitable: {{{(i % 9 == 0 ? "profile.plan in ['plus', 'gold']" : Test(random))}}}
                        treatments: [ { channel: web, placement: hero, text: "Look at {{action.name}}" } ]

                """);
        }

        return text.ToString();
    }

    private static string Feature(Random random, int i)
    {
        var of = string.Create(CultureInfo.InvariantCulture, $"Event {i % Kinds}");
        return (i % 8) switch
        {
            0 or 1 or 2 => $"{{ count: {of}, within: 7d }}",
            3 or 4 => $"{{ count: {of}, where: event.category == \"c{random.Next(Categories)}\", within: 7d }}",
            5 => $"{{ sum: event.price, of: {of}, within: 7d }}",
            6 => $"{{ last: event.category, of: {of} }}",
            _ => $"{{ last: {of} }}",
        };
    }

    // Most customers have a handful of events in 30 days: bounds that some of them reach.
    private static string Test(Random random)
    {
        var i = random.Next(Features);
        return (i % 8) switch
        {
            5 => $"features.f{i} > {random.Next(0, 6) * 25}.0",
            6 => $"features.f{i} == 'c{random.Next(Categories)}'",
            7 => $"features.f{i} != null",
            _ => $"features.f{i} {(random.Next(3) == 0 ? "<" : ">=")} {random.Next(1, 4)}",
        };
    }
}
