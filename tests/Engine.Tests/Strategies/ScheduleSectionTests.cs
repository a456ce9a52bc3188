using Decisioning.Engine.Journeys;

namespace Decisioning.Engine.Tests.Strategies;

public sealed class ScheduleSectionTests
{
    private const string Around = """
        journey: { find: { enter: true }, buy: { enter: true } }
        issues: { i: { g: { act: { value: 3, treatments: [ { channel: web, placement: hero, text: Hi } ] } } } }

        """;

    [Theory]
    [InlineData("{ find: { kpi: { views: «many } } }", "`many` is not a target; write a number, and in what time if it is not a level, such as `400/month`, `12.5/day` or `60`")]
    [InlineData("{ find: { kpi: { views: «400/hour } } }", "`400/hour` is not a target")]
    [InlineData("{ find: { budget: «30 } }", "`30` is not a share; write one such as `30%`")]
    [InlineData("{ find: { budget: 60% }, buy: { «budget: 40.5% } }", "the stages' shares of the budget come to 100.5%; at most 100% are there to share")]
    [InlineData("{ find: { level: «close } }", "unknown value `close` of `level`; write one of `none`, `segment` and `individual`")]
    [InlineData("{ find: { weight: «-1 } }", "`-1` is out of bounds; a weight is above 0 and at most 1000")]
    [InlineData("{ find: { weights: { «issue.j: 2 } } }", "`issue.j` names nothing; did you mean `issue.i`?")]
    [InlineData("{ find: { channels: [web, «web] } }", "`web` is listed twice; leave one out")]
    [InlineData("{ find: { channels: [«wbe] } }", "unknown channel `wbe`; did you mean `web`?")]
    [InlineData("{ find: { «goal: fame } }", "unknown key `goal`")]
    public void A_mistake_is_reported_at_its_place_with_its_cure(string marked, string message)
    {
        var (text, places) = Fragments.Unmark($"{Around}schedule: {marked}");
        var (strategy, errors) = Fragments.CompilePiece(text);

        Assert.Null(strategy);
        var error = Assert.Single(errors);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(Assert.Single(places), $"{error.Line}:{error.Column}");
    }

    [Fact]
    public void A_plan_is_as_written()
    {
        var plan = Fragments.Compiled($$"""
            {{Around}}schedule:
              find: { weights: { issue.i: 1.5, group.g: 2, action.act: 3, all: 4 }, kpi: { a: 400/month, b: 60, c: 0.5/day, d: 9/week, e: 8/quarter, f: 7/year }, budget: 12.5% }
            """).Stages[0].Plan!;

        Assert.Equal(
            [new("a", 400, KpiPeriod.Month), new("b", 60, KpiPeriod.None), new("c", 0.5, KpiPeriod.Day), new("d", 9, KpiPeriod.Week), new("e", 8, KpiPeriod.Quarter), new StageKpi("f", 7, KpiPeriod.Year)],
            plan.Kpis);
        Assert.Equal(
            [new(new("i", null, null), 1.5), new(new(null, "g", null), 2), new(new(null, null, "act"), 3), new StageWeight(new(null, null, null), 4)],
            plan.Weights);
        Assert.Equal((PersonalizationLevel.Individual, 1d, 0.125), (plan.Level, plan.Weight, plan.BudgetShare));
    }

    [Theory]
    [InlineData("channels: [web]")]
    [InlineData("weight: 2")]
    public void What_binds_only_actions_that_serve_the_stage_is_warned_of_where_none_does(string key)
    {
        var warning = Assert.Single(Fragments.CompilePiece($"{Around}schedule: {{ find: {{ {key} }} }}").Warnings, warning => warning.Rule == "unserved-stage");
        Assert.StartsWith("no action serves the stage `find`", warning.Message, StringComparison.Ordinal);
    }
}
