using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Journeys;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;
using Xunit;

namespace Decisioning.Engine.Tests.Decisions;

public sealed class ScheduleTests
{
    private const string Text = "{{#if profile.name}}{{profile.name}}{{else}}-{{/if}}";

    [Theory]
    [InlineData("find", "a 2, c 4, rest 1")]
    [InlineData("buy", "b 3, c 3, rest 1")]
    [InlineData("find buy", "a 2, b 3, c 12, rest 1")]
    [InlineData("", "rest 1")]
    public void Weights_of_the_stages_a_customer_is_in_multiply(string stages, string expected)
    {
        // `a` serves find, `b` buy, `c` both; plans weigh what serves them, and find weighs `c` twice as much again.
        var find = new StagePlan("", "", PersonalizationLevel.Individual) { Weight = 2, Weights = [new(new(null, null, "c"), 2)] };
        var strategy = Scheduled(find, new("", "", PersonalizationLevel.Individual) { Weight = 3 });
        var items = strategy.Decide(Asking.Request(max: 9), In(stages)).Items;

        var weights = string.Join(", ", items.OrderBy(item => item.Action, StringComparer.Ordinal).Select(item => $"{item.Action} {item.ContextWeight}"));
        Assert.Equal(expected, weights);
        Assert.Equal(
            stages.Contains("find", StringComparison.Ordinal) ? ["schedule.find.weight", "schedule.find.weights"] : [],
            items.Where(item => item.Action == "c").SelectMany(item => item.Reasons).Where(reason => reason.StartsWith("schedule.find", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("find", "web:a", "email is not planned")]
    [InlineData("buy", "email:b", "")]
    [InlineData("find buy", "email:b web:a", "")]
    public void Actions_that_serve_a_stage_are_offered_on_its_channels_only(string stages, string offered, string row)
    {
        var strategy = Scheduled(new("", "", PersonalizationLevel.Individual) { Channels = ["web"] }, new("", "", PersonalizationLevel.Individual) { Channels = ["email"] }, treatments: "web/hero email/hero");
        var decision = strategy.Decide(Asking.Request(max: 9), In(stages));

        var items = decision.Items.Where(item => item.Action is "a" or "b").Select(item => $"{item.Channel}:{item.Action}").Order(StringComparer.Ordinal);
        Assert.True(offered == string.Join(' ', items), row);
    }

    [Fact]
    public void Action_whose_only_channel_is_not_planned_says_so()
    {
        var strategy = Scheduled(new("", "", PersonalizationLevel.Individual) { Channels = ["web", "app"] }, null, treatments: "email/hero");
        var verdict = Assert.Single(strategy.Decide(Asking.Request(max: 9), In("find")).Verdicts, verdict => verdict.Action == "a");
        Assert.Equal(
            (FunnelStage.ContactPolicy, "schedule.find.channels", "`email` is not planned for the stage `find`: its channels are `web`, `app`"),
            (verdict.Stage, verdict.Rule, verdict.Reason));
    }

    [Theory]
    [InlineData(PersonalizationLevel.None, PersonalizationLevel.None, "find buy", "-")]
    [InlineData(PersonalizationLevel.Segment, PersonalizationLevel.None, "find buy", "-")]
    [InlineData(PersonalizationLevel.None, PersonalizationLevel.Individual, "find buy", "Ann")]
    [InlineData(PersonalizationLevel.None, PersonalizationLevel.Individual, "find", "-")]
    [InlineData(PersonalizationLevel.None, PersonalizationLevel.None, "", "Ann")]
    public void Content_is_as_personal_as_the_most_personal_stage_allows(PersonalizationLevel find, PersonalizationLevel buy, string stages, string text)
    {
        var strategy = Scheduled(new("", "", find), new("", "", buy), text: Text);
        var item = Assert.Single(strategy.Decide(Asking.Request(max: 9), In(stages)).Items, item => item.Action == "rest");
        Assert.Equal(text, item.Content["text"].AsString());
    }

    [Fact]
    public void Action_that_serves_a_stage_is_as_personal_as_that_one()
    {
        var strategy = Scheduled(new("", "", PersonalizationLevel.None), new("", "", PersonalizationLevel.Individual), text: Text);
        var items = strategy.Decide(Asking.Request(max: 9), In("find buy")).Items;
        Assert.Equal(["a -", "b Ann", "c Ann"], items.Where(item => item.Action != "rest").Select(item => $"{item.Action} {item.Content["text"].AsString()}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Answer_tells_the_plans_of_the_stages_the_customer_is_in_without_being_asked_to_explain()
    {
        var strategy = Scheduled(new("be seen", "Hello", PersonalizationLevel.Segment), null);
        Assert.Equal([new("find", "be seen", "Hello", PersonalizationLevel.Segment)], strategy.Decide(Asking.Request(explain: ExplainLevel.None), In("find buy")).Plans);
        Assert.Empty(strategy.Decide(state: In("buy")).Plans);
    }

    private static CustomerState In(string stages) => CustomerState.Empty with
    {
        Profile = PropertyMap.Of(("name", Value.Of("Ann")), ("stages", Value.Of(stages))),
    };

    /// <summary>Actions <c>a</c>, <c>b</c>, <c>c</c> that serve find, buy, both, and <c>rest</c>; who is in a stage stands in the profile.</summary>
    private static Strategy Scheduled(StagePlan? find, StagePlan? buy, string treatments = "web/hero", string text = "text")
    {
        var builder = new StrategyBuilder();
        foreach (var name in (string[])["a", "b", "c", "rest"])
        {
            builder.Action(name, treatments: treatments, text: text);
        }

        var strategy = builder.Build();
        return strategy with
        {
            Stages = [Stage(0, "find", find), Stage(1, "buy", buy)],
            Actions = [strategy.Actions[0] with { Stages = [0] }, strategy.Actions[1] with { Stages = [1] }, strategy.Actions[2] with { Stages = [0, 1] }, strategy.Actions[3]],
        };
    }

    private static Stage Stage(int index, string name, StagePlan? plan) =>
        new(index, name, StrategyBuilder.Condition($"journey.{name}.enter", $"profile.stages.contains('{name}')")!, null, TimeSpan.Zero, null, null, null, plan);
}
