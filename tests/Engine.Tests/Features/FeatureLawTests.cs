using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Features;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Tests.Customers;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Tests.Features;

/// <summary>Every kind over several windows of one base, on random histories, against a model that keeps all events.</summary>
public sealed class FeatureLawTests
{
    private static readonly FeatureKind[] _kinds =
    [
        FeatureKind.Count, FeatureKind.Sum, FeatureKind.Average, FeatureKind.Min, FeatureKind.Max, FeatureKind.Distinct, FeatureKind.Last, FeatureKind.LastValue,
        FeatureKind.Recency, FeatureKind.First, FeatureKind.FirstValue, FeatureKind.Top, FeatureKind.Sessions, FeatureKind.CountTrend, FeatureKind.SumTrend,
    ];

    [Fact]
    public void Every_kind_reads_what_a_model_of_all_events_reads_in_any_order_of_arrival_and_in_any_batches()
    {
        foreach (var seed in Enumerable.Range(1, 40))
        {
            var random = new Random(seed);
            var windows = Enumerable.Range(0, 3).Select(_ => TimeSpan.FromSeconds(random.Next(60, random.Next(2) == 0 ? 5_000 : 900_000))).ToArray();
            var gap = windows[0] / 20;
            var strategy = StrategyOf(windows, gap);
            var events = Events(random, windows.Max() * 1.5, random.Next(1, 150));
            var shuffled = events.ToArray();
            random.Shuffle(shuffled);

            var state = History.Fold(strategy, events);
            var states = new Dictionary<string, CustomerState>
            {
                ["one by one"] = state,
                ["in batches"] = History.Fold(strategy, events, random.Next(2, 40)),
                ["from the store"] = History.Stored(state),
                ["shuffled"] = History.Fold(strategy, shuffled, random.Next(1, 40)),
            };
            Assert.True(states["one by one"].Features == states["in batches"].Features, $"seed {seed}");
            Assert.True(states["one by one"].Features == states["from the store"].Features, $"seed {seed}");
            for (var i = 0; i < 6; i++)
            {
                var now = events.Max(e => e.Timestamp) + (random.Next(3) == 0 ? TimeSpan.Zero : windows[random.Next(3)] * (1.3 * random.NextDouble()));
                foreach (var (how, folded) in states)
                {
                    var facts = Look(strategy, folded, now);
                    // Sessions of all time are put together while they are among the newest 16.
                    foreach (var feature in strategy.Features.Where(feature => how != "shuffled" || feature is not { Kind: FeatureKind.Sessions, Within: null }))
                    {
                        var expected = Model(feature, events, now, gap);
                        Assert.True(expected == facts.FeatureValue(feature.Slot), $"seed {seed}, {how}, {feature.Name} at {now:O}: expected {expected}, read {facts.FeatureValue(feature.Slot)}");
                    }
                }
            }
        }
    }

    [Fact]
    public void Between_events_a_feature_changes_only_at_the_instants_that_are_foretold()
    {
        foreach (var seed in Enumerable.Range(1, 40))
        {
            var random = new Random(seed);
            var windows = new[] { TimeSpan.FromMinutes(random.Next(1, 50)), TimeSpan.FromMinutes(random.Next(1, 50)) };
            var strategy = StrategyOf(windows, TimeSpan.FromMinutes(1));
            var state = History.Fold(strategy, Events(random, windows.Max(), 20));
            foreach (var feature in strategy.Features.Where(feature => feature.Kind != FeatureKind.Recency))
            {
                var at = state.LatestEventAt!.Value;
                for (var steps = 0; state.Features.NextChangeAt(feature, at) is { } next; steps++)
                {
                    Assert.True(next > at && steps < 200, $"seed {seed}, {feature.Name}: {next:O} after {at:O}");
                    Assert.True(Read(at) == Read(next.AddTicks(-10)), $"seed {seed}, {feature.Name}: changed between {at:O} and {next:O}");
                    at = next;
                }

                Assert.True(Read(at) == Read(at.AddYears(3)), $"seed {seed}, {feature.Name}: changes after {at:O}");

                Value Read(DateTimeOffset now) => Look(strategy, state, now).FeatureValue(feature.Slot);
            }
        }
    }

    [Fact]
    public void Windows_over_one_base_share_a_cell()
    {
        var strategy = StrategyOf([TimeSpan.FromDays(1), TimeSpan.FromDays(7), TimeSpan.FromDays(30)], TimeSpan.FromMinutes(30));
        var state = History.Fold(strategy, Events(new Random(1), TimeSpan.FromDays(20), 50));

        // All time and the windows of each kind; the two trends read the cells of count and sum; last, its value and recency need one each.
        Assert.Equal((2 * 10) + 3, state.Features.Count);
    }

