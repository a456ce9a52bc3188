using Decisioning.Engine.Journeys;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Tests.Strategies;

namespace Decisioning.Engine.Tests.Journeys;

/// <summary>Mistakes about stages, segments, tags and points, and about the events that the engine makes of them.</summary>
public sealed class JourneyMistakeTests
{
    private const string Rule = "rules: [ { id: r, behaviour: 'event.price > 1.0', then: [ { tag: { name: hot, level: warm } } ] } ]\n";

    [Theory]
    [InlineData("features: { f: { count: «Stage Entered } }", "`Stage Entered` is made by the engine and not counted; read `stages.NAME.entries`")]
    [InlineData("features: { f: { last: [Order Completed, «Stage Exited] } }", "read `stages.NAME.exited_at`")]
    [InlineData("features: { f: { count: «Time Passed } }", "conditions on time are looked at when their time comes")]
    [InlineData("scores: { s: { points: [ { on: «Grade Changed, add: 1 } ] } }", "write a rule with `on: Grade Changed`")]
    [InlineData("scores: { s: { points: [ { on: «any, add: 1 } ] } }", "`any` is not possible here; name the events")]
    [InlineData("scores: { s: { points: [ { on: [Order Completed, «Order Compleeted], add: 1 } ] } }", "did you mean `Order Completed`?")]
    [InlineData("scores: { s: { points: [ «{ on: Order Completed, add: 1, at_most: 5 } ] } }", "`within` is missing; say in what time")]
    [InlineData("scores: { s: { points: [ { on: Order Completed, add: -1, «at_most: 5, within: 1d } ] } }", "`at_most` is for points that are added, but `add` is -1")]
    [InlineData("events: { «Segment Left: { a: int } }", "`Segment Left` is made by the engine, with properties of its own; take another name")]
    [InlineData("journey: { find: { enter: true, re_enter: { after: «5s } } }", "at least 1m")]
    [InlineData("journey: { find: { enter: true, re_enter: { at_most: «0 } } }", "between 1 and 1000")]
    [InlineData("journey: { find: { enter: true, re_enter: { «often: true } } }", "unknown key `often`")]
    [InlineData("rules: [ { id: r, on: «Order Completd, then: [ { trigger: t } ] } ]", "did you mean `Order Completed`?")]
    [InlineData("rules: [ { id: r, on: «any, then: [ { trigger: t } ] } ]", "`any` is not possible here")]
    [InlineData("rules: [ { id: r, on: «Time Passed, then: [ { trigger: t } ] } ]", "`Time Passed` is made by the engine")]
    [InlineData("journey: { find: { enter: true } }\nrules: [ { id: r, on: Stage Entered, behaviour: event.stage == «\"fond\", then: [ { trigger: t } ] } ]", "fond")]
    [InlineData("rules: [ { id: r, on: Order Completed, behaviour: event.«price > 1.0, then: [ { trigger: t } ] } ]", "`event` has no `price`")]
    [InlineData("journey: { find: { enter: true } }\nrules: [ { id: r, on: Order Completed, then: [ { stage: «fond } ] } ]", "unknown stage `fond`; did you mean `find`?")]
    [InlineData("journey: { find: { enter: true } }\nrules: [ { id: r, on: Order Completed, then: [ { stage: { leave: «fond } } ] } ]", "unknown stage `fond`; did you mean `find`?")]
    [InlineData("rules: [ { id: r, on: Order Completed, then: [ { trigger: «'call soon' } ] } ]", "`call soon` is not a name")]
    [InlineData("rules: [ { id: r, on: Order Completed, then: [ { tag: { name: t, evidence: «nothing } } ] } ]", "nothing")]
    [InlineData("rules: [ { id: r, on: Order Completed, then: [ { tag: { name: t, evidence: «event.total } } ] } ]", "string")]
    [InlineData(Rule + "tags: { hot: [cold, «none] }", "`none` is the level of a tag that is not carried")]
    [InlineData(Rule + "tags: { hot: «[warm] }", "a tag's levels are at least two")]
    [InlineData(Rule + "tags: { «cool: [cold, warm] }", "unknown tag `cool`")]
    [InlineData("tags: { hot: [cold, hot] }\nrules: [ { id: r, behaviour: 'event.price > 1.0', then: [ { tag: { name: hot, level: «warm } } ] } ]", "`warm` is not a level of the tag `hot`")]
    [InlineData("tags: { hot: [cold, hot] }\nrules: [ { id: r, behaviour: 'event.price > 1.0', then: [ { tag: «{ name: hot } } ] } ]", "the tag `hot` has levels; give one of `cold` and `hot`")]
    public void A_mistake_is_reported_at_its_place_with_its_cure(string marked, string message)
    {
        var (text, places) = Fragments.Unmark(marked);

        var (_, errors) = Fragments.CompilePiece(text);

        Assert.True(
            errors.Any(error => $"{error.Line}:{error.Column}" == Assert.Single(places) && error.Message.Contains(message, StringComparison.Ordinal)),
            $"{places[0]} {message}, but: {string.Join(Environment.NewLine, errors)}");
    }

    [Fact]
    public void What_an_author_writes_of_stages_tags_and_points_is_what_runs()
    {
        var strategy = Fragments.Compiled("""
            journey:
              a: { enter: true, re_enter: { after: 7d, at_most: 3 } }
              b: { enter: true, re_enter: true }
              c: { enter: true }
            tags: { mood: [cold, warm] }
            segments: { warm: tag_level("mood") >= "warm", gone: now - stages.a.exited_at > duration("30d") }
            scores: { s: { points: [ { on: [Product Viewed, Order Completed], add: 2, at_most: 6, within: 12h } ] } }
            rules:
              - { id: r, on: [Stage Entered, Product Viewed], then: [ { stage: b }, { stage: { leave: a } }, { trigger: ring }, { tag: { name: mood, level: cold, evidence: event.name } } ] }
            """);

        Assert.Equal([new ReEntry(TimeSpan.FromDays(7), 3), ReEntry.Free, null], strategy.Stages.Select(stage => stage.ReEnter));
        Assert.Equal(["Product Viewed", "Stage Entered"], strategy.Rules[0].On);
        Assert.Equal(
            [new RuleEffect.Stage(1, true), new RuleEffect.Stage(0, false), new RuleEffect.Trigger("ring")],
            strategy.Rules[0].Then.Where(effect => effect is not RuleEffect.Tag));
        var points = Assert.Single(strategy.Scores[0].Points);
        Assert.Equal(("Order Completed,Product Viewed", 6, TimeSpan.FromHours(12)), (string.Join(',', points.Events), points.Cap!.AtMost, points.Cap.Within));
    }
}
