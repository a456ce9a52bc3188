using Decisioning.Engine.Arbitration;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Tests.Arbitration;
using Xunit;

namespace Decisioning.Engine.Tests.Decisions;

public sealed class ExplorationTests
{
    private const int Decisions = 6_000;

    [Theory]
    [InlineData("priority", 0.3, "several placements, a cap on all, a fallback")]
    [InlineData("value", 0.6, "")]
    [InlineData("random", 0, "")]
    public void Logged_probabilities_are_those_of_the_picks_at_every_rank_and_placement(string policy, double explore, string row)
    {
        var builder = new StrategyBuilder()
            .Action("a", value: 4, treatments: "web/hero web/side").Action("b", value: 3, treatments: "web/hero email/side")
            .Action("c", value: 2, treatments: "web/side web/hero").Action("d", value: 1, treatments: "email/side", group: "rest")
            .Action("tip", value: 9, treatments: "web/foot", fallback: true).Action("tap", value: 8, treatments: "web/foot", fallback: true)
            .Cap(CapScope.All, 1, 1, channel: "email");
        var strategy = builder.Build() with
        {
            Arbitration = new() { Policy = ArbitrationPolicies.Exploring(ArbitrationPolicies.ByName[policy], explore), Explore = explore },
        };

        // What was picked after what, with the probability logged for it.
        var picks = new Dictionary<string, Dictionary<string, (int Count, double Probability)>>(StringComparer.Ordinal);
        for (var i = 0; i < Decisions; i++)
        {
            var before = "";
            foreach (var item in strategy.Decide(Asking.Request(id: $"r{i}", placements: "hero side foot", max: 2, explain: ExplainLevel.None)).Items)
            {
                var after = picks.TryGetValue($"{before}|{item.Placement}", out var known) ? known : picks[$"{before}|{item.Placement}"] = new(StringComparer.Ordinal);
                var (count, probability) = after.GetValueOrDefault(item.Action, (0, item.ActionProbability));
                Assert.Equal(probability, item.ActionProbability, 12);
                after[item.Action] = (count + 1, probability);
                before += $" {item.Placement}:{item.Action}";
            }
        }

        Assert.Contains(picks, after => after.Value.Count > 2);
        foreach (var (before, after) in picks.Where(after => after.Value.Sum(pick => pick.Value.Count) > 400))
        {
            ChiSquare.Fits($"{policy} {row} after `{before}`", [.. after.Values.Select(pick => pick.Count)], [.. after.Values.Select(pick => pick.Probability)]);
        }
    }

    [Fact]
    public void Exploring_strategy_gives_the_same_answer_to_the_same_request()
    {
        var strategy = Explored(0.5);
        for (var i = 0; i < 50; i++)
        {
            var request = Asking.Request(id: $"r{i}", max: 3);
            Assert.Equal(strategy.Decide(request).Items.Select(item => (item.Action, item.ActionProbability)), strategy.Decide(request).Items.Select(item => (item.Action, item.ActionProbability)));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.25)]
    public void Nothing_that_the_funnel_dropped_is_explored(double explore)
    {
        var strategy = Explored(explore);
        var state = CustomerState.Empty with { Profile = Engine.Values.PropertyMap.Of(("x", Engine.Values.Value.Of(1))) };
        for (var i = 0; i < 300; i++)
        {
            var items = strategy.Decide(Asking.Request(id: $"r{i}", max: 5), state).Items;
            Assert.DoesNotContain(items, item => item.Action == "never");
            Assert.Equal(explore == 0 || items.Length == 1, items.All(item => item.ActionProbability == 1) && explore == 0);
        }
    }

    private static Engine.Strategies.Strategy Explored(double explore) => new StrategyBuilder()
        .Action("never", value: 99, eligible: "profile.x == 2").Action("a", value: 3).Action("b", value: 2).Action("c", value: 1).Build() with
    {
        Arbitration = new() { Policy = ArbitrationPolicies.Exploring(ArbitrationPolicies.Default, explore), Explore = explore },
    };
}
