using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Policies;
using Xunit;

namespace Decisioning.Engine.Tests.Decisions;

public sealed class ContactCapTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    [Theory]
    [InlineData("exactly as old as the window is out of it", -7, 0, true)]
    [InlineData("a tick younger is in it", -7, 1, false)]
    [InlineData("now is in it", 0, 0, false)]
    [InlineData("a clock that runs ahead does not open a gap", 0, 600_000_000, false)]
    [InlineData("long ago is out of it", -300, 0, true)]
    public void Contact_counts_while_it_is_younger_than_the_window(string row, int days, long ticks, bool offered)
    {
        var strategy = new StrategyBuilder().Action("a").Cap(CapScope.All, 1, 7).Build();
        var decision = strategy.Decide(state: Asking.Contacted(Asking.Contact(Asking.Noon.AddDays(days).AddTicks(ticks))));
        Assert.True(decision.Items.Length == (offered ? 1 : 0), row);
    }

    [Theory]
    [InlineData(CapScope.All, null, Outcome.Impression, "")]
    [InlineData(CapScope.All, "web", Outcome.Impression, "email")]
    [InlineData(CapScope.All, "phone", Outcome.Impression, "a b c d email")]
    [InlineData(CapScope.Issue, null, Outcome.Impression, "d")]
    [InlineData(CapScope.Group, null, Outcome.Impression, "c d email")]
    [InlineData(CapScope.Action, null, Outcome.Impression, "b c d email")]
    [InlineData(CapScope.Action, "email", Outcome.Impression, "a b c d email")]
    [InlineData(CapScope.All, null, Outcome.Rejected, "a b c d email")]
    public void Cap_binds_what_it_counts_together(CapScope scope, string? channel, Outcome outcome, string offered)
    {
        var strategy = new StrategyBuilder()
            .Action("a", issue: "i", group: "g").Action("b", issue: "i", group: "g").Action("c", issue: "i", group: "h").Action("d", issue: "j", group: "g")
            .Action("email", issue: "i", group: "h", treatments: "email/body")
            .Cap(scope, 1, 7, channel, outcome).Build();

        // Open to what this decision chooses itself, each action is asked alone.
        var state = Asking.Contacted(Asking.Contact(Asking.Noon, action: "a", issue: "i", group: "g"));
        var alone = strategy.Actions.Where(action => (strategy with { Actions = [action with { Index = 0 }, .. Others(action)] }).Decide(state: state).Items.Any(item => item.Action == action.Name));
        Assert.Equal(offered, string.Join(' ', alone.Select(action => action.Name)));

        // The others stay known to the caps but cannot be chosen.
        IEnumerable<Engine.Actions.ActionDefinition> Others(Engine.Actions.ActionDefinition one) => strategy.Actions
            .Where(other => other != one)
            .Select((other, i) => other with { Index = i + 1, ValidUntil = DateTimeOffset.MinValue });
    }

    [Fact]
    public void Contact_that_names_only_its_action_counts_for_its_group_and_issue()
    {
        var state = Asking.Contacted(Asking.Contact(Asking.Noon, action: "a", issue: "", group: ""));
        foreach (var scope in new[] { CapScope.Issue, CapScope.Group })
        {
            Assert.Equal("", new StrategyBuilder().Action("a").Action("b").Cap(scope, 1, 7).Build().Decide(state: state).Chosen());
        }
    }

    [Fact]
    public void Contact_of_an_action_that_is_gone_counts_only_for_all()
    {
        var state = Asking.Contacted(Asking.Contact(Asking.Noon, action: "gone", issue: "gone", group: "gone"));
        Assert.Equal("", new StrategyBuilder().Action("a").Cap(CapScope.All, 1, 7).Build().Decide(state: state).Chosen());
        Assert.Equal("hero:a", new StrategyBuilder().Action("a").Cap(CapScope.Issue, 1, 7).Cap(CapScope.Group, 1, 7).Cap(CapScope.Action, 1, 7).Build().Decide(state: state).Chosen());
    }

    [Theory]
    [InlineData(1, "-1", 6)]
    [InlineData(2, "-1 -3", 4)]
    [InlineData(1, "-1 -3", 6)]
    [InlineData(2, "-1 -3 -5", 4)]
    [InlineData(3, "-5 -1 -3", 2)]
    [InlineData(0, "-1", null)]
    public void Verdict_says_when_the_cap_lets_through_again(int atMost, string contactDays, int? againInDays)
    {
        var strategy = new StrategyBuilder().Action("a").Cap(CapScope.All, atMost, 7).Build();
        var contacts = contactDays.Split(' ').Select(day => Asking.Contact(Asking.Noon.AddDays(int.Parse(day))));
        var state = Asking.Contacted(contacts);

        var again = Assert.Single(strategy.Decide(state: state).Verdicts).AllowedAgainAt;
        Assert.Equal(againInDays is { } days ? Asking.Noon.AddDays(days) : null, again);
        if (again is { } at)
        {
            Assert.Equal("", strategy.Decide(state: state, now: at - Tick).Chosen());
            Assert.Equal("hero:a", strategy.Decide(state: state, now: at).Chosen());
        }
    }

    [Fact]
    public void Verdict_waits_for_the_last_of_several_caps_and_the_first_of_several_treatments()
    {
        var strategy = new StrategyBuilder().Action("a", treatments: "email/body web/hero")
            .Cap(CapScope.All, 1, 1).Cap(CapScope.All, 1, 9, "email").Cap(CapScope.All, 1, 5, "web").Build();
        var state = Asking.Contacted(Asking.Contact(Asking.Noon, channel: "email"), Asking.Contact(Asking.Noon, channel: "web"));

        var verdict = Assert.Single(strategy.Decide(state: state).Verdicts);
        Assert.Equal("contact.caps[0]", verdict.Rule);
        Assert.Equal(Asking.Noon.AddDays(5), verdict.AllowedAgainAt);
    }

    [Theory]
    [InlineData("hero side", "hero:a", "b:ContactPolicy c:ContactPolicy")]
    [InlineData("", "hero:a", "b:ContactPolicy c:ContactPolicy")]
    public void Cap_holds_for_the_sum_of_what_one_decision_offers(string placements, string chosen, string dropped)
    {
        var strategy = new StrategyBuilder()
            .Action("a", value: 3).Action("b", value: 2, treatments: "web/hero web/side").Action("c", value: 1, treatments: "web/side")
            .Cap(CapScope.Group, 1, 7).Build();
        var decision = strategy.Decide(Asking.Request(placements: placements, max: 5));

        Assert.Equal((chosen, dropped), (decision.Chosen(), decision.Dropped()));
        Assert.Equal("at most 1 impression of group `group` within 7d: 1 in this decision", decision.Verdicts[0].Reason);
        Assert.Equal(Asking.Noon.AddDays(1), decision.Verdicts[0].AllowedAgainAt);
    }

    [Fact]
    public void Cap_counts_contacts_and_this_decision_together()
    {
        var strategy = new StrategyBuilder().Action("a", value: 2).Action("b").Cap(CapScope.All, 2, 7).Build();
        var decision = strategy.Decide(Asking.Request(max: 5), Asking.Contacted(Asking.Contact(Asking.Noon.AddDays(-2))));

        Assert.Equal("hero:a", decision.Chosen());
        Assert.Equal("at most 2 impressions within 7d: 1 since 2026-11-07T12:00Z and 1 in this decision", Assert.Single(decision.Verdicts).Reason);
    }

    [Fact]
    public void Channel_that_is_used_up_leaves_the_other_treatments()
    {
        var strategy = new StrategyBuilder().Action("a", value: 2, treatments: "email/body").Action("b", treatments: "email/body web/hero")
            .Cap(CapScope.All, 1, 7, "email").Build();
        Assert.Equal("body:a hero:b", strategy.Decide(Asking.Request(max: 5)).Chosen());
    }

    [Fact]
    public void Open_offer_counts_as_an_impression_until_it_is_answered_or_expires()
    {
        var strategy = new StrategyBuilder().Action("a").Cap(CapScope.All, 1, 7).Build();
        var first = strategy.Decide(Asking.Request("r1"));
        var offers = OpenOffers.Empty.With(first);

        Assert.Equal("hero:a", first.Chosen());
        Assert.Equal("", strategy.Decide(Asking.Request("r2"), offers: offers).Chosen());
        Assert.Equal(Asking.Noon.AddDays(1), strategy.Decide(Asking.Request("r2"), offers: offers).Verdicts[0].AllowedAgainAt);
        Assert.Equal("", strategy.Decide(Asking.Request("r2"), offers: offers, now: Asking.Noon.AddDays(1) - Tick).Chosen());
        Assert.Equal("hero:a", strategy.Decide(Asking.Request("r2"), offers: offers, now: Asking.Noon.AddDays(1)).Chosen());

        var clicked = Asking.Contacted(Asking.Contact(Asking.Noon, Outcome.Clicked, decision: first.DecisionId));
        var shown = Asking.Contacted(Asking.Contact(Asking.Noon, decision: first.DecisionId));
        Assert.Equal("", strategy.Decide(Asking.Request("r2"), clicked, offers, Asking.Noon.AddDays(2)).Chosen());
        Assert.Equal("", strategy.Decide(Asking.Request("r2"), shown, offers, Asking.Noon.AddDays(2)).Chosen());
    }

    [Theory]
    [InlineData(1, "Clicked", false)]
    [InlineData(2, "Clicked", true)]
    [InlineData(2, "Impression Clicked", true)]
    [InlineData(2, "Clicked Accepted Impression", true)]
    [InlineData(1, "NoResponse", false)]
    public void Answers_to_one_offer_are_one_impression_reported_or_not(int atMost, string outcomes, bool offered)
    {
        var strategy = new StrategyBuilder().Action("a").Cap(CapScope.All, atMost, 7).Build();
        var state = Asking.Contacted([.. outcomes.Split(' ').Select((outcome, i) => Asking.Contact(Asking.Noon.AddMinutes(i - 60), Enum.Parse<Outcome>(outcome), decision: "d1"))]);
        Assert.Equal(offered ? "hero:a" : "", strategy.Decide(state: state).Chosen());
    }

    [Fact]
    public void Repeated_question_is_not_held_up_by_its_own_offer()
    {
        var strategy = new StrategyBuilder().Action("a").Cap(CapScope.All, 1, 7).Build();
        var first = strategy.Decide();
        var repeated = strategy.Decide(offers: OpenOffers.Empty.With(first));
        Assert.Equal(first.Chosen(), repeated.Chosen());
        Assert.Equal(first.DecisionId, repeated.DecisionId);
    }
}
