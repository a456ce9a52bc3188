using System.Globalization;
using Decisioning.Engine.Actions;
using Decisioning.Engine.Arbitration;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Values;
using Xunit;

namespace Decisioning.Engine.Tests.Decisions;

public sealed class ArbitrationTests
{
    /// <summary>Each row: actions as <c>issue/group/name value propensity</c>; the order they must come in.</summary>
    [Theory]
    [InlineData("i/g/a 1 1; i/g/b 2 1", "b a", "priority")]
    [InlineData("i/g/a 8 0.5; i/g/b 4 1; i/g/c 2 1", "a b c", "value where priorities tie")]
    [InlineData("j/g/a 1 1; i/g/b 1 1", "b a", "issue where values tie")]
    [InlineData("i/h/a 1 1; i/g/b 1 1", "b a", "group where issues tie")]
    [InlineData("i/g/b 1 1; i/g/a 1 1; i/g/B 1 1", "B a b", "name where groups tie, ordinal")]
    [InlineData("i/g/a 0 1; i/g/b 1 0; i/g/c 1 1", "c b a", "zero is still offered")]
    public void Items_come_in_the_documented_order(string actions, string order, string row)
    {
        var builder = new StrategyBuilder();
        foreach (var action in actions.Split("; "))
        {
            var parts = action.Split('/', ' ');
            builder.Action(parts[2], double.Parse(parts[3], CultureInfo.InvariantCulture), double.Parse(parts[4], CultureInfo.InvariantCulture), parts[0], parts[1]);
        }

        var items = builder.Build().Decide(Asking.Request(max: 10)).Items;
        Assert.True(order == string.Join(' ', items.Select(item => item.Action)), row);
        Assert.Equal(Enumerable.Range(1, items.Length), items.Select(item => item.Rank));
        Assert.All(items, item => Assert.Equal(1, item.ActionProbability));
    }

    [Fact]
    public void Treatment_is_the_first_by_name_that_fits()
    {
        var strategy = new StrategyBuilder().Action("a", treatments: "web/side web/hero app/hero").Build();
        Assert.Equal("app-hero", strategy.Decide().Items[0].Treatment);
        Assert.Equal("web-hero", strategy.Decide(Asking.Request(channel: "web")).Items[0].Treatment);
        Assert.Equal("web-side", strategy.Decide(Asking.Request(placements: "side")).Items[0].Treatment);
    }

    [Theory]
    [InlineData("hero side", 1, "hero:a side:b", "c:Arbitration")]
    [InlineData("side hero", 1, "side:a hero:b", "c:Arbitration")]
    [InlineData("hero side", 2, "hero:a hero:b side:c", "")]
    [InlineData("hero side", 3, "hero:a hero:b side:c", "")]
    [InlineData("hero", 1, "hero:a", "b:Arbitration")]
    public void Placements_are_filled_in_the_order_asked_and_no_action_is_used_twice(string placements, int max, string chosen, string dropped)
    {
        var strategy = new StrategyBuilder()
            .Action("a", value: 3, treatments: "web/hero web/side").Action("b", value: 2, treatments: "web/hero web/side").Action("c", treatments: "web/side").Build();
        var decision = strategy.Decide(Asking.Request(placements: placements, max: max));
        Assert.Equal((chosen, dropped), (decision.Chosen(), decision.Dropped()));
    }

