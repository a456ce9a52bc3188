using Decisioning.Engine.Customers;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Tests.Rules;

namespace Decisioning.Engine.Tests.Customers;

/// <summary>What is held and what the log says are one, also when the strategy changed on the way.</summary>
public sealed class VersionLawTests
{
    private static readonly Strategy[] Versions = [.. Enumerable.Range(1, 4).Select(version =>
        new RandomRules(9000 + version).Strategy(24) with { Version = version, Hash = $"hash {version}" })];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 30)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_state_held_equals_the_fold_of_its_log_when_the_strategy_changed_in_between(int seed)
    {
        var (log, held, snapshots) = Live(seed);

        foreach (var snapshot in snapshots)
        {
            var loaded = Folding.Replay(History.Stored(snapshot), log.Skip((int)snapshot.Sequence), Of);

            Assert.True(History.Describe(held) == History.Describe(loaded), $"seed {seed}, snapshot at {snapshot.Sequence}");
        }
    }

    [Fact]
    public void With_one_version_for_all_events_the_state_is_another_one()
    {
        var (log, held, _) = Live(1);

        Assert.NotEqual(History.Describe(held), History.Describe(Folding.Replay(CustomerState.Empty, log, Versions[0])));
    }

    [Fact]
    public void A_strategy_is_asked_for_once_for_each_run_of_events_of_one_version()
    {
        var (log, _, _) = Live(2);
        var asked = new List<long>();

        Folding.Replay(CustomerState.Empty, log, version =>
        {
            asked.Add(version);
            return Of(version);
        });

        var versions = log.Select(recorded => recorded.StrategyVersion).ToList();
        Assert.Equal(versions.Where((version, i) => i == 0 || versions[i - 1] != version), asked);
        Assert.True(asked.Count > 2);
    }

    [Fact]
    public void Every_event_is_recorded_with_the_version_it_became_state_with()
    {
        var recording = CustomerState.Empty.Record(Versions[2], [.. new RandomRules(5).History(3)]);

        Assert.Equal([3L, 3L, 3L], recording.Accepted.Select(recorded => recorded.StrategyVersion));
    }

    private static Strategy Of(long version) => Versions[version - 1];

    // A life in batches, with a publication now and then, also back to an older version, and snapshots at random places.
    private static (List<RecordedEvent> Log, CustomerState Held, List<CustomerState> Snapshots) Live(int seed)
    {
        var random = new Random(seed);
        var (state, strategy) = (CustomerState.Empty, Versions[0]);
        var log = new List<RecordedEvent>();
        var snapshots = new List<CustomerState> { state };
        foreach (var batch in new RandomRules(seed).History(200).Chunk(7))
        {
            strategy = random.Next(5) == 0 ? Versions[random.Next(Versions.Length)] : strategy;
            var recording = state.Record(strategy, batch);
            log.AddRange(recording.Accepted);
            state = recording.Next;
            if (random.Next(4) == 0)
            {
                snapshots.Add(state);
            }
        }

        return (log, state, snapshots);
    }
}
