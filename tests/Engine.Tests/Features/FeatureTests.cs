using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Features;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Tests.Customers;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Tests.Features;

public sealed class FeatureTests
{
    private static readonly DateTimeOffset _start = History.Start;

    // Events at minutes 0, 10, 20 with values 1.5, "b", 3; read so many minutes after the start.
    [Theory]
    [InlineData(FeatureKind.Count, null, 20, "3")]
    [InlineData(FeatureKind.Count, 64, 20, "3")]
    [InlineData(FeatureKind.Count, 64, 63, "3")]
    [InlineData(FeatureKind.Count, 64, 64, "2")]
    [InlineData(FeatureKind.Count, 64, 83, "1")]
    [InlineData(FeatureKind.Count, 64, 84, "0")]
    [InlineData(FeatureKind.Sum, null, 99, "4.5")]
    [InlineData(FeatureKind.Sum, 64, 63, "4.5")]
    [InlineData(FeatureKind.Sum, 64, 64, "3.0")]
    [InlineData(FeatureKind.Sum, 64, 84, "0.0")]
    [InlineData(FeatureKind.Last, null, 9999, "2026-03-02T09:20:00Z")]
    [InlineData(FeatureKind.Last, 64, 83, "2026-03-02T09:20:00Z")]
    [InlineData(FeatureKind.Last, 64, 84, "null")]
    [InlineData(FeatureKind.First, null, 9999, "2026-03-02T09:00:00Z")]
    [InlineData(FeatureKind.First, 64, 64, "2026-03-02T09:10:00Z")]
    [InlineData(FeatureKind.First, 64, 84, "null")]
    [InlineData(FeatureKind.Recency, null, 20, "0s")]
    [InlineData(FeatureKind.Recency, null, 50, "1800s")]
    [InlineData(FeatureKind.Recency, 64, 83, "3780s")]
    [InlineData(FeatureKind.Recency, 64, 84, "null")]
    [InlineData(FeatureKind.LastValue, null, 9999, "3")]
    [InlineData(FeatureKind.LastValue, 64, 83, "3")]
    [InlineData(FeatureKind.LastValue, 64, 84, "null")]
    [InlineData(FeatureKind.FirstValue, null, 9999, "1.5")]
    [InlineData(FeatureKind.FirstValue, 64, 64, "\"b\"")]
    [InlineData(FeatureKind.FirstValue, 64, 84, "null")]
    [InlineData(FeatureKind.Distinct, null, 9999, "3")]
    [InlineData(FeatureKind.Distinct, 64, 64, "2")]
    [InlineData(FeatureKind.Distinct, 64, 84, "0")]
    public void Each_kind_reads_what_is_in_its_window(FeatureKind kind, int? withinMinutes, int atMinute, string expected)
    {
        var strategy = Strategy(kind, withinMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null);
        Value[] values = [Value.Of(1.5), Value.Of("b"), Value.Of(3)];
        var state = History.Fold(strategy, values.Select((value, i) => History.Event("E", _start.AddMinutes(10 * i), $"m{i}", ("v", value))));

        Assert.Equal(expected, Read(strategy, state, _start.AddMinutes(atMinute)).ToString());
        Assert.Equal(expected, Read(strategy, History.Stored(state), _start.AddMinutes(atMinute)).ToString());
    }

    [Theory]
    [InlineData("E")]
    [InlineData("any")]
    public void Features_defined_alike_count_each_event_once_and_wake_the_same_rules(string events)
    {
        var window = TimeSpan.FromMinutes(64);
        var strategy = new StrategyBuilder()
            .Feature("one", FeatureKind.Count, events, within: window)
            .Feature("other", FeatureKind.Count, events, within: window)
            .Tag("busy")
            .Rule("busy", "features.other == 2", new RuleEffect.Tag("busy", "", null))
            .Rule("one-left", "features.other == 1", new RuleEffect.Tag("one-left", "", null))
            .Build();

        var state = History.Fold(strategy, [History.Event("E", _start, "a"), History.Event("E", _start.AddMinutes(10), "b")]);
        Assert.Equal(["busy", "one-left"], state.Tags.Select(tag => tag.Name).Order());
        var view = CustomerViews.Of(state, strategy, _start.AddMinutes(10));
        Assert.Equal((Value.Of(2L), Value.Of(2L)), (view.Features["one"], view.Features["other"]));
    }

