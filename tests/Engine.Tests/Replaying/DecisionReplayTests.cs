using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Replaying;
using Decisioning.Engine.Tests.Decisions;

namespace Decisioning.Engine.Tests.Replaying;

public sealed class DecisionReplayTests
{
    private static readonly Dictionary<int, LivedThrough> Lives = Enumerable.Range(1, 30).ToDictionary(seed => seed, seed => new LivedThrough(seed));

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 30)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_recorded_decision_comes_out_as_it_was_whatever_happened_in_between(int seed)
    {
        var lived = Lives[seed];

        foreach (var (record, replayed) in lived.Records.Zip(Again(lived)))
        {
            Assert.True(
                replayed is { Again: not null, Differences.IsEmpty: true },
                $"seed {seed}, decision at {record.Decision.Sequence}: {replayed.Why} {string.Join("; ", replayed.Differences)}");
        }
    }

    [Fact]
    public void Offers_count_in_what_is_replayed()
    {
        // Were they left out, some decision would come out otherwise: or the law above holds for nothing.
        var differing = Lives.Values.Count(lived => Again(lived, (_, _) => new(0, [])).Any(replayed => !replayed.Differences.IsEmpty));

        Assert.True(differing > 2, $"{differing} of 30");
    }

    [Fact]
    public void A_decision_that_counted_offers_of_which_the_log_does_not_know_is_told_not_guessed()
    {
        var untold = Lives.Values
            .SelectMany(lived => Again(lived, (offers, _) => offers with { Said = null }))
            .Where(replayed => replayed.Again is null)
            .ToList();

        Assert.NotEmpty(untold);
        Assert.All(untold, replayed => Assert.Matches("^of \\d+ open offers that counted not all are in the log$", replayed.Why));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void By_the_strategy_that_was_in_force_from_the_first_event_nothing_else_would_have_been_offered(int seed)
    {
        var lived = new LivedThrough(seed, versions: 1, losesDecisions: false);
        var replay = Replay(lived);

        Assert.All(lived.Records, record => Assert.Empty(replay.Otherwise(record.Request, record.Decision, lived.Strategies[0]).Differences));
    }

    [Fact]
    public void What_another_strategy_would_have_offered_is_told_by_place()
    {
        var lived = new LivedThrough(3, versions: 1, losesDecisions: false);
        var other = lived.Strategies[0] with { Actions = [], Hash = "other" };
        var replay = new DecisionReplay(LivedThrough.Key, CustomerState.Empty, lived.Log, _ => other);

        foreach (var (request, decision, _) in lived.Records)
        {
            var replayed = replay.Otherwise(request, decision, other);

            Assert.Empty(replayed.Again!.Items);
            Assert.Equal(
                decision.Items.Select(item => ($"{item.Container} {item.Placement} {item.Rank}".TrimStart(), $"{item.Action} as {item.Treatment}", "")).Order(),
                replayed.Differences.Select(difference => (difference.Name, difference.Recorded, difference.Again)).Order());
        }
    }

    [Fact]
    public void A_decision_on_events_that_are_no_longer_kept_cannot_be_made_again()
    {
        var lived = Lives[4];
        var (request, decision, offers) = lived.Records.First(record => record.Decision.Sequence > 2);
        var start = Folding.Replay(CustomerState.Empty, lived.Log[..(int)(decision.Sequence + 1)], lived.Of);

        var replayed = new DecisionReplay(LivedThrough.Key, start, lived.Log[(int)start.Sequence..], lived.Of)
            .Again(request, decision, offers, lived.Of(decision.StrategyVersion));

        Assert.Null(replayed.Again);
        Assert.Equal($"the events up to sequence {decision.Sequence} are not kept", replayed.Why);
    }

    [Fact]
    public void Decisions_of_two_activations_at_once_may_go_back_a_step()
    {
        var lived = Lives[5];
        var replay = Replay(lived);
        var records = lived.Records.Select(record => record with { Offers = new(0, null) }).Where(record => record.Decision.Items.IsEmpty).ToList();
        var states = records.AsEnumerable().Reverse().Select(record => replay.Again(record.Request, record.Decision, new(0, []), lived.Of(record.Decision.StrategyVersion)));

        Assert.Equal(records.AsEnumerable().Reverse().Select(record => record.Decision.Sequence), states.Select(replayed => replayed.Again!.Sequence));
    }

    private static DecisionReplay Replay(LivedThrough lived) => new(LivedThrough.Key, CustomerState.Empty, lived.Log, lived.Of);

    private static List<ReplayedDecision> Again(LivedThrough lived, Func<OffersCounted, Decision, OffersCounted>? counted = null)
    {
        var replay = Replay(lived);
        return [.. lived.Records.Select(record => replay.Again(
            record.Request, record.Decision, counted is null ? record.Offers : counted(record.Offers, record.Decision), lived.Of(record.Decision.StrategyVersion)))];
    }
}
