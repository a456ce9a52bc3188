using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Features;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Tests.Customers;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Tests.Features;

public sealed class SequenceTests
{
    // Events as letters with the minute each; what the sequence says at a minute.
    [Theory]
    [InlineData("AB", "", null, "A0 B30", 30, true)]
    [InlineData("AB", "", null, "A0 B60", 60, true)]
    [InlineData("AB", "", null, "A0 B61", 61, false)]
    [InlineData("AB", "", null, "A0 A10 B61", 61, true)]
    [InlineData("AB", "", null, "B0 A10", 99, false)]
    [InlineData("AB", "C", null, "A0 C10 B20", 30, false)]
    [InlineData("AB", "C", null, "A0 C10 A15 B20", 30, true)]
    [InlineData("AB", "C", null, "A0 B20 C30", 40, false)]
    [InlineData("AB", "C", null, "C0 A10 B20", 5000, true)]
    [InlineData("AB", "C", 100, "A0 B20", 119, true)]
    [InlineData("AB", "C", 100, "A0 B20", 120, false)]
    [InlineData("AB", "C", 100, "A0 B20 B50", 149, true)]
    [InlineData("AA", "", null, "A0", 10, false)]
    [InlineData("AA", "", null, "A0 A5", 10, true)]
    [InlineData("ABA", "", null, "A0 B1 A2", 10, true)]
    [InlineData("ABC", "", null, "A0 C1 B2", 10, false)]
    [InlineData("ABC", "", null, "A0 C1 B2 C3", 10, true)]
    [InlineData("A", "B", null, "A0", 59, false)]
    [InlineData("A", "B", null, "A0", 60, true)]
    [InlineData("A", "B", null, "A0", 99999, true)]
    [InlineData("A", "B", null, "A0 B30", 99999, false)]
    [InlineData("A", "B", null, "A0 B70", 80, false)]
    [InlineData("A", "B", null, "A0 A40", 60, true)]
    [InlineData("A", "B", null, "A0 B20 A40", 99, false)]
    [InlineData("A", "B", null, "A0 B20 A40", 100, true)]
    [InlineData("A", "B", 30, "A0", 89, true)]
    [InlineData("A", "B", 30, "A0", 90, false)]
    [InlineData("A", "B", 30, "A0 A50", 110, true)]
    [InlineData("A", "B", 30, "A0 A50", 100, false)]
    public void A_sequence_holds_as_its_words_say_in_any_order_of_arrival(string steps, string without, int? lasts, string written, int at, bool holds)
    {
        var strategy = StrategyOf(steps, without, lasts is { } minutes ? TimeSpan.FromMinutes(minutes) : null);
        var events = written.Split(' ').Select((each, i) => History.Event(each[..1], History.Start.AddMinutes(int.Parse(each[1..])), $"m{i}")).ToArray();

        Assert.Equal(holds, Holds(strategy, History.Fold(strategy, events), History.Start.AddMinutes(at)));
        Assert.Equal(holds, Holds(strategy, History.Fold(strategy, events.Reverse()), History.Start.AddMinutes(at)));
        Assert.Equal(holds, Holds(strategy, History.Stored(History.Fold(strategy, events)), History.Start.AddMinutes(at)));
    }

    [Fact]
    public void A_sequence_equals_a_model_of_all_events_in_any_order_of_arrival()
    {
        foreach (var seed in Enumerable.Range(1, 600))
        {
            var random = new Random(seed);
            var (steps, without) = (((string, string)[])[("AB", "C"), ("ABA", "D"), ("A", "B"), ("A", "BC"), ("ABC", "")])[random.Next(5)];
            TimeSpan? lasts = random.Next(2) == 0 ? TimeSpan.FromMinutes(random.Next(1, 90)) : null;
            var strategy = StrategyOf(steps, without, lasts);
            var events = Enumerable.Range(0, random.Next(1, 14)).Select(_ => random.Next(300)).Distinct().Order()
                .Select((minute, i) => History.Event("ABCD"[random.Next(4)..][..1], History.Start.AddMinutes(minute), $"m{i}")).ToArray();
            var shuffled = events.ToArray();
            random.Shuffle(shuffled);
            var states = new[] { History.Fold(strategy, events), History.Fold(strategy, events, 5), History.Fold(strategy, shuffled) };
            for (var now = events[^1].Timestamp; now < events[^1].Timestamp.AddMinutes(200); now = now.AddMinutes(random.Next(1, 20)))
            {
                var expected = Model(events, steps, without, lasts, now);
                foreach (var (i, state) in states.Index())
                {
                    Assert.True(expected == Holds(strategy, state, now), $"seed {seed}, state {i}: {steps} without `{without}` for {lasts} at {now:t}: {string.Join(' ', events.Select(e => $"{e.Name}{e.Timestamp:t}"))} expected {expected}");
                    if (state.Features.NextChangeAt(strategy.Features[0], now) is { } next)
                    {
                        Assert.True(next > now && Holds(strategy, state, next.AddTicks(-10)) == Holds(strategy, state, now), $"seed {seed}: changed between {now:t} and {next:t}");
                    }
                    else
                    {
                        Assert.Equal(Holds(strategy, state, now), Holds(strategy, state, now.AddYears(9)));
                    }
                }
            }
        }
    }