    [Fact]
    public void A_window_is_exact_to_a_64th_whatever_the_history()
    {
        foreach (var seed in Enumerable.Range(1, 60))
        {
            var random = new Random(seed);
            var within = TimeSpan.FromSeconds(random.Next(60, 900_000));
            var at = _start;
            var events = new List<(DateTimeOffset At, double Value)>();
            var strategies = Enumerable.Range(1, 8).Select(kind => (FeatureKind)kind).ToDictionary(kind => kind, kind => Strategy(kind, within));
            var states = strategies.ToDictionary(pair => pair.Key, _ => CustomerState.Empty);
            for (var i = 0; i < 80; i++)
            {
                at += within * (random.NextDouble() / 10);
                var e = (At: at - (random.Next(4) == 0 ? within * random.NextDouble() : TimeSpan.Zero), Value: random.Next(12) + 0.25);
                e.At = new(e.At.UtcTicks - (e.At.UtcTicks % 10), TimeSpan.Zero);
                events.Add(e);
                foreach (var (kind, strategy) in strategies)
                {
                    states[kind] = states[kind].Record(strategy, History.Event("E", e.At, $"m{i}", ("v", Value.Of(e.Value)))).Next;
                }

                var now = events.Max(each => each.At) + (within * random.NextDouble());
                var surely = events.Where(each => each.At > now - (within * (63 / 64.0))).ToList();
                var possibly = events.Where(each => each.At > now - within).ToList();
                var where = $"seed {seed}, step {i}, within {within}";
                Assert.True(Read(strategies, states, FeatureKind.Count, now).AsInt() is var count && count >= surely.Count && count <= possibly.Count, where);
                Assert.True(Read(strategies, states, FeatureKind.Sum, now).AsDouble() is var sum && sum >= surely.Sum(each => each.Value) && sum <= possibly.Sum(each => each.Value), where);
                Assert.True(
                    Read(strategies, states, FeatureKind.Distinct, now).AsInt() is var distinct
                    && distinct >= surely.DistinctBy(each => each.Value).Count()
                    && distinct <= possibly.DistinctBy(each => each.Value).Count(),
                    where);
                var first = Read(strategies, states, FeatureKind.First, now);
                Assert.True(first.IsNull ? surely.Count == 0 : first.AsTimestamp() >= possibly.Min(each => each.At) && surely.TrueForAll(each => each.At >= first.AsTimestamp()), where);
                var last = possibly.Count == 0 ? Value.Null : Value.Of(possibly.Max(each => each.At));
                Assert.True(last == Read(strategies, states, FeatureKind.Last, now), where);
            }
        }
    }

    [Fact]
    public void Money_adds_up_to_the_penny_in_any_order()
    {
        var random = new Random(20);
        var prices = Enumerable.Range(0, 200_000).Select(_ => Math.Round(random.NextDouble() * 900, 2) * (random.Next(10) == 0 ? -1 : 1)).ToArray();
        var exact = prices.Sum(price => (decimal)price);
        var feature = Strategy(FeatureKind.Sum, null).Features[0];

        var inOrder = Added(feature, prices);
        random.Shuffle(prices);
        var shuffled = Added(feature, prices);

        Assert.Equal((double)exact, FeatureReading.Sum(inOrder.Find(feature.Key), feature, _start));
        Assert.Equal(inOrder, shuffled);
    }

    [Theory]
    [InlineData(0.1, 10, 1.0)]
    [InlineData(-17.85, 3, -53.55)]
    [InlineData(1e19, 2, 2e19)]
    [InlineData(1e300, 1, 1e20)]
    [InlineData(double.NegativeInfinity, 1, -1e20)]
    [InlineData(double.NaN, 5, 0.0)]
    [InlineData(0.0000000004, 9, 0.0)]
    public void Sums_are_whole_billionths_within_bounds(double addend, int times, double expected)
    {
        var strategy = Strategy(FeatureKind.Sum, null);
        var state = History.Fold(strategy, Enumerable.Range(0, times).Select(i => History.Event("E", _start, $"m{i}", ("v", Value.Of(addend)))));

        Assert.Equal(Value.Of(expected), Read(strategy, state, _start));
    }

