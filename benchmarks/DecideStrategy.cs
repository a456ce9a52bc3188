using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Decisioning.Engine.Strategies;

namespace Decisioning.Benchmarks;

/// <summary>Strategies to measure decisions with.</summary>
internal static class DecideStrategy
{
    /// <summary>A strategy with 10 features, 20 rules, 4 stages and caps; each action has three conditions of its own, so that 2,500 have thousands of different ones.</summary>
    public static Strategy Own(int actions)
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

        return Compiled(text);
    }

    /// <summary>
    /// A strategy as people write it: conditions of issues and groups for all below, a few of the actions' own, stages with plans,
    /// touch, quiet hours, caps, a cool-off, levers with an end, exploration, 100 rules of which some suggest actions.
    /// </summary>
    public static Strategy Whole(int actions)
    {
        var text = new StringBuilder("""
            strategy: whole
            timezone: Europe/Berlin
            profile: { first_name: string, age: int, plan: { type: string, values: [none, plus] } }
            events:
              Product Viewed: { category: string, price: double }
            features:
              views: { count: Product Viewed, within: 30d }
              spent: { sum: event.price, of: Product Viewed, within: 90d }
              last_view: { last: Product Viewed }
              taste: { last: event.category, of: Product Viewed }
              views_c0: { count: Product Viewed, where: event.category == "c0", within: 14d }
              views_c1: { count: Product Viewed, where: event.category == "c1", within: 14d }
              views_c2: { count: Product Viewed, where: event.category == "c2", within: 14d }
              views_c3: { count: Product Viewed, where: event.category == "c3", within: 14d }
            segments: { keen: features.views >= 10, idle: features.views < 1 }
            journey:
              find:    { enter: true, exit: stages.entice.in }
              entice:  { enter: features.views >= 3 }
              conquer: { enter: features.spent > 300.0 }
              connect: { enter: features.views > 1000 }
            schedule:
              find:    { level: none }
              entice:  { level: segment, channels: [web, app], weight: 1.2 }
              conquer: { weights: { issue.i1: 1.5 } }
            touch: { high: features.spent >= 5000.0, low: features.spent >= 500.0, tech: true }
            consent: { purposes: [marketing] }
            contact:
              quiet_hours: "21:00-08:00"
              caps:
                - { outcome: IMPRESSION, of: all, channel: email, at_most: 2, within: 7d }
                - { outcome: IMPRESSION, of: action, at_most: 3, within: 30d }
              cool_off: [ { after: REJECTED, of: group, for: 30d } ]
            arbitration:
              explore: 0.05
              levers: [ { for: issue.i0, weight: 1.2, until: 2030-12-31 } ]
            rules:

            """);
        for (var i = 0; i < 100; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"  - {{ id: r{i}, behaviour: features.views_c{i % 4} >= {1 + (i % 9)}, time: now.hour >= {1 + (i % 8)}, then: [ {{ offer: a{i * 7 % actions} }} ] }}\n");
        }

        text.Append("issues:\n");
        for (var i = 0; i < actions; i++)
        {
            // Ten actions a group, five groups an issue.
            text.Append(i % 50 == 0 ? string.Create(CultureInfo.InvariantCulture, $"  i{i / 50}:\n    eligible: profile.age >= {18 + (i / 50 % 30)}\n") : "");
            text.Append(i % 10 == 0 ? string.Create(CultureInfo.InvariantCulture, $"    g{i / 10}:\n      applicable: features.views_c{i / 10 % 4} >= {1 + (i / 10 % 7)} || segments.keen\n{(i % 30 == 0 ? "      purpose: marketing\n" : "")}") : "");
            text.Append(CultureInfo.InvariantCulture, $$$"""
                      a{{{i}}}:
                        value: {{{1 + (i % 17)}}}
                        propensity: 0.{{{1 + (i % 7)}}}
                        {{{(i % 4 == 0 ? "stages: [entice, conquer]" : "cost: 0")}}}
                        suitable: profile.plan != "plus" || features.spent >= {{{50 * (i % 20)}}}.0
                        {{{(i % 5 == 0 ? "context: [ { when: device.type == \"mobile\", weight: 1.3 } ]" : "fallback: false")}}}
                        treatments: [ { channel: web, placement: hero, text: "{{profile.first_name}}, look at {{action.name}}" }, { channel: email, placement: inbox, text: Look, at: 18 } ]

                """);
        }

        return Compiled(text);
    }

    private static Strategy Compiled(StringBuilder text)
    {
        var source = new StrategySource(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("strategy.yaml", text.ToString()));
        var (strategy, errors) = StrategyCompiler.Compile(source, 1);
        return strategy ?? throw new InvalidOperationException(string.Join('\n', errors));
    }
}
