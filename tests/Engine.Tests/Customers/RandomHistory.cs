using Decisioning.Engine.Customers;
using Decisioning.Engine.Features;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Scoring;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Tests.Customers;

/// <summary>A strategy that uses everything at once, and histories made from a seed.</summary>
internal static class RandomHistory
{
    private static readonly string[] _names = ["Product Viewed", "Order Completed", "Article Read", "Unknown"];
    private static readonly string[] _topics = ["cards", "loans", "travel", "home"];

    public static Strategy Strategy { get; } = new StrategyBuilder()
        .Feature("views", FeatureKind.Count, "Product Viewed")
        .Feature("views_1d", FeatureKind.Count, "Product Viewed", within: TimeSpan.FromDays(1))
        .Feature("dear_views", FeatureKind.Count, "Product Viewed", where: "event.price > 50.0", within: TimeSpan.FromHours(2))
        .Feature("spend", FeatureKind.Sum, "Order Completed", of: "event.price")
        .Feature("spend_3d", FeatureKind.Sum, "Order Completed", of: "event.price", within: TimeSpan.FromDays(3))
        .Feature("last_order", FeatureKind.Last, "Order Completed")
        .Feature("last_order_1d", FeatureKind.Last, "Order Completed", within: TimeSpan.FromDays(1))
        .Feature("first_order_3d", FeatureKind.First, "Order Completed", within: TimeSpan.FromDays(3))
        .Feature("idle", FeatureKind.Recency, "any")
        .Feature("since_order", FeatureKind.Recency, "Order Completed")
        .Feature("topic", FeatureKind.LastValue, "Article Read", of: "event.topic", within: TimeSpan.FromHours(12))
        .Feature("first_topic", FeatureKind.FirstValue, "Article Read", of: "event.topic", within: TimeSpan.FromDays(1))
        .Feature("topics", FeatureKind.Distinct, "Article Read", of: "event.topic")
        .Feature("topics_6h", FeatureKind.Distinct, "Article Read", of: "event.topic", within: TimeSpan.FromHours(6))
        .Tag("keen", "warm", "buyer", "reader", "echo", "moved")
        .Score("lead", TimeSpan.FromHours(12), 100, 5, [("Product Viewed", null, 4), ("Article Read", "event.topic == 'loans'", 9), ("Order Completed", null, -3)], new Grade("mql", 20), new Grade("sql", 45))
        .Score("plain", points: [("Article Read", null, 1)])
        .Segment("browsing", "features.views_1d >= 3 && features.spend_3d == 0.0")
        .Segment("idle_reader", "segments.browsing || features.topics_6h >= 2")
        .Stage("nap", "true", timeout: TimeSpan.FromHours(6), timeoutTo: "rest", reEnter: true)
        .Stage("find", "true", "stages.entice.in", reEnter: true)
        .Stage("entice", "features.views_1d >= 2 || tags.reader", "stages.connect.in", timeout: TimeSpan.FromHours(20), timeoutTo: "find", reEnter: true)
        .Stage("conquer", "grade('lead') >= 'mql'", "features.spend > 0.0 && tags.buyer", minDwell: TimeSpan.FromHours(3), reEnter: true)
        .Stage("connect", "features.last_order_1d != null", "features.spend_3d == 0.0")
        .Stage("rest", "false", "true")
        .Rule("early-echo", "tags.warm && stages.find.in", new RuleEffect.Tag("echo", "", TimeSpan.FromHours(5)))
        .Rule("keen", "features.views_1d >= 2", new RuleEffect.Tag("keen", "low", TimeSpan.FromHours(8)), new RuleEffect.Score(0, 6))
        .Rule("dear", "features.dear_views >= 1", new RuleEffect.Attribute("taste", Value.Of("dear")))
        .Rule("warm", "tags.keen && features.topics >= 2", new RuleEffect.Tag("warm", "", TimeSpan.FromHours(30)))
        .Rule("buyer", "features.spend_3d > 100.0 || features.first_order_3d != null", new RuleEffect.Tag("buyer", "", null))
        .Rule("reader", "segments.idle_reader", new RuleEffect.Tag("reader", "x", TimeSpan.FromHours(2)))
        .Rule("mobile", "device.type == 'mobile' && channel == 'app'", new RuleEffect.Score(1, 2))
        .Rule("grade", "grade('lead') == 'sql' && tags.warm", new RuleEffect.Tag("keen", "high", TimeSpan.FromHours(1)))
        .Rule("low", "scores.lead < 12.5 && scores.lead > 2.0", new RuleEffect.Score(1, 1))
        .Rule("topic", "features.topic == 'loans'", new RuleEffect.Attribute("interest", Value.Of("loans")))
        .Rule("first-topic", "features.first_topic == 'cards'", new RuleEffect.Score(0, 2))
        .Rule("interest", "profile.interest == 'loans' && profile.taste == 'dear'", new RuleEffect.Tag("warm", "hot", TimeSpan.FromHours(3)))
        .Rule("consent", "consent.marketing.email", new RuleEffect.Score(1, 5))
        .Rule("night", "now.hour < 6", new RuleEffect.Score(1, 1))
        .Rule("event", "event.price == 7.5", new RuleEffect.Score(1, 1))
        .Rule("stage", "stages.conquer.in && stages.conquer.entries > 1", new RuleEffect.Attribute("taste", Value.Of("any")))
        .Rule("idle", "features.idle > duration('3h')", new RuleEffect.Score(1, 0.5))
        .Rule("since", "features.since_order > duration('5h')", new RuleEffect.Score(1, 0.25))
        .Rule("late-echo", "tags.echo && !tags.keen", new RuleEffect.Attribute("interest", Value.Of("none")))
        .RuleOn("Article Read", "each-article", "event.topic == 'loans' && !tags.moved", new RuleEffect.Score(0, 0.5))
        .RuleOn("Order Completed|Product Viewed", "moving", "event.price > 60.0", new RuleEffect.Stage(5, true), new RuleEffect.Tag("moved", "", TimeSpan.FromMinutes(50)))
        .RuleOn("Stage Entered|Stage Exited", "staged", "event.stage == 'entice' || event.reason == 'timeout'", new RuleEffect.Score(1, 0.125), new RuleEffect.Stage(3, false))
        .RuleOn("Stage Exited", "chained", "event.stage == 'conquer' && event.reason == 'rule'", new RuleEffect.Stage(5, true), new RuleEffect.Tag("echo", "chained", null))
        .RuleOn("Segment Entered|Segment Left", "browsing", "event.segment == 'browsing'", new RuleEffect.Attribute("taste", Value.Of("browsing")), new RuleEffect.Trigger("t"))
        .RuleOn("Grade Changed", "graded", "event.grade == 'mql' && event.before == 'none'", new RuleEffect.Tag("moved", "graded", TimeSpan.FromHours(4)), new RuleEffect.Score(0, 3))
        .Rule("moved", "tags.moved && features.views_1d > 1", new RuleEffect.Stage(1, false))
        .Build("everything");

