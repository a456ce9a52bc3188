using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Values;
using Decisioning.Grains.Tests.Support;
using Decisioning.Tests.Shared;

namespace Decisioning.Grains.Tests.Customers;

public sealed class RestartTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task A_customer_is_the_same_after_a_restart(int seed)
    {
        var (clock, random) = (new TestClock(), new Random(seed));
        await using var store = TestStore.Opened();
        var tenant = TestEngine.NewTenant();
        var before = new List<string>();
        await using (var engine = await TestEngine.StartAsync(store, clock))
        {
            await engine.PublishAsync(tenant, TestStrategies.Shop);
            foreach (var id in Ids)
            {
                await LiveAsync(engine.Customer(tenant, id), clock, random);
            }

            foreach (var id in Ids)
            {
                before.Add(await DescribeAsync(engine.Customer(tenant, id)));
            }
        }

        await store.ReopenAsync();
        await using (var engine = await TestEngine.StartAsync(store, clock))
        {
            foreach (var (id, was) in Ids.Zip(before))
            {
                Assert.True(was == await DescribeAsync(engine.Customer(tenant, id)), $"seed {seed}, customer {id}");
            }
        }
    }

    [Fact]
    public async Task Open_offers_survive_a_restart_until_they_expire_or_are_answered()
    {
        var clock = new TestClock();
        await using var store = TestStore.Opened();
        var tenant = TestEngine.NewTenant();
        await using (var engine = await TestEngine.StartAsync(store, clock))
        {
            await engine.PublishAsync(tenant, TestStrategies.Shop);
            foreach (var id in Ids)
            {
                var customer = engine.Customer(tenant, id);
                await customer.RecordAsync(customer.Viewed("a"));
                var decision = (await customer.AskAsync("q1")).Decision!;
                Assert.Equal("welcome", Assert.Single(decision.Items).Action);
                if (id == "bob")
                {
                    await customer.RecordAsync(customer.Response("r", decision, Outcome.Dismissed));
                }
            }
        }

        await store.ReopenAsync();
        await using (var engine = await TestEngine.StartAsync(store, clock))
        {
            Assert.Equal("", await engine.Customer(tenant, "ann").ActionsAsync("q2"));
            Assert.Equal("", await engine.Customer(tenant, "bob").ActionsAsync("q2"));

            // Nobody knows whether ann ever saw hers; bob answered his, so it was shown and counts for the whole window of the cap.
            clock.Advance(TimeSpan.FromHours(25));
            Assert.Equal("welcome", await engine.Customer(tenant, "ann").ActionsAsync("q3"));
            Assert.Equal("", await engine.Customer(tenant, "bob").ActionsAsync("q3"));
        }
    }

    [Fact]
    public async Task A_snapshot_is_kept_every_few_events_and_when_a_customer_leaves()
    {
        var clock = new TestClock();
        await using var store = TestStore.Opened();
        var tenant = TestEngine.NewTenant();
        CustomerKey ann, bob;
        await using (var engine = await TestEngine.StartAsync(store, clock))
        {
            await engine.PublishAsync(tenant, TestStrategies.Shop);
            var (first, second) = (engine.Customer(tenant, "ann"), engine.Customer(tenant, "bob"));
            (ann, bob) = (first.Key, second.Key);
            await first.RecordAsync([.. Enumerable.Range(0, 6).Select(i => first.Viewed($"m{i}"))]);
            await second.RecordAsync(second.Viewed("a"), second.Viewed("b"), second.Viewed("c"));
            Assert.Equal(6, (await store.Log.SnapshotOfAsync(ann)).Sequence);
        }

        Assert.Equal(3, (await store.Log.SnapshotOfAsync(bob)).Sequence);
        var history = await store.Log.LoadAsync(ann, clock.Now, default);
        Assert.Equal((6, true), (history.Snapshot!.Sequence, history.Tail.IsEmpty));
    }

    [Fact]
    public async Task A_long_tail_that_a_crash_left_is_folded_once_and_kept()
    {
        var clock = new TestClock();
        await using var store = TestStore.Opened();
        await using var engine = await TestEngine.StartAsync(store, clock);
        var tenant = TestEngine.NewTenant();
        await engine.PublishAsync(tenant, TestStrategies.Shop);
        var ann = engine.Customer(tenant, "ann");
        var events = Enumerable.Range(0, 7).Select(i => new RecordedEvent(i + 1, (ulong)i, ann.Viewed($"m{i}"))).ToImmutableArray();
        await store.Log.AppendAsync(ann.Key, 0, events, null, TestContext.Current.CancellationToken);

        Assert.Equal(7, (await ann.ViewAsync()).Sequence);
        Assert.Equal(7, (await store.Log.SnapshotOfAsync(ann.Key)).Sequence);
    }

    [Fact]
    public async Task A_customer_is_loaded_with_the_versions_of_the_strategy_it_was_made_with()
    {
        var clock = new TestClock();
        await using var store = TestStore.Opened();
        await using var engine = await TestEngine.StartAsync(store, clock);
        var tenant = TestEngine.NewTenant();
        var ann = engine.Customer(tenant, "ann");
        await engine.PublishAsync(tenant, TestStrategies.Shop);
        await ann.RecordAsync(ann.Viewed("a"), ann.Viewed("b"));
        var later = TestStrategies.Shop.Replace("behaviour: features.views >= 2", "behaviour: features.views >= 30", StringComparison.Ordinal);
        await engine.PublishAsync(tenant, later);
        await ann.RecordAsync(ann.Event("c", "Order Completed"));

        // Another process that meets the same log: as after a crash, nothing but what was committed is there.
        await using var other = await TestEngine.StartAsync(store, clock);

        Assert.Equal("keen", Assert.Single((await ann.ViewAsync()).Tags).Name);
        Assert.Equal(await DescribeAsync(ann), await DescribeAsync(other.Customer(tenant, "ann")));
    }

    [Fact]
    public async Task For_a_version_that_cannot_be_had_any_more_the_one_in_force_stands_in()
    {
        var clock = new TestClock();
        await using var store = TestStore.Opened();
        await using var engine = await TestEngine.StartAsync(store, clock);
        var tenant = TestEngine.NewTenant();
        await engine.PublishAsync(tenant, TestStrategies.Shop);
        var ann = engine.Customer(tenant, "ann");
        await store.Log.AppendAsync(ann.Key, 0, [new(1, 1, ann.Viewed("a"), 77), new(2, 2, ann.Viewed("b"), 0)], null, TestContext.Current.CancellationToken);

        Assert.Equal("keen", Assert.Single((await ann.ViewAsync()).Tags).Name);
    }

    private static readonly string[] Ids = ["ann", "bob", "cem"];

    // A few days of one customer, in batches, some of it late, some of it repeated.
    private static async Task LiveAsync(TestCustomer customer, TestClock clock, Random random)
    {
        for (var batch = 0; batch < 6; batch++)
        {
            var events = Enumerable.Range(0, random.Next(1, 6)).Select(i => random.Next(5) switch
            {
                0 => customer.Event($"{batch}-{i}", "Order Completed", TimeSpan.FromMinutes(random.Next(60)), ("revenue", Value.Of(random.Next(1, 500) / 4.0))),
                1 => customer.Viewed($"{batch}-{i}", ago: TimeSpan.FromHours(random.Next(72))),
                2 => customer.Viewed($"{random.Next(batch + 1)}-{random.Next(3)}"),
                _ => customer.Viewed($"{batch}-{i}"),
            });
            await customer.RecordAsync([.. events]);
            clock.Advance(TimeSpan.FromHours(random.Next(1, 20)));
        }
    }

    private static async Task<string> DescribeAsync(TestCustomer customer)
    {
        var view = await customer.ViewAsync();
        return string.Join(
            "\n",
            $"{view.Sequence} {view.LateEvents} {view.FirstEventAt:O} {view.LatestEventAt:O} {view.Profile} {view.Features}",
            string.Join(", ", view.Segments),
            string.Join(", ", view.Tags),
            string.Join(", ", view.Scores),
            string.Join(", ", view.Stages));
    }
}