    [Fact]
    public void A_sum_stays_at_its_end_instead_of_wrapping()
    {
        var most = ExactSum.Add(Int128.MaxValue, 1);

        Assert.Equal((Int128.MaxValue, Int128.MinValue), (most, ExactSum.Add(Int128.MinValue, -1)));
    }

    [Fact]
    public void Events_without_the_value_do_not_count()
    {
        foreach (var kind in new[] { FeatureKind.Sum, FeatureKind.Distinct, FeatureKind.LastValue, FeatureKind.FirstValue })
        {
            var strategy = Strategy(kind, null);
            Value[] values = [Value.Null, Value.Of(PropertyMap.Empty), Value.Of([Value.Of(1)])];
            var state = History.Fold(strategy, values.Select((value, i) => History.Event("E", _start, $"m{i}", ("v", value))));

            Assert.Equal(0, state.Features.Count);
            Assert.Equal(3, state.Sequence);
        }
    }

    [Fact]
    public void Of_events_at_the_same_instant_the_last_recorded_is_the_last()
    {
        Value[] values = [Value.Of("a"), Value.Of("b")];
        foreach (var (kind, expected) in new[] { (FeatureKind.LastValue, "\"b\""), (FeatureKind.FirstValue, "\"a\"") })
        {
            foreach (var within in new TimeSpan?[] { null, TimeSpan.FromHours(1) })
            {
                var strategy = Strategy(kind, within);
                var state = History.Fold(strategy, values.Select((value, i) => History.Event("E", _start, $"m{i}", ("v", value))));

                Assert.Equal(expected, Read(strategy, state, _start).ToString());
            }
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(100)]
    public void Distinct_values_are_exact_to_their_limit_and_then_estimated_in_any_order(int? withinHours)
    {
        var strategy = Strategy(FeatureKind.Distinct, withinHours is { } hours ? TimeSpan.FromHours(hours) : null);
        foreach (var (values, least, most) in ((int, long, long)[])[(200, 200, 200), (Limits.DistinctValuesMax, 256, 256), (500, 400, 600), (3_000, 2_500, 3_500)])
        {
            var events = Enumerable.Range(0, values + 200).Select(i => History.Event("E", _start.AddMinutes(i / 3), $"m{i}", ("v", Value.Of($"value-{i % values}")))).ToArray();
            var shuffled = events.ToArray();
            new Random(4).Shuffle(shuffled);

            var (inOrder, outOfOrder) = (History.Fold(strategy, events, 50), History.Fold(strategy, shuffled, 50));

            Assert.InRange(Read(strategy, inOrder, inOrder.LatestEventAt!.Value).AsInt(), least, most);
            Assert.Equal(inOrder.Features, outOfOrder.Features);
            Assert.Equal(inOrder.Features, History.Stored(inOrder).Features);
        }
    }

    [Fact]
    public void A_window_with_few_values_is_exact_again_after_one_with_many()
    {
        var strategy = Strategy(FeatureKind.Distinct, TimeSpan.FromHours(10));
        var many = Enumerable.Range(0, 2_000).Select(i => History.Event("E", _start.AddSeconds(i), $"m{i}", ("v", Value.Of(i))));
        var few = Enumerable.Range(0, 50).Select(i => History.Event("E", _start.AddHours(11).AddMinutes(i), $"n{i}", ("v", Value.Of(i % 40))));

        var state = History.Fold(strategy, many.Concat(few), 100);

        Assert.Equal(Value.Of(40), Read(strategy, state, state.LatestEventAt!.Value));
        Assert.Equal(40, state.Features.ToCells()[0].Entries.Length);
    }

    [Fact]
    public void Three_and_three_point_zero_are_one_value_and_long_texts_are_cut()
    {
        var distinct = Strategy(FeatureKind.Distinct, null);
        Value[] values = [Value.Of(3), Value.Of(3.0), Value.Of("3"), Value.Of("3")];
        var state = History.Fold(distinct, values.Select((value, i) => History.Event("E", _start, $"m{i}", ("v", value))));
        Assert.Equal(Value.Of(2), Read(distinct, state, _start));

        var last = Strategy(FeatureKind.LastValue, null);
        state = History.Fold(last, [History.Event("E", _start, "m", ("v", Value.Of(new string('x', 10_000))))]);
        Assert.Equal(Limits.FeatureTextCharsMax, Read(last, state, _start).AsString().Length);
    }

    [Fact]
    public void Cells_outlive_the_strategy_that_made_them()
    {
        var old = new StrategyBuilder().Feature("views", FeatureKind.Count, "E").Feature("gone", FeatureKind.Count, "E", within: TimeSpan.FromHours(1)).Build("old");
        var next = new StrategyBuilder().Feature("fresh", FeatureKind.Sum, "E", of: "event.v").Feature("renamed", FeatureKind.Count, "E").Build("next");
        var state = History.Fold(old, [History.Event("E", _start, "a", ("v", Value.Of(2)))]);

        state = state.Record(next, History.Event("E", _start.AddDays(1), "b", ("v", Value.Of(3)))).Next;

        Assert.Equal(3, state.Features.Count);
        Assert.Equal("{fresh: 3.0, renamed: 2}", CustomerViews.Of(state, next, _start.AddDays(1)).Features.ToString());
        Assert.Equal("{gone: 0, views: 2}", CustomerViews.Of(state, old, _start.AddDays(1)).Features.ToString());
    }

    [Theory]
    [InlineData(FeatureKind.Count, "1")]
    [InlineData(FeatureKind.Sum, "4.0")]
    [InlineData(FeatureKind.First, "2026-03-02T09:00:00Z")]
    [InlineData(FeatureKind.FirstValue, "4")]
    [InlineData(FeatureKind.Distinct, "1")]
    public void Adding_to_a_bucket_leaves_the_state_before_as_it_was(FeatureKind kind, string expected)
    {
        var strategy = Strategy(kind, TimeSpan.FromDays(64));
        var state = History.Fold(strategy, [History.Event("E", _start, "a", ("v", Value.Of(4)))]);

        _ = state.Record(strategy, History.Event("E", _start.AddMinutes(-1), "b", ("v", Value.Of(5))), History.Event("E", _start.AddMinutes(1), "c", ("v", Value.Of(6))));

        Assert.Equal(expected, Read(strategy, state, _start).ToString());
    }

    [Fact]
    public void Folding_does_not_change_the_cells_it_started_from()
    {
        var strategy = RandomHistory.Strategy;
        var events = RandomHistory.Events(3, 120);
        var state = History.Fold(strategy, events.Take(60));
        var before = History.Describe(state);

        _ = state.Record(strategy, [.. events.Skip(60)]);
        _ = state.Record(strategy, events[60]);

        Assert.Equal(before, History.Describe(state));
    }

    private static FeatureCells Added(Feature feature, double[] numbers)
    {
        var (builder, plan) = (FeatureCells.Empty.ToBuilder(), new CellPlan(feature.Key, [feature]));
        foreach (var number in numbers)
        {
            var occurrence = new Occurrence { Value = Value.Of(number) };
            Assert.True(plan.TryPrepare(ref occurrence) && builder.Add(plan, in occurrence));
        }

        return builder.Build();
    }

    private static Strategy Strategy(FeatureKind kind, TimeSpan? within) => new StrategyBuilder()
        .Feature("f", kind, "E", kind is FeatureKind.Sum or FeatureKind.Distinct or FeatureKind.LastValue or FeatureKind.FirstValue or FeatureKind.Average or FeatureKind.Min or FeatureKind.Max or FeatureKind.Top or FeatureKind.SumTrend ? "event.v" : null, within: within)
        .Build();

    private static Value Read(Dictionary<FeatureKind, Strategy> strategies, Dictionary<FeatureKind, CustomerState> states, FeatureKind kind, DateTimeOffset now) =>
        Read(strategies[kind], states[kind], now);

    private static Value Read(Strategy strategy, CustomerState state, DateTimeOffset now)
    {
        var facts = new Facts(strategy);
        facts.Look(state, now, null, PropertyMap.Empty);
        return facts.FeatureValue(0);
    }
}