    private static Strategy StrategyOf(TimeSpan[] windows, TimeSpan gap)
    {
        var builder = new StrategyBuilder();
        foreach (var kind in _kinds)
        {
            var of = kind is FeatureKind.Count or FeatureKind.Last or FeatureKind.First or FeatureKind.Recency or FeatureKind.Sessions or FeatureKind.CountTrend ? null : "event.v";
            foreach (var (i, within) in windows.Select(within => (TimeSpan?)within).Append(null).Index().Where(pair => pair.Item is not null || kind is not (FeatureKind.CountTrend or FeatureKind.SumTrend)))
            {
                builder.Feature($"{kind}_{i}", kind, "A|B", of, "event.w", within, gap: kind == FeatureKind.Sessions ? gap : default);
            }
        }

        return builder.Build();
    }

    // Instants are all different, so that the order of arrival never decides.
    private static CustomerEvent[] Events(Random random, TimeSpan length, int count) =>
        [.. Enumerable.Range(0, count)
            .Select(_ => History.Start.AddTicks(random.NextInt64(length.Ticks) / 10 * 10))
            .Distinct().Order()
            .Select((at, i) => History.Event(random.Next(5) == 0 ? "C" : "A", at, $"m{i}", ("v", Value.Of((random.Next(Limits.TopValuesMax) / 4.0) - 2)), ("w", Value.Of(random.Next(8) > 0))))];

    private static Facts Look(Strategy strategy, CustomerState state, DateTimeOffset now)
    {
        var facts = new Facts(strategy);
        facts.Look(state, now, null, PropertyMap.Empty);
        return facts;
    }

    private static Value Model(Feature feature, CustomerEvent[] history, DateTimeOffset now, TimeSpan gap)
    {
        var counted = history.Where(e => e.Name == "A" && e.Properties["w"].AsBool()).ToArray();
        var isExact = feature.Kind is FeatureKind.Last or FeatureKind.LastValue or FeatureKind.Recency;
        var inside = Inside(feature.Within);
        var numbers = inside.Select(e => e.Properties["v"].AsDouble()).ToArray();
        switch (feature.Kind)
        {
            case FeatureKind.Count:
                return Value.Of(inside.Length);
            case FeatureKind.Sum:
                return Value.Of(numbers.Sum());
            case FeatureKind.Average:
                return numbers.Length == 0 ? Value.Null : Value.Of(numbers.Sum() / numbers.Length);
            case FeatureKind.Min:
                return numbers.Length == 0 ? Value.Null : Value.Of(numbers.Min());
            case FeatureKind.Max:
                return numbers.Length == 0 ? Value.Null : Value.Of(numbers.Max());
            case FeatureKind.Distinct:
                return Value.Of(numbers.Distinct().Count());
            case FeatureKind.Last:
                return inside.Length == 0 ? Value.Null : Value.Of(inside[^1].Timestamp);
            case FeatureKind.LastValue:
                return inside.Length == 0 ? Value.Null : inside[^1].Properties["v"];
            case FeatureKind.Recency:
                return inside.Length == 0 ? Value.Null : Value.Of(now - inside[^1].Timestamp);
            case FeatureKind.First:
                return inside.Length == 0 ? Value.Null : Value.Of(inside[0].Timestamp);
            case FeatureKind.FirstValue:
                return inside.Length == 0 ? Value.Null : inside[0].Properties["v"];
            case FeatureKind.Top:
                // Of several as frequent the one seen last.
                return inside.GroupBy(e => e.Properties["v"])
                    .OrderByDescending(same => same.Count()).ThenByDescending(same => counted.Last(e => e.Properties["v"] == same.Key).Timestamp)
                    .Select(same => same.Key).FirstOrDefault();
            case FeatureKind.Sessions:
                var ends = counted.Where((e, i) => i == counted.Length - 1 || counted[i + 1].Timestamp - e.Timestamp > gap);
                return Value.Of(ends.Count(e => feature.Within is not { } within || e.Timestamp > now - within));
            case FeatureKind.CountTrend:
                var before = Inside(feature.Within * 2).Length - inside.Length;
                return before == 0 ? Value.Null : Value.Of((double)inside.Length / before);
            default:
                var sum = Inside(feature.Within * 2).Sum(e => e.Properties["v"].AsDouble()) - numbers.Sum();
                return sum == 0 ? Value.Null : Value.Of(numbers.Sum() / sum);
        }

        // An event is in the window while the start of its bucket is; the buckets are at most a 64th of the window.
        CustomerEvent[] Inside(TimeSpan? within)
        {
            if (within is not { } window)
            {
                return counted;
            }

            var width = 1L;
            while (width * 2 <= window.Ticks / 64)
            {
                width *= 2;
            }

            return [.. counted.Where(e => isExact
                ? e.Timestamp > now - window
                : WindowTime.Ticks(e.Timestamp) / width * width > WindowTime.Ticks(now) - window.Ticks)];
        }
    }
}
