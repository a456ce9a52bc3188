using Decisioning.Contracts;
using Decisioning.Engine.Customers;
using Decisioning.Grains.Tests.Support;
using Decisioning.Tests.Shared;

namespace Decisioning.Grains.Tests.Customers;

/// <summary>Two engines that know nothing of each other on one store: what a cluster may be for a moment after a failure.</summary>
public sealed class TwoActivationsTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task Of_two_activations_that_write_at_once_one_wins_the_other_leaves_and_nothing_is_lost_or_doubled(int seed)
    {
        const int callers = 3;
        const int each = 20;
        var (clock, tenant) = (new TestClock(), TestEngine.NewTenant());
        await using var store = TestStore.Opened();
        await using var one = await TestEngine.StartAsync(store, clock);
        await using var two = await TestEngine.StartAsync(store, clock);
        await one.PublishAsync(tenant, TestStrategies.Shop);
        TestCustomer[] activations = [one.Customer(tenant, "ann"), two.Customer(tenant, "ann")];

        var outcomes = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => WriteAsync(activations, caller, each, new Random(seed * callers + caller))));

        var log = (await store.Log.LoadLogAsync(activations[0].Key, default)).Tail.ToDictionary(recorded => recorded.Event.MessageId, recorded => recorded.Sequence);
        Assert.Equal(callers * each, log.Count);
        foreach (var (id, sequence) in outcomes.SelectMany(pairs => pairs))
        {
            Assert.True(log.TryGetValue(id, out var stored) && stored == sequence, $"seed {seed}: `{id}` was acknowledged as {sequence}");
        }
    }

    [Fact]
    public async Task An_activation_that_was_outrun_never_answers_from_its_older_state_whoever_says_what_was_acknowledged()
    {
        var (clock, tenant) = (new TestClock(), TestEngine.NewTenant());
        await using var store = TestStore.Opened();
        await using var one = await TestEngine.StartAsync(store, clock);
        await using var two = await TestEngine.StartAsync(store, clock);
        await one.PublishAsync(tenant, TestStrategies.Shop);
        var (older, newer) = (one.Customer(tenant, "ann"), two.Customer(tenant, "ann"));
        await older.RecordAsync(older.Viewed("a"));
        Assert.Equal(2, (await newer.RecordAsync(newer.Viewed("b"))).Outcomes[0].Sequence);

        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => older.AskAsync("q", minSequence: 2));

        Assert.False(refusal.IsOverload);
        Assert.Equal(2, (await older.AskAsync("q", minSequence: 2)).Decision!.Sequence);
    }

    [Fact]
    public async Task A_sequence_that_nobody_acknowledged_moves_no_activation()
    {
        var (clock, tenant) = (new TestClock(), TestEngine.NewTenant());
        await using var store = TestStore.Opened();
        await using var engine = await TestEngine.StartAsync(store, clock);
        await engine.PublishAsync(tenant, TestStrategies.Shop);
        var ann = engine.Customer(tenant, "ann");
        await ann.RecordAsync(ann.Viewed("a"));
        var offered = await ann.AskAsync("q1");

        var ahead = await ann.AskAsync("q2", minSequence: 2);

        Assert.Null(ahead.Decision);
        Assert.Equal(1, ahead.Sequence);
        Assert.NotEmpty(offered.Decision!.Items);
        Assert.Equal(1, (await ann.RecordAsync(ann.Viewed("a"))).Outcomes[0].Sequence);
    }

    private static async Task<List<(string Id, long Sequence)>> WriteAsync(TestCustomer[] activations, int caller, int count, Random random)
    {
        var acknowledged = new List<(string, long)>();
        for (var i = 0; i < count; i++)
        {
            var id = $"{caller}-{i}";
            while (true)
            {
                var customer = activations[random.Next(activations.Length)];
                try
                {
                    var outcome = (await customer.RecordAsync(customer.Viewed(id))).Outcomes[0];
                    Assert.Contains(outcome.Status, new[] { RecordStatus.Applied, RecordStatus.Duplicate });
                    acknowledged.Add((id, outcome.Sequence));
                    break;
                }
                catch (StoreUnavailableException)
                {
                    // The loser is told to repeat with the same id.
                }
            }
        }

        return acknowledged;
    }
}