    [Theory]
    [InlineData("hero", "hero:a", "tip:Arbitration other:Arbitration")]
    [InlineData("side", "side:tip side:other", "")]
    [InlineData("side hero", "side:tip side:other hero:a", "")]
    [InlineData("hero side", "hero:a side:tip side:other", "")]
    [InlineData("", "hero:a", "tip:Arbitration other:Arbitration")]
    public void Fallback_fills_only_what_is_left_empty(string placements, string chosen, string dropped)
    {
        var strategy = new StrategyBuilder()
            .Action("tip", value: 100, treatments: "web/hero web/side", fallback: true)
            .Action("other", value: 50, treatments: "web/hero web/side", fallback: true)
            .Action("a", treatments: "web/hero").Build();
        var decision = strategy.Decide(Asking.Request(placements: placements, max: 5));

        Assert.Equal((chosen, dropped), (decision.Chosen(), decision.Dropped()));
        Assert.All(decision.Items, item => Assert.Equal(item.Action != "a", item.IsFallback));
        Assert.All(decision.Verdicts, verdict => Assert.EndsWith("has `a`", verdict.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public void Priority_is_the_product_of_its_factors()
    {
        var strategy = new StrategyBuilder()
            .Action("a", value: 10, propensity: 0.5, weights: [("profile.vip == true", 3), ("profile.vip == false", 7), ("profile.age > 1", 11)])
            .Offer("held", "a", 2, "profile.vip == true").Offer("not", "a", 5, "profile.vip == true", profile: "profile.vip == false")
            .Lever(1.5, issue: "issue").Lever(2, group: "group").Lever(4, action: "a").Lever(9, issue: "other").Lever(8, action: "b")
            .Lever(16, until: Asking.Noon).Lever(0.5, until: Asking.Noon.AddTicks(1)).Build();
        var item = Assert.Single(strategy.Decide(state: CustomerState.Empty with { Profile = PropertyMap.Of(("vip", Value.Of(true))) }).Items);

        Assert.Equal((0.5, 6d, 10d, 6d, 180d), (item.Propensity, item.ContextWeight, item.Value, item.LeverWeight, item.Priority));
        Assert.Equal(["issues.issue.group.a.weights[0]", "rules.held"], item.Reasons);
    }

    /// <summary>Each row: which parts count; the order then, and the first one's priority.</summary>
    [Theory]
    [InlineData(PriorityParts.All, "likely near dear", 2.4)]
    [InlineData(PriorityParts.Propensity, "likely near dear", 0.8)]
    [InlineData(PriorityParts.ContextWeight, "near dear likely", 4)]
    [InlineData(PriorityParts.Value, "dear likely near", 5)]
    [InlineData(PriorityParts.Lever, "likely dear near", 1.5)]
    [InlineData(PriorityParts.Propensity | PriorityParts.Lever, "likely near dear", 1.2)]
    [InlineData(PriorityParts.None, "dear likely near", 1)]
    public void Only_the_parts_that_count_make_the_priority_and_all_are_told(PriorityParts parts, string order, double priority)
    {
        var strategy = new StrategyBuilder()
            .Action("dear", value: 5, propensity: 0.1).Action("likely", value: 2, propensity: 0.8).Action("near", value: 1, propensity: 0.5, weights: [("now == now", 4)])
            .Lever(1.5, action: "likely").Build() with { Arbitration = new() { Parts = parts } };
        var items = strategy.Decide(Asking.Request(max: 3)).Items;

        Assert.Equal((order, priority), (string.Join(' ', items.Select(item => item.Action)), Math.Round(items[0].Priority, 9)));
        var near = items.Single(item => item.Action == "near");
        Assert.Equal((0.5, 4d, 1d, 1d), (near.Propensity, near.ContextWeight, near.Value, near.LeverWeight));
    }

    [Fact]
    public void Goals_take_the_place_of_the_value()
    {
        var strategy = new StrategyBuilder().Action("rich", value: 9).Action("loyal", value: 1, propensity: 0.5).Action("vain", value: 99).Build();
        strategy = strategy with
        {
            Actions = [Brings(0, ("revenue", 10), ("loyalty", 1)), Brings(1, ("loyalty", 60)), Brings(2, ("fame", 1000))],
            Arbitration = new() { Policy = ArbitrationPolicies.ByName["goals"], Goals = [new("revenue", 0.7), new("loyalty", 0.3)] },
        };

        Assert.Equal([("loyal", 18d, 9d), ("rich", 7.3, 7.3), ("vain", 0, 0)], strategy.Decide(Asking.Request(max: 3)).Items.Select(item => (item.Action, item.Value, Math.Round(item.Priority, 9))));

        ActionDefinition Brings(int action, params (string Goal, double Amount)[] goals) =>
            strategy.Actions[action] with { Goals = [.. goals.Select(goal => new GoalValue(goal.Goal, goal.Amount))] };
    }

    [Fact]
    public void Highest_value_goes_first_whatever_its_priority()
    {
        var strategy = new StrategyBuilder().Action("a", value: 1, propensity: 1).Action("b", value: 2, propensity: 0.1).Action("c", value: 2, propensity: 0.2).Build() with
        {
            Arbitration = new() { Policy = ArbitrationPolicies.ByName["value"] },
        };
        Assert.Equal("hero:c hero:b hero:a", strategy.Decide(Asking.Request(max: 3)).Chosen());
    }

    [Fact]
    public void Answer_is_never_longer_than_the_limit()
    {
        var builder = new StrategyBuilder();
        for (var i = 0; i < 80; i++)
        {
            builder.Action($"a{i:00}", treatments: "web/hero web/side");
        }

        var decision = builder.Build().Decide(Asking.Request(placements: "hero side", max: Limits.DecisionItemsMax));
        Assert.Equal(Limits.DecisionItemsMax, decision.Items.Length);
        Assert.Equal(30, decision.Verdicts.Length);
    }

    [Fact]
    public void Content_is_rendered_for_the_customer_and_the_token_names_the_item()
    {
        var strategy = new StrategyBuilder().Action("a", text: "Hi {{profile.name}}, {{action.name}} on {{action.channel}}{{features.gone}}").Build();
        var decision = strategy.Decide(state: CustomerState.Empty with { Profile = PropertyMap.Of(("name", Value.Of("Ann"))) });
        var item = Assert.Single(decision.Items);

        Assert.Equal(PropertyMap.Of(("text", Value.Of("Hi Ann, a on web"))), item.Content);
        Assert.True(TrackingToken.TryRead(item.TrackingToken, out var token, out _));
        Assert.Equal(new(decision.DecisionId, "issue", "group", "a", "web-hero", "web", "hero", Asking.Noon), token);
    }

    [Fact]
    public void Request_context_is_laid_over_the_known_one()
    {
        var strategy = new StrategyBuilder().Action("a", eligible: "channel == 'email'").Build();
        var state = CustomerState.Empty with { Context = PropertyMap.Of(("channel", Value.Of("web"))) };

        Assert.Equal("", strategy.Decide(state: state).Chosen());
        Assert.Equal("hero:a", strategy.Decide(Asking.Request(context: PropertyMap.Of(("channel", Value.Of("email")))), state).Chosen());
        Assert.Equal("", strategy.Decide(Asking.Request(channel: "web", context: PropertyMap.Of(("channel", Value.Of("email")))), state).Chosen());
    }
}
