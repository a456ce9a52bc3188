using System.Collections.Immutable;
using System.Globalization;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;

namespace Decisioning.Benchmarks.Memory;

/// <summary>
/// Customers such as a shop or a bank has them, for a strategy of 100 features, 300 rules and 100 actions: most came a few times, some
/// often, a few all the time (3 to 400 events, 33 on average); with a profile, consents, tags, and what came of up to 12 offers. From a
/// seed: the same numbers make the same customers.
/// </summary>
internal static class TypicalCustomers
{
    private const int Seed = 20_261_122;
    private const int Rules = 300;
    private const int Actions = 100;

    private const string Contact = """
        consent: { purposes: [marketing] }
        segments: { busy: features.f0 >= 3, buyers: features.f4 > 200.0 }
        contact:
          caps:
            - { outcome: IMPRESSION, of: action, at_most: 5, within: 30d }
            - { outcome: REJECTED, of: group, at_most: 1, within: 30d }
          quiet_hours: "22:00-07:00"

        """;

    /// <summary>Their strategy, as an author would write it.</summary>
    public static StrategySource Source() => new(ScaleStrategy.Source(Rules, Actions).Files.Add("contact.yaml", Contact));

    /// <summary>Their strategy.</summary>
    public static Strategy Strategy()
    {
        var (strategy, errors) = StrategyCompiler.Compile(Source(), 1);
        return strategy ?? throw new InvalidOperationException(string.Join('\n', errors.Take(10)));
    }

    /// <summary>What happened to one of them, oldest first, all before an instant.</summary>
    public static ImmutableArray<CustomerEvent> Events(int number, DateTimeOffset before)
    {
        var random = new Random(Seed + number);
        var count = random.NextDouble() switch
        {
            < 0.50 => random.Next(3, 11),
            < 0.80 => random.Next(11, 41),
            < 0.95 => random.Next(41, 121),
            _ => random.Next(121, 401),
        };
        var (channel, device) = random.Next(3) == 0 ? ("app", "mobile") : ("web", random.Next(2) == 0 ? "mobile" : "desktop");
        var context = PropertyMap.Of(("channel", Value.Of(channel)), ("device", Value.Of(PropertyMap.Of(("type", Value.Of(device))))));
        var at = before - TimeSpan.FromDays(1 + random.Next(180)) - TimeSpan.FromMinutes(random.Next(1440));
        var events = ImmutableArray.CreateBuilder<CustomerEvent>();
        Add(EventType.Identify, "", Traits(random));
        if (random.Next(3) > 0)
        {
            Add(EventType.Track, EventNames.ConsentGranted, PropertyMap.Of(("purpose", Value.Of("marketing")), ("channel", Value.Of("any"))));
        }

        // Visits of about eight pages, in what time there is; common events come often, rare ones seldom, each customer has favourites.
        var pause = (before - at) / ((count / 8) + 2);
        var taste = random.Next(6);
        for (var i = 0; i < count && at < before; i++)
        {
            at += random.Next(8) == 0 ? pause * (0.5 + random.NextDouble()) : TimeSpan.FromSeconds(20 + random.Next(200));
            var kind = (taste + Math.Min(random.Next(8), random.Next(8))) % 12;
            Add(EventType.Track, $"Event {kind}", PropertyMap.Of(
                ("category", Value.Of($"c{random.Next(8)}")), ("item", Value.Of($"i{random.Next(200)}")), ("price", Value.Of(random.Next(4, 90) + 0.99))));
            if (i % 10 == 5 && events.Count(e => e.Type == EventType.Response) < 12)
            {
                AddOffer(random.Next(Actions));
            }
        }

        return [.. events.Where(e => e.Timestamp < before)];

        void Add(EventType type, string name, PropertyMap properties, ActionResponse? response = null)
        {
            at += TimeSpan.FromSeconds(1);
            var id = string.Create(CultureInfo.InvariantCulture, $"{number:x8}-{events.Count:x4}-4f6e-9d0a-{random.Next():x12}");
            events.Add(response is null
                ? new(id, type, name, at, at.AddSeconds(1), properties, context)
                : new(id, type, name, at, at.AddSeconds(1), properties, context, response));
        }

        void AddOffer(int action)
        {
            var decision = string.Create(CultureInfo.InvariantCulture, $"{number:D10}{events.Count:D6}0123456789");
            foreach (var outcome in random.Next(6) switch { 0 => new[] { Outcome.Impression, Outcome.Clicked }, 1 => [Outcome.Impression, Outcome.Rejected], _ => [Outcome.Impression] })
            {
                Add(EventType.Response, "", PropertyMap.Empty, new(decision, $"i{action / 20}", $"g{action / 5}", $"a{action}", "", channel, "hero", outcome, Behaviour.Unspecified, 0));
            }
        }
    }

    private static PropertyMap Traits(Random random)
    {
        string[] plans = ["none", "basic", "plus", "gold"];
        string[] names = ["Ann", "Ben", "Cleo", "Dan", "Eve", "Finn", "Grace", "Hugo"];
        string[] cities = ["Bonn", "London", "Lisbon", "Oslo", "Turin"];
        return PropertyMap.Of(
            ("plan", Value.Of(plans[random.Next(plans.Length)])), ("age", Value.Of(random.Next(18, 80))), ("city", Value.Of(cities[random.Next(cities.Length)])),
            ("member", Value.Of(random.Next(2) == 0)), ("first_name", Value.Of(names[random.Next(names.Length)])), ("email", Value.Of($"someone{random.Next(1_000_000)}@example.com")));
    }
}