    /// <summary>Events in the order they come in: mostly forward in time, some a little late, some too late; every id once.</summary>
    public static List<CustomerEvent> Events(int seed, int count)
    {
        var random = new Random(seed);
        var at = History.Start;
        var events = new List<CustomerEvent>(count);
        for (var i = 0; i < count; i++)
        {
            at += TimeSpan.FromMinutes(random.Next(3) == 0 ? random.Next(1200) : random.Next(40));
            var back = random.Next(12) switch { 0 => TimeSpan.FromHours(random.Next(20)), 1 => TimeSpan.FromHours(random.Next(100)), _ => TimeSpan.Zero };
            events.Add(random.Next(12) == 0 ? Waking.EventAt(at - back, at) : random.Next(40) == 0 ? Link(random, at) : Event(random, at - back, $"m{i}"));
        }

        // Two wakes may be of one instant.
        return [.. events.DistinctBy(e => e.MessageId)];
    }

    private static CustomerEvent Link(Random random, DateTimeOffset at)
    {
        var other = CustomerKey.Anonymous("t", $"a{random.Next()}");
        return random.Next(4) switch
        {
            0 => Linking.Announced(other, random.Next(1, 5), at),
            1 => Linking.Linked(other, random.Next(1, 5), at),
            2 => Linking.Moved(other, random.Next(2) == 0, at),
            _ => Linking.CarriedOver(other, at),
        };
    }

    private static CustomerEvent Event(Random random, DateTimeOffset at, string id)
    {
        var e = random.Next(14) switch
        {
            0 => History.Identify(at, id, ("interest", Value.Of(_topics[random.Next(4)])), ("plan", random.Next(2) == 0 ? Value.Null : Value.Of(random.Next(3)))),
            1 => History.Event(random.Next(2) == 0 ? EventNames.ConsentGranted : EventNames.ConsentRevoked, at, id, ("purpose", Value.Of("marketing")), ("channel", Value.Of(random.Next(2) == 0 ? "email" : "any"))),
            2 => History.Response(at, id, "card", (Outcome)random.Next(1, 8)),
            _ => History.Event(_names[random.Next(4)], at, id, ("price", Value.Of(random.Next(300) / 4.0)), ("topic", Value.Of(_topics[random.Next(4)]))),
        };
        return random.Next(4) switch
        {
            0 => e with { Context = PropertyMap.Of(("device", Value.Of(PropertyMap.Of(("type", Value.Of(random.Next(2) == 0 ? "mobile" : "desktop")))))) },
            1 => e with { Context = PropertyMap.Of(("channel", Value.Of(random.Next(2) == 0 ? "app" : "web"))) },
            _ => e,
        };
    }
}
