using System.Globalization;
using System.Text;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Tests.Customers;
using Decisioning.Engine.Tests.Strategies;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Tests.Rules;

/// <summary>Strategies of random rules, segments and stages over everything conditions can read, and histories for them; from a seed.</summary>
internal sealed class RandomRules(int seed)
{
    private const string Head = """
        strategy: random
        timezone: Europe/Berlin
        profile:
          plan:     { type: string, values: [none, basic, plus] }
          age:      int
          weight:   double
          member:   bool
          born:     date
          timezone: string
        events:
          View: { price: double, topic: string, count: int, big: bool }
          Buy:  { price: double, topic: string, count: int, big: bool }
        calendars:
          spring: ["03-03", "03-05", "2026-03-07"]
        features:
          views:    { count: View }
          views_6h: { count: View, within: 6h }
          spend:    { sum: event.price, of: Buy }
          spend_2d: { sum: event.price, of: Buy, within: 2d }
          topics:   { distinct: event.topic, of: any, within: 1d }
          topic:    { last: event.topic, of: View, within: 12h }
          size:     { first: event.count, of: Buy }
          bought:   { last: Buy }
          began:    { first: View, within: 1d }
          idle:     { recency: Buy }
          basket:   { avg: event.price, of: Buy, within: 1d }
          cheapest: { min: event.price, of: View, within: 12h }
          dearest:  { max: event.price, of: Buy }
          trend:    { trend: View, within: 6h }
          growth:   { trend: event.price, of: any, within: 12h }
          taste:    { top: event.topic, of: [View, Buy], within: 1d }
          bought_it: { sequence: [View, Buy], within: 6h, for: 12h }
          left_it:  { sequence: [View], without: Buy, within: 3h, for: 8h }
          visits:   { sessions: any, gap: 30m, within: 1d }
        scores:
          lead:  { half_life: 12h, cap: 100, points: [ { on: View, add: 4 }, { on: Buy, add: 9 } ], grades: { warm: 10, hot: 30, hysteresis: 4 } }
          plain: { points: [ { on: Buy, when: event.price > 10.0, add: 1 } ] }

        """;

    private static readonly string[] _tags = ["a", "b", "c", "d", "e"];

    private static readonly string[] _zones = ["Asia/Tokyo", "America/New_York", "Europe/Berlin", "nowhere"];

    private readonly Random _random = new(seed);

    /// <summary>A strategy of some rules, with a segment for each four of them and three stages.</summary>
    public Strategy Strategy(int rules)
    {
        var text = new StringBuilder(Head).AppendLine("segments:");
        for (var i = 0; i < rules / 4; i++)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  s{i}: {Quoted(Condition(2, i, false))}");
        }

