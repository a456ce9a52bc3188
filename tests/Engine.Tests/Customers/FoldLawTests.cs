using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Tests.Customers;

public sealed class FoldLawTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Folding_in_batches_equals_folding_one_by_one(int seed)
    {
        var events = RandomHistory.Events(seed, 250);

        var oneByOne = History.Describe(History.Fold(RandomHistory.Strategy, events));

        Assert.Equal(oneByOne, History.Describe(History.Fold(RandomHistory.Strategy, events, 7)));
        Assert.Equal(oneByOne, History.Describe(History.Fold(RandomHistory.Strategy, events, 250)));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Folding_after_a_restart_equals_folding_through(int seed)
    {
        var recording = Recorder.Plan(CustomerState.Empty, [.. RandomHistory.Events(seed, 250)], RandomHistory.Strategy, History.Start.AddYears(1));
        var through = History.Describe(recording.Next);
        var random = new Random(seed);
        for (var i = 0; i < 5; i++)
        {
            var at = random.Next(recording.Accepted.Length + 1);
            var snapshot = Folding.Replay(CustomerState.Empty, recording.Accepted[..at], RandomHistory.Strategy);

            var restarted = Folding.Replay(History.Stored(snapshot), recording.Accepted[at..], RandomHistory.Strategy);

            Assert.Equal(through, History.Describe(restarted));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Evaluating_only_what_an_event_can_change_equals_evaluating_everything(int seed)
    {
        var events = RandomHistory.Events(seed, 250);
        var state = CustomerState.Empty;
        var naive = CustomerState.Empty;
        foreach (var (i, e) in events.Index())
        {
            var recorded = new RecordedEvent(i + 1, 0, e);
            state = Folding.Apply(state, recorded, RandomHistory.Strategy);
            naive = Naive(naive, recorded);

            Assert.Equal(History.Describe(naive with { Carried = [] }), History.Describe(state with { Carried = [] }));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Recording_twice_equals_recording_once(int seed)
    {
        var events = RandomHistory.Events(seed, 60);
        var random = new Random(seed);
        var once = History.Fold(RandomHistory.Strategy, events);
        var state = CustomerState.Empty;
        var known = new Dictionary<string, (long Sequence, ulong ContentHash)>();
        var given = 0;
        while (given < events.Count)
        {
            // A caller that is cut off sends again from anywhere before.
            var from = random.Next(given + 1);
            var to = Math.Min(events.Count, given + random.Next(1, 20));
            var recording = Recorder.Plan(state, [.. events[from..to]], RandomHistory.Strategy, History.Start.AddYears(1), known);

            Assert.All(recording.Outcomes.Take(given - from), outcome => Assert.Equal(RecordStatus.Duplicate, outcome.Status));
            Assert.Equal(Enumerable.Range(from + 1, to - from), recording.Outcomes.Select(outcome => (int)outcome.Sequence));
            foreach (var recorded in recording.Accepted)
            {
                known[recorded.Event.MessageId] = (recorded.Sequence, recorded.ContentHash);
            }

            state = recording.Next;
            given = to;
        }

        Assert.Equal(History.Describe(once), History.Describe(state));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_order_events_come_in_does_not_change_what_features_read(int seed)
    {
        // Different instants, because of two events at the same one the later recorded is the last.
        var events = RandomHistory.Events(seed, 150).Select((e, i) => e with { Timestamp = e.Timestamp.AddTicks(10 * i) }).ToArray();
        var shuffled = events.ToArray();
        new Random(seed).Shuffle(shuffled);

        var (inOrder, outOfOrder) = (History.Fold(RandomHistory.Strategy, events), History.Fold(RandomHistory.Strategy, shuffled));

        foreach (var later in new[] { 0, 1, 5, 24, 60 })
        {
            Assert.Equal(FeaturesAt(inOrder, later), FeaturesAt(outOfOrder, later));
        }

        Assert.Equal(inOrder.Consents.AsEnumerable(), outOfOrder.Consents);
        Assert.Equal((inOrder.LatestEventAt, inOrder.FirstEventAt), (outOfOrder.LatestEventAt, outOfOrder.FirstEventAt));
    }

    [Fact]
    public void Random_histories_bring_about_every_kind_of_change()
    {
        var told = Enumerable.Range(1, 40)
            .SelectMany(seed => CustomerState.Empty.Record(RandomHistory.Strategy, [.. RandomHistory.Events(seed, 250)]).Changes)
            .Select(change => (change.Kind, Why: change.Kind is ChangeKind.StageEntered or ChangeKind.StageExited ? change.Detail : ""))
            .ToHashSet();

        Assert.Equal(
            [
                .. Enum.GetValues<ChangeKind>().Except([ChangeKind.Decision, ChangeKind.Erased, ChangeKind.StageEntered, ChangeKind.StageExited]).Select(kind => (kind, "")),
                .. new[] { "enter", "timeout", "rule" }.Select(why => (ChangeKind.StageEntered, why)),
                .. new[] { "exit", "timeout", "rule" }.Select(why => (ChangeKind.StageExited, why)),
            ],
            told);
    }

    internal static string FeaturesAt(CustomerState state, int hours)
    {
        var facts = new Facts(RandomHistory.Strategy);
        facts.Look(state, state.LatestEventAt!.Value.AddHours(hours), null, PropertyMap.Empty);
        return string.Join('\n', RandomHistory.Strategy.Features.Select(feature => $"{feature.Name} = {facts.FeatureValue(feature.Slot)}"));
    }

    private static CustomerState Naive(CustomerState state, RecordedEvent recorded)
    {
        var fold = Fold.Rent(RandomHistory.Strategy);
        fold.IsNaive = true;
        fold.Begin(state, null);
        fold.Apply(recorded, SeenMessages.HashOf(recorded.Event.MessageId));
        var next = fold.End();
        Fold.Return(fold);
        return next;
    }
}
