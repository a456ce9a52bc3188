using Decisioning.Engine.Actions;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Values;
using Xunit;

namespace Decisioning.Engine.Tests.Decisions;

/// <summary>What ties actions to others: mandatory, exclusive, dedupe, bundle; and the gates that withhold them.</summary>
public sealed class BondTests
{
    [Fact]
    public void Mandatory_action_takes_its_place_and_its_cap_before_any_other_placement_is_filled()
    {
        var strategy = new StrategyBuilder()
            .Action("rich", value: 99, treatments: "web/hero").Action("must", value: 1, treatments: "web/side").With(a => a with { IsMandatory = true })
            .Cap(CapScope.All, 1, 7).Build();
        var decision = strategy.Decide(Asking.Request(placements: "hero side"));

        Assert.Equal(("side:must", "rich:ContactPolicy"), (decision.Chosen(), decision.Dropped()));
        Assert.True(decision.Items[0].IsMandatory);
    }

    [Fact]
    public void Mandatory_action_goes_before_higher_priorities_and_says_so()
    {
        var strategy = new StrategyBuilder().Action("rich", value: 99).Action("must").With(a => a with { IsMandatory = true }).Build();
        var decision = strategy.Decide();

        Assert.Equal("hero:must", decision.Chosen());
        Assert.Equal("`must` is mandatory and has the list", Assert.Single(decision.Verdicts).Reason);
        Assert.Equal("hero:must hero:rich", strategy.Decide(Asking.Request(max: 2)).Chosen());
    }

    [Fact]
    public void Mandatory_action_obeys_consent_and_caps()
    {
        var strategy = new StrategyBuilder().Action("must", purpose: "marketing").With(a => a with { IsMandatory = true }).Action("a").Build();
        Assert.Equal("hero:a", strategy.Decide().Chosen());
        Assert.Equal("must:Consent", strategy.Decide().Dropped());
    }

    [Fact]
    public void Of_exclusive_actions_the_best_is_offered_and_the_other_says_which()
    {
        var strategy = new StrategyBuilder()
            .Action("a", value: 3).With(Exclusive).Action("b", value: 2).With(Exclusive).Action("c", value: 1, treatments: "web/side").With(Exclusive).Build();
        var decision = strategy.Decide(Asking.Request(placements: "hero side", max: 3));

        Assert.Equal(("hero:a", "b:Arbitration c:Arbitration"), (decision.Chosen(), decision.Dropped()));
        Assert.Equal(("issues.issue.group.b.exclusive", "`a` is offered, and only one of `card` is"), (decision.Verdicts[0].Rule, decision.Verdicts[0].Reason));

        static ActionDefinition Exclusive(ActionDefinition action) => action with { Exclusive = "card" };
    }

    [Theory]
    [InlineData("lamps", "hero:a side:c", "b:Arbitration")]
    [InlineData(null, "hero:a side:b", "c:Arbitration")]
    public void Of_actions_that_show_the_same_one_is_offered_over_all_placements(string? shown, string chosen, string dropped)
    {
        var strategy = new StrategyBuilder()
            .Action("a", value: 3).With(Dedupe).Action("b", value: 2, treatments: "web/side").With(Dedupe).Action("c", value: 1, treatments: "web/side").Build();
        var state = CustomerState.Empty with { Profile = PropertyMap.Of(("seen", Value.Of(shown))) };
        var decision = strategy.Decide(Asking.Request(placements: "hero side"), state);

        Assert.Equal((chosen, dropped), (decision.Chosen(), decision.Dropped()));
        Assert.Equal(shown is null ? "the last of `side` is `b` with priority 2" : "`a` is offered, and shows the same: `lamps`", decision.Verdicts[0].Reason);

        static ActionDefinition Dedupe(ActionDefinition action) => action with { Dedupe = StrategyBuilder.Template("{{profile.seen}}") };
    }

