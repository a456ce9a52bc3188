using Decisioning.Engine.Customers;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Tests.Customers;
using Decisioning.Engine.Tests.Strategies;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Tests.Journeys;

public sealed class TransitionTests
{
    private static readonly DateTimeOffset _start = History.Start;
    private static readonly Strategy _strategy = Fragments.CompiledWhole("""
        strategy: transitions
        events:
          View:  { price: double }
          Order: { total: double }
          Said:  { what: string }
        features:
          views:  { count: View, within: 64h }
          orders: { count: Order }
        segments:
          busy:  features.views >= 2
          buyer: features.orders > 0
        tags:
          mood: [cold, warm, hot]
        scores:
          lead: { half_life: 10h, points: [ { on: [View, Order], add: 10 } ], grades: { mql: 19, sql: 30, hysteresis: 2 } }
        journey:
          look: { enter: features.views >= 2, exit: features.views == 0, timeout: { after: 10h, to: rest } }
          find: { enter: true, exit: stages.look.in, re_enter: { after: 5h, at_most: 1 } }
          rest: { enter: profile.never == "x", exit: features.orders > 0 }
        profile:
          never: string
        rules:
          - { id: left-find, on: Stage Exited, behaviour: event.stage == "find" && event.reason == "exit", then: [ { trigger: found } ] }
          - { id: rested, on: Stage Entered, behaviour: event.stage == "rest" && event.reason == "timeout", then: [ { tag: { name: rested } } ] }
          - { id: busy, on: [Segment Entered, Segment Left], behaviour: event.segment == "busy", then: [ { tag: { name: mood, level: warm, evidence: event.name } } ] }
          - { id: graded, on: Grade Changed, behaviour: event.score == "lead" && event.grade == "mql" && event.before == "none", then: [ { tag: { name: graded } } ] }
          - { id: to-rest, on: Said, behaviour: event.what == "rest", then: [ { stage: rest } ] }
          - { id: from-look, on: Said, behaviour: event.what == "leave", then: [ { stage: { leave: look } } ] }
          - { id: each, on: Order, then: [ { score: { lead: 1 } } ] }
        """);

    // Events with the hour they come at, `~` for time that passed; expected is all that the last of them brings about.
    [Theory]
    [InlineData("View@0", "+find:enter@0")]
    [InlineData("View@0 View@1", "lead=mql@1 +look:enter@1 -find:exit@1 +[busy]@1 #graded@1 !found@1 #mood:warm@1")]
    [InlineData("View@0 View@1 ~@11", "lead=none@11 -look:timeout@11 +rest:timeout@11 +find:enter@11 #rested@11")]
    [InlineData("View@0 View@1 ~@30", "lead=none@30 -look:timeout@11 +rest:timeout@11 +find:enter@30 #rested@30")]
    [InlineData("View@0 View@1 ~@11 ~@66", "-[busy]@66")]
    [InlineData("View@0 Said:rest@2", "+rest:rule@2")]
    [InlineData("View@0 View@1 Said:rest@2 Said:rest@3", "lead=none@3")]
    [InlineData("View@0 View@1 Said:leave@2", "-look:rule@2")]
    [InlineData("View@0 Order@3", "lead=mql@3 +[buyer]@3 #graded@3")]
    [InlineData("View@0 ~@1", "")]
    public void What_an_event_or_time_brings_about_is_told(string events, string expected)
    {
        var (state, told) = (CustomerState.Empty, "");
        foreach (var (i, text) in events.Split(' ').Index())
        {
            var (what, at) = (text.Split('@')[0], _start.AddHours(double.Parse(text.Split('@')[1])));
            var e = what == "~" ? Waking.EventAt(at, at) : History.Event(what.Split(':')[0], at, $"m{i}", ("what", Value.Of(what.Split(':')[^1])));
            var recording = state.Record(_strategy, e);
            told = string.Join(' ', recording.Changes.Where(change => change.Kind is not (ChangeKind.Event or ChangeKind.RuleActed)).Select(Describe));
            state = recording.Next;
        }

        Assert.Equal(expected, told);
    }

    private static string Describe(CustomerChange change)
    {
        var detail = change.Detail.Length == 0 ? "" : ":" + change.Detail;
        var what = change.Kind switch
        {
            ChangeKind.StageEntered => $"+{change.Name}{detail}",
            ChangeKind.StageExited => $"-{change.Name}{detail}",
            ChangeKind.SegmentEntered => $"+[{change.Name}]",
            ChangeKind.SegmentLeft => $"-[{change.Name}]",
            ChangeKind.GradeChanged => $"{change.Name}={change.Detail}",
            ChangeKind.TagGiven => $"#{change.Name}{detail}",
            ChangeKind.TagExpired => $"~{change.Name}{detail}",
            ChangeKind.Triggered => $"!{change.Name}",
            _ => change.Kind.ToString(),
        };
        return $"{what}@{(change.At - _start).TotalHours}";
    }
}
