using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Scoring;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Tests.Customers;
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
}
