using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Decisioning.Engine.Strategies;

namespace Decisioning.Benchmarks;

/// <summary>
/// A strategy such as a shop or a bank would have: 100 features over 12 kinds of events and four windows, layers on device, time and
/// profile that many rules share, bounds that few customers reach.
/// </summary>
internal static class ScaleStrategy
{
    /// <summary>How many features it has.</summary>
    public const int Features = 100;

    // Looked at in every decision and met by nobody: a load is not to become easier because its customers have had enough.
    private const string Caps = """
        contact:
          caps:
            - { outcome: IMPRESSION, of: action, at_most: 200, within: 1d }
            - { outcome: CLICKED, of: group, at_most: 200, within: 7d }

        """;

    /// <summary>The one that loads are run on: 300 rules, 100 actions, caps.</summary>
    public static StrategySource UnderLoad() => new(Source(rules: 300, actions: 100).Files.Add("contact.yaml", Caps));

    /// <summary>As an author would write it.</summary>
    public static StrategySource Source(int rules, int actions)
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
}