    /// <summary>Actions a to d by falling value; a leads b and c. Each row: placements and items per placement, what of b and c is not offered, what is chosen.</summary>
    [Theory]
    [InlineData("", 4, "", "hero:a hero:b side:c hero:d", "")]
    [InlineData("", 3, "", "hero:a hero:b side:c", "d:Arbitration")]
    [InlineData("", 2, "", "hero:b hero:d", "a:Arbitration c:Arbitration")]
    [InlineData("hero", 4, "", "hero:b hero:d", "a:Arbitration")]
    [InlineData("hero side", 2, "", "hero:a hero:b side:c", "d:Arbitration")]
    [InlineData("hero side", 1, "", "hero:b side:c", "a:Arbitration d:Arbitration")]
    [InlineData("", 4, "c", "hero:b hero:d", "a:Arbitration c:Suitability")]
    [InlineData("", 4, "b", "hero:d side:c", "a:Arbitration b:Suitability")]
    public void Bundle_is_offered_whole_or_its_leader_is_not(string placements, int max, string without, string chosen, string dropped)
    {
        var strategy = new StrategyBuilder()
            .Action("a", value: 9).With(a => a with { Bundle = [1, 2] })
            .Action("b", value: 3, suitable: without == "b" ? "profile.x == 1" : null).Action("c", value: 1, treatments: "web/side", suitable: without == "c" ? "profile.x == 1" : null)
            .Action("d", value: 2).Build();
        var decision = strategy.Decide(Asking.Request(placements: placements, max: max));

        Assert.Equal((chosen, dropped), (decision.Chosen(), decision.Dropped()));
        Assert.All(decision.Items, item => Assert.Equal(item.Action == "d" || decision.Items.All(other => other.Action != "a") ? "" : "a", item.Bundle));
        if (decision.Verdicts.FirstOrDefault(verdict => verdict.Action == "a") is { } left)
        {
            Assert.Equal("issues.issue.group.a.bundle", left.Rule);
            Assert.Contains("of its bundle cannot be offered with it", left.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Bundle_that_breaks_a_cap_as_a_whole_leaves_the_cap_to_others()
    {
        var strategy = new StrategyBuilder()
            .Action("a", value: 9).With(a => a with { Bundle = [1] }).Action("b", value: 1).Action("c", value: 3).Cap(CapScope.All, 1, 7).Build();
        var decision = strategy.Decide(Asking.Request(max: 3));
        Assert.Equal(("hero:c", "a:Arbitration b:ContactPolicy"), (decision.Chosen(), decision.Dropped()));
    }

    [Fact]
    public void Budget_that_does_not_cover_an_action_withholds_it_before_arbitration()
    {
        var strategy = new StrategyBuilder().Action("dear", value: 9).With(a => a with { Cost = 4 }).Action("cheap").With(a => a with { Cost = 3 }).Action("free").Build();
        var hooks = new DecisionHooks(new RandomDecisions.Purse(3));
        var decision = strategy.Decide(Asking.Request(max: 3), hooks: hooks);

        Assert.Equal(("hero:cheap hero:free", "dear:Budget"), (decision.Chosen(), decision.Dropped()));
        Assert.Equal(("budget", "3 is spent"), (decision.Verdicts[0].Rule, decision.Verdicts[0].Reason));
    }

    [Fact]
    public void What_one_decision_offers_costs_no_more_together_than_the_budget_covers()
    {
        var strategy = new StrategyBuilder().Action("a", value: 3).With(Cost).Action("b", value: 2).With(Cost).Action("c", value: 1).With(Cost).Build();
        var decision = strategy.Decide(Asking.Request(max: 3), hooks: new(new RandomDecisions.Purse(5)));
        Assert.Equal(("hero:a hero:b", "c:Budget"), (decision.Chosen(), decision.Dropped()));

        static ActionDefinition Cost(ActionDefinition action) => action with { Cost = 2 };
    }

    [Fact]
    public void Experiment_withholds_a_winner_keeps_its_place_and_leaves_empty_placements_to_fallbacks()
    {
        var strategy = new StrategyBuilder().Action("a", value: 3).Action("b", value: 2).Action("tip", fallback: true).Build();
        var hooks = new DecisionHooks(Experiment: new RandomDecisions.Control(["a"]));

        var one = strategy.Decide(hooks: hooks);
        Assert.Equal(("hero:tip", "a:Experiment b:Arbitration"), (one.Chosen(), one.Dropped()));
        Assert.Equal("experiments.control", one.Verdicts[0].Rule);

        var two = strategy.Decide(Asking.Request(max: 2), hooks: hooks);
        Assert.Equal(("hero:b", "a:Experiment tip:Arbitration"), (two.Chosen(), two.Dropped()));
    }

    [Fact]
    public void Loser_of_an_experiment_is_no_part_of_it()
    {
        var strategy = new StrategyBuilder().Action("a", value: 3).Action("b", value: 2).Build();
        Assert.Equal("b:Arbitration", strategy.Decide(hooks: new(Experiment: new RandomDecisions.Control(["b"]))).Dropped());
    }
}