    [Fact]
    public void Steps_and_what_takes_back_have_conditions_of_their_own()
    {
        var sequence = Strategies.Fragments.Compiled("""
            features:
              left:
                sequence: [{ event: Product Viewed, where: event.price > 10.0 }, { event: Product Viewed, where: event.price > 20.0 }]
                without: { event: Product Viewed, where: event.category == "sale" }
                where: event.quantity > 0
                within: 1h
            """).Features[0].Sequence!;

        Assert.Equal(
            ["(event.quantity > 0) && (event.price > 10.0)", "(event.quantity > 0) && (event.price > 20.0)", "(event.quantity > 0) && (event.category == \"sale\")"],
            sequence.Steps.Concat(sequence.Without).Select(step => step.Where!.Expression.Text));
    }

    [Fact]
    public void A_rule_sees_an_absence_at_the_next_event_of_any_name()
    {
        var strategy = Builder("A", "B", null).Tag("left").Rule("left", "features.f", new RuleEffect.Tag("left", "", null)).Build();

        var state = History.Fold(strategy, [History.Event("A", History.Start, "a"), History.Event("X", History.Start.AddMinutes(59), "x")]);
        Assert.Empty(state.Tags);
        state = state.Record(strategy, History.Event("X", History.Start.AddMinutes(60), "y")).Next;
        Assert.Equal("left", Assert.Single(state.Tags).Name);
    }

    [Fact]
    public void However_many_steps_come_memory_is_bounded_and_in_their_order_none_is_missed()
    {
        foreach (var (steps, without) in new[] { ("AB", "C"), ("A", "C") })
        {
            var strategy = StrategyOf(steps, without, null);
            var events = Enumerable.Range(0, 3_000).Select(i => History.Event("A", History.Start.AddSeconds(i), $"m{i}")).ToList();
            var state = History.Fold(strategy, events, 100);
            Assert.InRange(state.Features.ToCells()[0].Entries.Length, 1, 256);

            state = state.Record(strategy, History.Event("B", events[^1].Timestamp.AddMinutes(50), "b")).Next;
            Assert.True(Holds(strategy, state, events[^1].Timestamp.AddMinutes(60)));
        }
    }

    private static StrategyBuilder Builder(string steps, string without, TimeSpan? lasts) => new StrategyBuilder().Feature(
        "f",
        FeatureKind.Sequence,
        steps[..1],
        within: TimeSpan.FromHours(1),
        sequence: new(Steps(steps), Steps(without), TimeSpan.FromHours(1), lasts));

    private static Strategy StrategyOf(string steps, string without, TimeSpan? lasts) => Builder(steps, without, lasts).Build();

    private static ImmutableArray<SequenceStep> Steps(string letters) => [.. letters.Select(letter => new SequenceStep([letter.ToString()], null))];

    private static bool Holds(Strategy strategy, CustomerState state, DateTimeOffset now)
    {
        var facts = new Facts(strategy);
        facts.Look(state, now, null, PropertyMap.Empty);
        return facts.FeatureFlag(0);
    }

    // As the manual says it: a passage, whole and not taken back since it began, that is complete and still lasts.
    private static bool Model(CustomerEvent[] events, string steps, string without, TimeSpan? lasts, DateTimeOffset now)
    {
        var takenBack = Array.FindLastIndex(events, e => without.Contains(e.Name));
        var rest = events[(takenBack < 0 || steps.Contains(events[takenBack].Name) ? Math.Max(takenBack, 0) : takenBack + 1)..];
        return rest.Index().Any(pair => pair.Item.Name[0] == steps[0] && Completions(pair.Index, pair.Item.Timestamp, 1)
            .Any(at => at <= now && (lasts is not { } length || now < at + length)));

        IEnumerable<DateTimeOffset> Completions(int after, DateTimeOffset began, int step) =>
            steps.Length == 1 ? [began.AddHours(1)]
            : step == steps.Length ? [rest[after].Timestamp]
            : rest.Index().Where(pair => pair.Index > after && pair.Item.Name[0] == steps[step] && pair.Item.Timestamp <= began.AddHours(1))
                .SelectMany(pair => Completions(pair.Index, began, step + 1));
    }
}
