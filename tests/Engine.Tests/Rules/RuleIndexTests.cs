using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Rules.Indexing;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Tests.Customers;
using Decisioning.Engine.Tests.Strategies;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Tests.Rules;

public sealed class RuleIndexTests
{
    private const int Rules = 80;
    private const int Events = 60;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 24)];

    // Each seed is a strategy of its own: 24 × 80 rules × 60 events = 115,200 pairs, and the segments and stages beside them.
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Rules_that_an_event_cannot_change_need_not_be_asked(int seed)
    {
        var random = new RandomRules(seed);
        var strategy = random.Strategy(Rules);
        var (state, naive) = (CustomerState.Empty, CustomerState.Empty);
        var changes = 0;
        foreach (var (i, e) in random.History(Events).Index())
        {
            var recorded = new RecordedEvent(i + 1, 0, e);
            var (next, told) = Fold(state, recorded, strategy, isNaive: false);
            var (nextNaive, toldNaive) = Fold(naive, recorded, strategy, isNaive: true);

            Assert.True(
                History.Describe(nextNaive with { Carried = [] }) == History.Describe(next with { Carried = [] }),
                $"seed {seed}, event {i} {e.Name} at {e.Timestamp:O}:\n{History.Describe(nextNaive)}\nbut by the index\n{History.Describe(next)}");
            Assert.Equal(toldNaive, told);
            (state, naive) = (next, nextNaive);
            changes += told.Length - 1;
        }

        Assert.True(changes > 20, $"seed {seed} changes little: {changes}");
    }

    // Rules of one id are other rules in the next version, and those that look at an event wait for one.
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Rules_of_a_version_that_was_met_when_time_passed_are_as_if_all_were_asked(int seed)
    {
        var random = new RandomRules(2000 + seed);
        var (before, after) = (random.Strategy(Rules), random.Strategy(Rules));
        CustomerEvent[] events = [.. random.History(Events)];
        var state = History.Fold(before, events[..(Events / 2)]);
        var naive = state;
        var wake = Waking.EventAt(state.AsOf()!.Value.AddHours(1), History.Start.AddYears(10));
        foreach (var (i, e) in events[(Events / 2)..].Prepend(wake).Index())
        {
            var recorded = new RecordedEvent(state.Sequence + 1, 0, e);
            var (next, told) = Fold(state, recorded, after, isNaive: false);
            var (nextNaive, toldNaive) = Fold(naive, recorded, after, isNaive: true);

            Assert.True(
                History.Describe(nextNaive with { Carried = [] }) == History.Describe(next with { Carried = [] }),
                $"seed {seed}, event {i} {e.Name} at {e.Timestamp:O}:\n{History.Describe(nextNaive)}\nbut by the index\n{History.Describe(next)}");
            Assert.Equal(toldNaive, told);
            Assert.Equal(after.Hash, next.FoldedWith);
            (state, naive) = (next, nextNaive);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_row_of_the_index_holds_when_all_its_conditions_do(int seed)
    {
        var random = new RandomRules(1000 + seed);
        var strategy = random.Strategy(40);
        var index = StrategyPlan.Of(strategy).Index;
        var look = new IndexLook(index, new Facts(strategy));
        var all = Enumerable.Repeat(ulong.MaxValue, index.Words).ToArray();
        var holding = new ulong[index.Words];
        var state = CustomerState.Empty;
        foreach (var e in random.History(40))
        {
            state = state.Record(strategy, e).Next;
            look.Facts.Look(state, e.Timestamp, seed % 2 == 0 ? e : null, e.Context);
            look.Forget();
            index.Holding(all, look, holding);
            foreach (var rule in strategy.Rules)
            {
                var expected = rule.Layers.All(layer => layer.When.Test(look.Facts) == Truth.True);
                Assert.True(expected == ((holding[rule.Index >> 6] >> (rule.Index & 63) & 1) != 0), $"seed {seed}, {e.MessageId}: {string.Join(" AND ", rule.Layers.Select(layer => layer.When.Expression.Text))}");
                Assert.Equal(expected, index.Holds(rule.Index, look));
            }
        }
    }

    // Few bounds have a bitset each, some hundred share them, thousands have none.
    [Theory]
    [InlineData(100)]
    [InlineData(1000)]
    [InlineData(3000)]
    public void However_many_bounds_a_feature_has_each_is_exact(int bounds)
    {
        var conditions = Enumerable.Range(0, bounds).Select(i => (i % 4) switch
        {
            0 => $"features.views >= {i + 1}",
            1 => $"features.views < {i + 1} && features.views != {i / 2}",
            2 => $"features.views == {i + 1} || features.views > {2 * i}",
            _ => $"!(features.views in [{i}, {i + 1}])",
        }).ToArray();
        var strategy = Fragments.Compiled($$"""
            features: { views: { count: Product Viewed } }
            rules:
            {{string.Concat(conditions.Select((condition, i) => $"  - {{ id: r{i}, behaviour: \"{condition}\", then: [ {{ tag: {{ name: t }} }} ] }}\n"))}}
            """);
        var index = StrategyPlan.Of(strategy).Index;
        var look = new IndexLook(index, new Facts(strategy));
        var holding = new ulong[index.Words];
        var all = Enumerable.Repeat(ulong.MaxValue, index.Words).ToArray();
        var state = CustomerState.Empty;
        foreach (var views in new[] { 0, 1, 2, 3, 49, 50, 51, 99, 100, 101 })
        {
            while (state.Sequence < views)
            {
                state = state.Record(strategy, History.Event("Product Viewed", History.Start, $"m{state.Sequence}")).Next;
            }

            look.Facts.Look(state, History.Start, null, PropertyMap.Empty);
            look.Forget();
            index.Holding(all, look, holding);
            for (var i = 0; i < bounds; i++)
            {
                var expected = (i % 4) switch { 0 => views >= i + 1, 1 => views < i + 1 && views != i / 2, 2 => views == i + 1 || views > 2 * i, _ => views != i && views != i + 1 };
                Assert.True(expected == ((holding[i >> 6] >> (i & 63) & 1) != 0), $"{views} views, {conditions[i]}");
            }
        }
    }

    [Fact]
    public void Nothing_is_allocated_for_rules_that_do_nothing()
    {
        var strategy = new RandomRules(7).Strategy(60);
        var index = StrategyPlan.Of(strategy).Index;
        var look = new IndexLook(index, new Facts(strategy));
        var all = Enumerable.Repeat(ulong.MaxValue, index.Words).ToArray();
        var holding = new ulong[index.Words];
        var state = History.Fold(strategy, new RandomRules(8).History(30));
        var e = History.Event("View", state.LatestEventAt!.Value, "last", ("price", Value.Of(3.5)), ("topic", Value.Of("x")));
        long allocated = 0;
        for (var round = 0; round < 3; round++)
        {
            look.Facts.Look(state, e.Timestamp, e, state.Context);
            look.Forget();
            var before = GC.GetAllocatedBytesForCurrentThread();
            index.Holding(all, look, holding);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void A_rule_that_held_acts_at_its_events_once_it_names_them()
    {
        const string rule = "rules: [ { id: r, ON behaviour: features.views > 0, then: [ { score: { lead: 1 } } ] } ]\nscores: { lead: { cap: 9 } }\nfeatures: { views: { count: Product Viewed } }";
        var (before, after) = (Fragments.Compiled(rule.Replace("ON ", "", StringComparison.Ordinal)), Fragments.Compiled(rule.Replace("ON ", "on: Product Viewed, ", StringComparison.Ordinal)));
        var state = History.Fold(before, [History.Event("Product Viewed", History.Start, "a")]);
        Assert.Equal(["r"], state.RulesHeld);

        state = state.Record(after, History.Event("Product Viewed", History.Start, "b")).Next;
        state = state.Record(after, History.Event("Product Viewed", History.Start, "c")).Next;

        Assert.Equal(3, state.Scores[0].Points);
        Assert.Empty(state.RulesHeld);
    }

    private static (CustomerState Next, ImmutableArray<CustomerChange> Changes) Fold(CustomerState state, RecordedEvent recorded, Strategy strategy, bool isNaive)
    {
        var changes = ImmutableArray.CreateBuilder<CustomerChange>();
        var fold = Engine.Customers.Fold.Rent(strategy);
        fold.IsNaive = isNaive;
        fold.Begin(state, changes);
        fold.Apply(recorded, SeenMessages.HashOf(recorded.Event.MessageId));
        var next = fold.End();
        Engine.Customers.Fold.Return(fold);
        return (next, changes.ToImmutable());
    }
}
