using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Scoring;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Tests.Customers;
using Decisioning.Engine.Tests.Strategies;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Tests.Scoring;

public sealed class ScoreTests
{
    private static readonly DateTimeOffset _start = History.Start;
    private static readonly Strategy _strategy = new StrategyBuilder()
        .Score("lead", TimeSpan.FromDays(10), 100, 5, [("Add", "event.points >= 0", 0), ("Ten", null, 10), ("Forty", null, 40), ("Minus", null, -25)], new("mql", 40), new("sql", 70))
        .Score("plain", points: [("Ten", null, 10), ("Huge", null, double.MaxValue)])
        .Build();

    // Events with the day they come on, then the points so many days after the start.
    [Theory]
    [InlineData("Ten@0", 0, 10)]
    [InlineData("Ten@0", 10, 5)]
    [InlineData("Ten@0", 20, 2.5)]
    [InlineData("Ten@0 Ten@10", 10, 15)]
    [InlineData("Ten@0 Ten@10 Ten@20", 30, 8.75)]
    [InlineData("Forty@0 Forty@0 Forty@0", 0, 100)]
    [InlineData("Forty@0 Forty@0 Forty@0", 10, 50)]
    [InlineData("Ten@0 Minus@0 Ten@0", 0, 10)]
    [InlineData("Ten@10 Ten@9.5", 10, 20)]
    public void Points_halve_with_every_half_life(string events, double day, double expected) =>
        Assert.Equal(expected, Scores(events, day)[0].Points, 12);

    // The grade after each event: reached at its threshold, kept down to 5 below it.
    [Theory]
    [InlineData("Forty@0", 0, "mql")]
    [InlineData("Forty@0", 1.9, "mql")]
    [InlineData("Forty@0", 2, "")]
    [InlineData("Forty@0 Forty@0", 0, "sql")]
    [InlineData("Forty@0 Forty@0", 2.9, "sql")]
    [InlineData("Forty@0 Forty@0", 3, "mql")]
    [InlineData("Ten@0 Ten@0 Ten@0", 0, "")]
    [InlineData("Forty@0 Forty@0 Minus@0", 0, "mql")]
    [InlineData("Forty@0 Ten@1.9 Minus@1.9", 1.9, "")]
    public void A_grade_is_kept_a_little_below_its_threshold(string events, double day, string expected) =>
        Assert.Equal(expected, Scores(events, day)[0].Grade);

    [Fact]
    public void A_score_without_half_life_or_cap_only_adds_and_never_overflows()
    {
        Assert.Equal(20, Scores("Ten@0 Ten@300", 900)[1].Points);
        Assert.Equal(double.MaxValue, Scores("Huge@0 Huge@0 Huge@0", 1)[1].Points);
    }

    private static System.Collections.Immutable.ImmutableArray<ScoreView> Scores(string events, double day)
    {
        var state = History.Fold(_strategy, events.Split(' ').Select((text, i) => text.Split('@') is var parts
            ? History.Event(parts[0], _start.AddDays(double.Parse(parts[1])), $"m{i}", ("points", Value.Of(1)))
            : null!));
        return CustomerViews.Of(state, _strategy, _start.AddDays(day)).Scores;
    }

    // `R` reads (4 points, at most 10 in a day), `S` shares or likes (5 points, no cap); each with the hour it comes at.
    [Theory]
    [InlineData("R@0", 4)]
    [InlineData("R@0 R@1", 8)]
    [InlineData("R@0 R@1 R@2", 10)]
    [InlineData("R@0 R@1 R@2 R@23.9", 10)]
    [InlineData("R@0 R@1 R@2 R@24", 14)]
    [InlineData("R@0 R@20 R@24 R@25 R@26 R@27", 18)]
    [InlineData("R@0 S@0 R@1 L@1 R@2", 20)]
    [InlineData("R@0 R@30 R@31 R@32", 14)]
    public void An_entry_gives_no_more_points_than_its_cap(string events, double expected)
    {
        var strategy = Fragments.CompiledWhole("""
            strategy: caps
            events: { R: {}, S: {}, L: {} }
            scores: { lead: { points: [ { on: R, add: 4, at_most: 10, within: 1d }, { on: [S, L], add: 5 } ] } }
            """);
        var state = History.Fold(strategy, events.Split(' ').Select((text, i) => History.Event(text[..1], _start.AddHours(double.Parse(text[2..])), $"m{i}")));

        Assert.Equal(expected, Assert.Single(state.Scores).Points);
        Assert.True(state.PointsGiven.Length <= 1);
    }

    [Fact]
    public void What_an_entry_gave_is_forgotten_when_it_counts_no_more()
    {
        var strategy = Fragments.CompiledWhole("""
            strategy: caps
            events: { R: {}, S: {} }
            scores: { lead: { points: [ { on: R, add: 4, at_most: 10, within: 1h }, { on: S, add: 5, at_most: 6, within: 1d } ] } }
            """);
        var state = History.Fold(strategy, [History.Event("R", _start, "a"), History.Event("S", _start, "b"), History.Event("S", _start.AddHours(2), "c")]);

        Assert.Equal(6, Assert.Single(state.PointsGiven).Points);
        Assert.Equal(10, Assert.Single(state.Scores).Points);
    }
}
