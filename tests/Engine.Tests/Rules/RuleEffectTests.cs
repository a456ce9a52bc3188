using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Features;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Tests.Customers;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Tests.Rules;

public sealed class RuleEffectTests
{
    private static readonly DateTimeOffset _start = History.Start;

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    public void A_tag_ends_exactly_when_it_expires(int ticks, bool isCarried)
    {
        var strategy = Tagging("event.hot", TimeSpan.FromHours(2));
        var state = History.Fold(strategy, [Hot(0, "a", true)]);

        var view = CustomerViews.Of(state, strategy, _start.AddHours(2).AddTicks(ticks));

        Assert.Equal(isCarried ? ["hot"] : [], view.Tags.Select(tag => tag.Name));
    }

    // Each event says whether the rule holds; the tag lasts two hours.
    [Theory]
    [InlineData("0+ 60+ 100+", 0, 120, 1)]
    [InlineData("0+ 60- 100+", 0, 220, 1)]
    [InlineData("0+ 60- 119+", 0, 239, 1)]
    [InlineData("0+ 60- 120+", 120, 240, 2)]
    [InlineData("0+ 130+ 140- 150+", 150, 270, 2)]
    [InlineData("0+ 10? 20+", 0, 140, 1)]
    public void Effects_come_when_a_rule_begins_to_hold(string events, int since, int expires, int given)
    {
        var strategy = Tagging("event.hot", TimeSpan.FromHours(2));
        var changes = 0;
        var state = CustomerState.Empty;
        foreach (var (i, text) in events.Split(' ').Index())
        {
            // `?`: the rule cannot be told, which counts as not held.
            var e = Hot(int.Parse(text[..^1]), $"m{i}", text[^1] == '+') is var hot && text[^1] == '?' ? hot with { Properties = PropertyMap.Empty } : hot;
            var recording = state.Record(strategy, e);
            changes += recording.Changes.Count(change => change.Kind == ChangeKind.TagGiven);
            state = recording.Next;
        }

        var tag = Assert.Single(state.Tags);
        Assert.Equal((_start.AddMinutes(since), _start.AddMinutes(expires)), (tag.Since, tag.ExpiresAt!.Value));
        Assert.Equal(("r", "warm", given), (tag.Evidence, tag.Level, changes));
    }

    [Fact]
    public void Later_rules_see_what_earlier_ones_did_and_earlier_ones_see_it_at_the_next_event()
    {
        var strategy = new StrategyBuilder()
            .Tag("a", "b", "c")
            .Rule("before", "tags.a", new RuleEffect.Tag("c", "", null))
            .Rule("giver", "event.hot", new RuleEffect.Tag("a", "", null))
            .Rule("after", "tags.a", new RuleEffect.Tag("b", "", null))
            .Build();

        var state = History.Fold(strategy, [Hot(0, "a", true)]);
        Assert.Equal(["a", "b"], state.Tags.Select(tag => tag.Name));
        Assert.Equal(["tags.a"], state.Carried);

        state = state.Record(strategy, History.Event("Other", _start, "b")).Next;
        Assert.Equal(["a", "b", "c"], state.Tags.Select(tag => tag.Name));
        Assert.Empty(state.Carried);
    }

    [Fact]
    public void Time_alone_ends_what_a_window_held()
    {
        var strategy = new StrategyBuilder()
            .Feature("views", FeatureKind.Count, "View", within: TimeSpan.FromHours(64))
            .Tag("quiet")
            .Rule("busy", "features.views > 0", new RuleEffect.Tag("busy", "", null))
            .Rule("quiet", "features.views == 0", new RuleEffect.Tag("quiet", "", null))
            .Build();

        var state = History.Fold(strategy, [History.Event("View", _start, "a"), History.Event("Other", _start.AddHours(63), "b")]);
        Assert.Equal(["busy"], state.RulesHeld);

        state = state.Record(strategy, History.Event("Other", _start.AddHours(64), "c")).Next;
        Assert.Equal(["quiet"], state.RulesHeld);
    }

    [Fact]
    public void Late_events_run_no_rules_but_the_next_event_sees_what_they_counted()
    {
        var strategy = new StrategyBuilder()
            .Feature("views", FeatureKind.Count, "View")
            .Rule("viewer", "features.views > 0", new RuleEffect.Tag("viewer", "", null))
            .Build();
        var state = History.Fold(strategy, [History.Event("Other", _start, "a"), History.Event("View", _start.AddDays(-2), "b")]);
        Assert.Empty(state.Tags);
        Assert.Equal(1, state.LateEvents);

        state = state.Record(strategy, History.Event("Other", _start, "c")).Next;
        Assert.Equal("viewer", Assert.Single(state.Tags).Name);
    }

    [Fact]
    public void A_new_strategy_is_met_at_the_next_event()
    {
        var old = new StrategyBuilder().Feature("views", FeatureKind.Count, "View").Rule("x", "features.views > 5", new RuleEffect.Tag("x", "", null)).Build("old");
        var next = new StrategyBuilder().Feature("views", FeatureKind.Count, "View").Rule("y", "features.views > 0", new RuleEffect.Tag("y", "", null)).Build("next");
        var state = History.Fold(old, [History.Event("View", _start, "a")]);

        state = state.Record(next, History.Event("Other", _start, "b")).Next;

        Assert.Equal(("y", "next"), (Assert.Single(state.Tags).Name, state.FoldedWith));
    }

    [Fact]
    public void The_tag_that_expires_first_makes_room()
    {
        var builder = new StrategyBuilder();
        for (var i = 0; i <= Limits.TagsPerCustomerMax; i++)
        {
            builder.Rule($"r{i:00}", "event.hot", new RuleEffect.Tag($"t{i:00}", "", i == 20 ? TimeSpan.FromHours(1) : i == 30 ? TimeSpan.FromHours(2) : null));
        }

        var state = History.Fold(builder.Build(), [Hot(0, "a", true)]);

        Assert.Equal(Limits.TagsPerCustomerMax, state.Tags.Length);
        Assert.DoesNotContain("t20", state.Tags.Select(tag => tag.Name));
        Assert.Contains("t30", state.Tags.Select(tag => tag.Name));
    }

    [Fact]
    public void A_tag_may_last_beyond_the_end_of_the_calendar()
    {
        var state = History.Fold(Tagging("event.hot", TimeSpan.MaxValue), [Hot(0, "a", true)]);

        Assert.Equal(DateTimeOffset.MaxValue, state.Tags[0].ExpiresAt);
    }

    private static Strategy Tagging(string when, TimeSpan expires) => new StrategyBuilder()
        .Rule("r", when, new RuleEffect.Tag("hot", "warm", expires))
        .Build();

    private static CustomerEvent Hot(int minute, string id, bool isHot) => History.Event("E", _start.AddMinutes(minute), id, ("hot", Value.Of(isHot)));
}