        text.AppendLine("journey:");
        foreach (var stage in new[] { "find", "entice", "conquer" })
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {stage}: {{ enter: {Quoted(Condition(1, 0, false))}, exit: {Quoted(Condition(1, 0, false))}, re_enter: true, min_dwell: 1h, timeout: {{ after: 2d }} }}");
        }

        text.AppendLine("rules:");
        for (var i = 0; i < rules; i++)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  - id: r{i}");
            if (_random.Next(6) == 0)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"    on: {Pick("View", "[View, Buy]", "Stage Entered", "Segment Left", "Grade Changed", "[Buy, Stage Exited]")}");
                text.AppendLine(CultureInfo.InvariantCulture, $"    behaviour: {Quoted(Condition(2, rules / 4, false))}");
            }
            else
            {
                foreach (var layer in new[] { "behaviour", "order", "device", "time" }.Where(layer => layer == "behaviour" || _random.Next(3) == 0))
                {
                    text.AppendLine(CultureInfo.InvariantCulture, $"    {layer}: {Quoted(Condition(2, rules / 4, true))}");
                }
            }

            text.AppendLine(CultureInfo.InvariantCulture, $"    then: [ {Effect()} ]");
        }

        // Tags that no rule gives could not be asked for.
        foreach (var tag in _tags)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  - {{ id: give-{tag}, profile: profile.age == 77, then: [ {{ tag: {{ name: {tag} }} }} ] }}");
        }

        var (strategy, errors) = Fragments.Compile(("strategy.yaml", text.ToString()));
        return strategy ?? throw new InvalidOperationException($"seed {seed}: {string.Join('\n', errors.Take(5))}");
    }

    /// <summary>What happened to a customer: events in time, late, too late, and time that only passed.</summary>
    public IEnumerable<CustomerEvent> History(int count)
    {
        var at = Customers.History.Start;
        for (var i = 0; i < count; i++)
        {
            at += TimeSpan.FromMinutes(_random.Next(4) == 0 ? _random.Next(1200) : _random.Next(30));
            var back = _random.Next(12) switch { 0 => TimeSpan.FromHours(_random.Next(20)), 1 => TimeSpan.FromHours(_random.Next(60)), _ => TimeSpan.Zero };
            yield return Event(at - back, $"m{i}");
        }
    }

    private CustomerEvent Event(DateTimeOffset at, string id)
    {
        var e = _random.Next(10) switch
        {
            0 => Customers.History.Identify(at, id, ("plan", Value.Of(Pick("none", "basic", "plus", "odd"))), ("age", _random.Next(3) == 0 ? Value.Null : Value.Of(_random.Next(15, 80))), ("member", Value.Of(_random.Next(2) == 0))),
            1 => Customers.History.Identify(at, id, ("weight", _random.Next(4) == 0 ? Value.Of("heavy") : Value.Of(_random.Next(100) / 2.0)), ("timezone", Value.Of(Pick(_zones))), ("born", Value.Of("1990-03-05"))),
            2 => Waking.EventAt(at, at),
            3 => Customers.History.Event("Other", at, id),
            _ => Customers.History.Event(Pick("View", "Buy"), at, id, ("price", _random.Next(5) == 0 ? Value.Null : Value.Of(_random.Next(80) / 2.0)), ("topic", Value.Of(Pick("x", "y", "z"))), ("count", Value.Of(_random.Next(6)))),
        };
        return e.Type == EventType.Wake ? e : _random.Next(5) switch
        {
            0 => e with { Context = PropertyMap.Of(("device", Value.Of(PropertyMap.Of(("type", Value.Of(Pick("mobile", "desktop"))))))) },
            1 => e with { Context = PropertyMap.Of(("channel", Value.Of(Pick("app", "web", "email"))), ("timezone", Value.Of(Pick(_zones)))) },
            _ => e,
        };
    }

    private string Effect() => _random.Next(8) switch
    {
        0 or 1 or 2 => $"{{ tag: {{ name: {Pick(_tags)}, level: {Pick("low", "high")}, expires: {_random.Next(1, 30)}h }} }}",
        3 or 4 => $"{{ score: {{ {Pick("lead", "plain")}: {_random.Next(-5, 10)} }} }}",
        5 => $"{{ attribute: {{ plan: {Pick("none", "basic", "plus")} }} }}",
        6 => $"{{ attribute: {{ timezone: {Pick(_zones)} }} }}",
        _ => $"{{ stage: {Pick("find", "{ leave: entice }", "conquer")} }}",
    };

    private string Condition(int depth, int segments, bool hasEvent) => depth == 0 || _random.Next(4) == 0 ? Test(segments, hasEvent) : _random.Next(8) switch
    {
        0 => $"!({Condition(depth - 1, segments, hasEvent)})",
        1 or 2 => $"({Condition(depth - 1, segments, hasEvent)} || {Condition(depth - 1, segments, hasEvent)})",
        3 => $"({Test(segments, hasEvent)} ? {Test(segments, hasEvent)} : {Test(segments, hasEvent)})",
        _ => $"{Condition(depth - 1, segments, hasEvent)} && {Condition(depth - 1, segments, hasEvent)}",
    };

    private string Test(int segments, bool hasEvent) => _random.Next(hasEvent ? 27 : 25) switch
    {
        0 => $"features.views {Op()} {_random.Next(1, 12)}",
        1 => $"features.views_6h {Op()} {_random.Next(1, 6)}",
        2 => $"features.spend {Op()} {_random.Next(200)}.5",
        3 => $"features.spend_2d {Pick("<", ">=")} {_random.Next(60)}.0",
        4 => $"features.topics {Op()} {_random.Next(1, 4)}",
        5 => Pick("features.topic == 'x'", "features.topic in ['y', 'z']", "features.topic == null", "features.topic < 'y'"),
        6 => Pick("features.size > 2", "features.size in [1, 3, 5]", "10 / features.size > 3", "features.size != null"),
        7 => $"now - features.bought > duration('{_random.Next(1, 30)}h')",
        8 => Pick($"features.idle > duration('{_random.Next(1, 30)}h')", "features.began == null", $"features.began < now - duration('{_random.Next(1, 20)}h')"),
        9 => $"scores.lead {Pick("<", ">=")} {_random.Next(1, 40)}.0",
        10 => Pick("grade('lead') >= 'warm'", "grade('lead') == 'hot'", "grade('lead') in ['none', 'hot']", "scores.plain > 3.0"),
        11 => Pick("tags.a", "!tags.b", "tags.c && !tags.d", "tag_level('a') == 'high'", "tag_level('e') != null"),
        12 => Pick("stages.find.in", "stages.entice.entries > 1", "stages.conquer.in", "stages.find.entered_at != null"),
        13 => Pick("device.type == 'mobile'", "channel == 'app'", "channel in ['web', 'email']", "device.type != null", "context.timezone == 'Asia/Tokyo'"),
        14 => Pick($"now.hour >= {_random.Next(1, 22)}", $"now.weekday {Pick("<", ">=", "==")} {_random.Next(2, 6)}", "now.day % 2 == 0", "calendar.spring", $"now.minute < {_random.Next(1, 59)}"),
        15 => Pick("profile.plan == 'plus'", "profile.plan in ['none', 'basic']", "profile.member", "profile.member == true", "has(profile.plan)"),
        16 => Pick($"profile.age {Op()} {_random.Next(16, 79)}", $"profile.weight {Op()} {_random.Next(50)}.5", "profile.weight / 2.0 > 10.0", "age(profile.born) >= 36"),
        17 => Pick("features.views > features.topics", "features.spend > features.spend_2d", "profile.plan.startsWith('b')", "features.views % 3 == 1"),
        18 when segments > 0 => $"segments.s{_random.Next(segments)}",
        18 or 19 => Pick("now > timestamp('2026-03-04T00:00:00Z')", "now.date >= timestamp('2026-03-05T00:00:00Z')", "calendar.days_until('spring') == 1"),
        20 => $"features.basket {Op()} {_random.Next(40)}.0",
        21 => Pick($"features.cheapest < {_random.Next(1, 30)}.0", $"features.dearest >= {_random.Next(1, 40)}.5", "features.dearest == null"),
        22 => Pick($"features.trend {Op()} 1.0", "features.growth > 1.5", "features.trend == null", "features.taste == 'x'", "features.taste in ['y', 'z']"),
        23 => Pick("features.bought_it", "!features.left_it", "features.left_it", "features.bought_it && !features.left_it"),
        24 => $"features.visits {Op()} {_random.Next(1, 8)}",
        25 => Pick($"event.price > {_random.Next(40)}.0", "event.count in [1, 2]", "event.price == null", "event.big"),
        _ => Pick("event.topic == 'x'", "event.topic == features.topic", "has(event.topic)"),
    };

    private string Op() => Pick("<", "<=", ">", ">=", "==", "!=");

    private static string Quoted(string condition) => $"\"{condition}\"";

    private T Pick<T>(params ReadOnlySpan<T> of) => of[_random.Next(of.Length)];
}
