using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Features;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Tests.Customers;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Tests.Journeys;

public sealed class StageTests
{
    private static readonly DateTimeOffset _start = History.Start;

    // Events are hours with what they say: `i` enter, `o` leave, `b` both, `.` neither. Expected: what changed, and when.
    [Theory]
    [InlineData("plain", "0. 1i 2i 3o 4i", "+s@1 -s@3")]
    [InlineData("plain", "0o 1b 2i 3b", "+s@2 -s@3")]
    [InlineData("again", "0i 1o 2i 3o", "+s@0 -s@1 +s@2 -s@3")]
    [InlineData("again", "0b 1i 2b 3b 4i", "+s@1 -s@2 +s@4")]
    [InlineData("dwell", "0i 1o 2.", "+s@0")]
    [InlineData("dwell", "0i 1o 3o", "+s@0 -s@3")]
    [InlineData("timeout", "0i 4. 5.", "+s@0 -s@5 +t@5")]
    [InlineData("timeout", "0i 9.", "+s@0 -s@5 +t@5")]
    [InlineData("timeout", "0i 2o 9.", "+s@0 -s@2")]
    [InlineData("back", "0. 1i 7.", "+t@0 -t@1 +s@1 -s@6 +t@6")]
    public void A_stage_is_entered_and_left_by_its_conditions(string kind, string events, string expected)
    {
        var strategy = Kind(kind);
        var state = CustomerState.Empty;
        var changes = new List<string>();
        foreach (var (i, text) in events.Split(' ').Index())
        {
            var (enter, leave) = (text[^1] is 'i' or 'b', text[^1] is 'o' or 'b');
            var recording = state.Record(strategy, Say(int.Parse(text[..^1]), $"m{i}", enter, leave));
            changes.AddRange(recording.Changes
                .Where(change => change.Kind is ChangeKind.StageEntered or ChangeKind.StageExited)
                .Select(change => $"{(change.Kind == ChangeKind.StageEntered ? '+' : '-')}{change.Name}@{(change.At - _start).TotalHours}"));
            state = recording.Next;
        }

        Assert.Equal(expected, string.Join(' ', changes));
    }

    [Fact]
    public void Later_stages_see_earlier_ones_as_they_came_out_and_earlier_ones_follow_at_the_next_event()
    {
        var strategy = new StrategyBuilder()
            .Feature("enter", FeatureKind.LastValue, "E", of: "event.enter")
            .Stage("find", "true", "stages.entice.in")
            .Stage("entice", "features.enter == true")
            .Stage("echo", "stages.entice.in")
            .Build();
        var state = History.Fold(strategy, [Say(0, "a", true, false)]);
        Assert.Equal(["echo", "entice", "find"], In(state));

        state = state.Record(strategy, History.Event("Other", _start.AddHours(1), "b")).Next;
        Assert.Equal(["echo", "entice"], In(state));
    }

    [Fact]
    public void A_view_sees_what_time_alone_changed_and_keeps_nothing_of_it()
    {
        var strategy = Kind("timeout");
        var state = History.Fold(strategy, [Say(0, "a", true, false)]);
        var before = History.Describe(state);

        Assert.Equal(["s"], CustomerViews.Of(state, strategy, _start.AddHours(5).AddTicks(-1)).Stages.Select(stage => stage.Name));
        Assert.Equal(["t"], CustomerViews.Of(state, strategy, _start.AddHours(5)).Stages.Select(stage => stage.Name));
        Assert.Equal(before, History.Describe(state));
    }

    [Fact]
    public void Entries_are_counted()
    {
        var strategy = Kind("again");
        var state = History.Fold(strategy, Enumerable.Range(0, 7).Select(i => Say(i, $"m{i}", i % 2 == 0, i % 2 == 1)));

        var stage = Assert.Single(CustomerViews.Of(state, strategy, _start.AddHours(6)).Stages);
        Assert.Equal((4, _start.AddHours(6)), (stage.Entries, stage.EnteredAt));
    }

    private static Strategy Kind(string kind)
    {
        var builder = new StrategyBuilder()
            .Feature("enter", FeatureKind.LastValue, "E", of: "event.enter")
            .Feature("leave", FeatureKind.LastValue, "E", of: "event.leave");
        const string enter = "features.enter == true";
        const string leave = "features.leave == true";
        _ = kind switch
        {
            "plain" => builder.Stage("s", enter, leave),
            "again" => builder.Stage("s", enter, leave, reEnter: true),
            "dwell" => builder.Stage("s", enter, leave, minDwell: TimeSpan.FromHours(2)),
            "timeout" => builder.Stage("s", enter, leave, timeout: TimeSpan.FromHours(5), timeoutTo: "t").Stage("t", "false"),
            _ => builder.Stage("t", "true", enter).Stage("s", enter, leave, timeout: TimeSpan.FromHours(5), timeoutTo: "t"),
        };
        return builder.Build();
    }

    private static CustomerEvent Say(int hour, string id, bool enter, bool leave) =>
        History.Event("E", _start.AddHours(hour), id, ("enter", Value.Of(enter)), ("leave", Value.Of(leave)));

    private static IEnumerable<string> In(CustomerState state) => state.Stages.Where(stage => stage.IsIn).Select(stage => stage.Name);
}
