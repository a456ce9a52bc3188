using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;
using Xunit;

namespace Decisioning.Engine.Tests.Decisions;

/// <summary>What a decision says would have let a candidate win, does: it is brought about with real events, and decided again.</summary>
public sealed class CounterfactualTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("features.a >= 3", "features.a: 1 -> 3")]
    [InlineData("features.a > 3 && profile.plan == \"gold\"", "features.a: 1 -> 4, profile.plan: null -> \"gold\"")]
    [InlineData("features.a >= 9 || profile.x > 2", "profile.x: null -> 3")]
    [InlineData("profile.x != null && profile.x >= 40", "profile.x: null -> 40")]
    [InlineData("!(features.a < 2)", "features.a: 1 -> 2")]
    [InlineData("segments.keen", "features.a: 1 -> 2, features.b: 0 -> 1")]
    [InlineData("stages.near.in", "features.b: 0 -> 2")]
    [InlineData("grade(\"lead\") >= \"sql\"", "scores.lead: 0.0 -> 5.0")]
    [InlineData("consent.marketing.email", "consent.marketing.email: false -> true")]
    [InlineData("device.type in [\"tablet\", \"mobile\"]", "device.type: null -> \"tablet\"")]
    [InlineData("now.hour >= 15", "")]
    [InlineData("profile.plan.startsWith(\"g\")", "")]
    public void The_smallest_change_that_lets_an_action_win_is_named(string condition, string expected)
    {
        var strategy = RandomOffers.Compile(RandomOffers.Yaml($"      only: {{ value: 5, applicable: '{condition}', treatments: [ {{ channel: web, placement: hero, text: x }} ] }}"));
        var state = RandomOffers.Record(CustomerState.Empty, strategy, "A");

        var verdict = Assert.Single(strategy.Decide(Asking.Request(explain: ExplainLevel.Full), state).Verdicts);

        Assert.Equal(expected, Text(verdict));
    }

    [Fact]
    public void Who_lost_by_priority_is_told_of_a_rule_or_the_value_that_would_have_turned_it()
    {
        var strategy = RandomOffers.Compile(RandomOffers.Yaml("""
                  best:  { value: 10, treatments: [ { channel: web, placement: hero, text: x } ] }
                  hoped: { value: 6, treatments: [ { channel: web, placement: hero, text: x } ] }
                  least: { value: 4, propensity: 0.25, treatments: [ { channel: web, placement: hero, text: x } ] }
            """, "[ { id: hot, behaviour: features.a >= 2, then: [ { offer: hoped, weight: 2 } ] } ]"));

        var decision = strategy.Decide(Asking.Request(explain: ExplainLevel.Full), RandomOffers.Record(CustomerState.Empty, strategy, "A"));

        Assert.Equal("hero:best", decision.Chosen());
        Assert.Equal(["features.a: 1 -> 2", "action.value: 4.0 -> 20.01"], decision.Verdicts.Select(Text));
        Assert.Equal("would be offered if `features.a` were 2 instead of 1", decision.Verdicts[0].WouldWin!.Text);
    }

    [Fact]
    public void Every_counterfactual_of_random_strategies_comes_true()
    {
        var (told, asked) = (0, 0);
        for (var seed = 1; seed <= 120; seed++)
        {
            var random = new RandomOffers(seed);
            var yaml = random.Yaml();
            var strategy = RandomOffers.Compile(yaml);
            var (state, request) = (random.Customer(strategy), random.Request());
            var decision = strategy.Decide(request, state);
            foreach (var verdict in decision.Verdicts)
            {
                asked++;
                if (verdict.WouldWin is not { } counterfactual || RandomOffers.BringAbout(yaml, strategy, state, request, verdict.Action, counterfactual) is not { } anew)
                {
                    continue;
                }

                told++;
                Assert.True(
                    anew.Items.Any(item => item.Action == verdict.Action),
                    $"seed {seed}, {verdict.Action} at {verdict.Stage}: {counterfactual.Text}, but then {anew.Chosen()}; {string.Join("; ", anew.Verdicts.Where(one => one.Action == verdict.Action).Select(one => one.Reason))}\n{yaml}");
            }
        }

        output.WriteLine($"{told} of {asked} verdicts had a counterfactual, and each came true");
        Assert.True(told * 2 > asked, $"only {told} of {asked} verdicts had one");
    }

    private static string Text(Verdict verdict) =>
        verdict.WouldWin is null ? "" : string.Join(", ", verdict.WouldWin.Changes.Select(change => $"{change.Name}: {change.Seen} -> {change.Needed}"));
}
