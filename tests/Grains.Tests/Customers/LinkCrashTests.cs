using System.Collections.Concurrent;
using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Customers;
using Decisioning.Grains.Tests.Support;
using Decisioning.Tests.Shared;

namespace Decisioning.Grains.Tests.Customers;

/// <summary>A link whose process dies between any two of its writes, and events that come while it is made.</summary>
public sealed class LinkCrashTests
{
    // More than go in one call, so that there is a write for each of three parts.
    private const int Events = 230;

    // Announced, moved, three parts, linked, done.
    private const int Writes = 7;

    public static TheoryData<int, bool> Deaths => [.. Enumerable.Range(0, Writes).SelectMany(at => new[] { (at, false), (at, true) })];

    [Theory, MemberData(nameof(Deaths))]
    public async Task A_link_that_died_anywhere_carries_each_event_over_once_when_it_is_asked_for_again(int at, bool isWritten)
    {
        var (clock, tenant) = (new TestClock(), TestEngine.NewTenant());
        await using var store = TestStore.Opened();
        await using (var first = await TestEngine.StartAsync(store, clock))
        {
            await first.PublishAsync(tenant, TestStrategies.Shop);
            var (ann, visitor) = Two(first, tenant);
            await ann.RecordAsync(ann.Viewed("u"));
            await visitor.RecordAsync([.. Enumerable.Range(0, Events).Select(i => visitor.Viewed($"a{i}", TimeSpan.FromMinutes(Events - i)))]);
            store.Log.DieAfter(at, isWritten);
            await Assert.ThrowsAsync<StoreUnavailableException>(() => LinkTests.LinkAsync(visitor, ann));
        }

        Assert.True(store.Log.Revive());
        await using var second = await TestEngine.StartAsync(store, clock);
        var (target, source) = Two(second, tenant);
        await LinkTests.LinkAsync(source, target);

        await AssertLinkedAsync(store, source, target, Events + 1);
    }

    [Theory, InlineData(1, true), InlineData(3, false), InlineData(5, true), InlineData(6, false)]
    public async Task A_link_that_died_after_the_move_is_finished_by_the_next_event_for_either_identity(int at, bool isWritten)
    {
        var (clock, tenant) = (new TestClock(), TestEngine.NewTenant());
        await using var store = TestStore.Opened();
        await using var engine = await TestEngine.StartAsync(store, clock);
        await engine.PublishAsync(tenant, TestStrategies.Shop);
        var (ann, visitor) = Two(engine, tenant);
        await visitor.RecordAsync([.. Enumerable.Range(0, Events).Select(i => visitor.Viewed($"a{i}", TimeSpan.FromMinutes(Events - i)))]);
        store.Log.DieAfter(at, isWritten);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => LinkTests.LinkAsync(visitor, ann));
        store.Log.Revive();

        await visitor.RecordAsync(visitor.Viewed("next"));

        await AssertLinkedAsync(store, visitor, ann, Events + 1);
    }

    [Fact]
    public async Task A_link_that_died_is_finished_by_the_sweep_when_nobody_asks_again()
    {
        var (clock, tenant) = (new TestClock(), TestEngine.NewTenant());
        await using var store = TestStore.Opened();
        await using var engine = await TestEngine.StartAsync(store, clock, sweeps: true);
        await engine.PublishAsync(tenant, TestStrategies.Shop);
        var (ann, visitor) = Two(engine, tenant);
        await visitor.RecordAsync(visitor.Viewed("a"));
        store.Log.DieAfter(2, isWritten: false);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => LinkTests.LinkAsync(visitor, ann));
        store.Log.Revive();

        clock.Now += TimeSpan.FromMinutes(1);
        await Eventually.HoldsAsync(async () => (await store.ReadAsync(visitor.Key)) is { DueAt: null, Events: [.., { Name: EventNames.IdentityCarriedOver }] });

        await AssertLinkedAsync(store, visitor, ann, 1);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public async Task Events_that_come_while_a_link_is_made_arrive_once(int seed)
    {
        var random = new Random(seed);
        var (clock, tenant) = (new TestClock(), TestEngine.NewTenant());
        await using var store = TestStore.Opened();
        await using var engine = await TestEngine.StartAsync(store, clock);
        await engine.PublishAsync(tenant, TestStrategies.Shop);
        var (ann, visitor) = Two(engine, tenant);
        var linkAt = random.Next(60);
        var calls = new List<Task>();
        for (var i = 0; i < 60; i++)
        {
            var (customer, id) = random.Next(3) == 0 ? (ann, $"u{i}") : (visitor, $"a{i}");
            calls.Add(customer.RecordAsync(customer.Viewed(id), customer.Viewed(id + "+")));
            if (i == linkAt)
            {
                calls.Add(LinkTests.LinkAsync(visitor, ann));
            }

            if (random.Next(8) == 0)
            {
                await calls[^1];
            }
        }

        await Task.WhenAll(calls);

        await AssertLinkedAsync(store, visitor, ann, 120);
    }

    /// <summary>Random links among many identities, with processes that die: at the end each event acknowledged is in its customer's log, once.</summary>
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6)]
    public async Task Whatever_is_linked_in_whatever_order_each_event_ends_up_in_its_customers_log_once(int seed)
    {
        var random = new Random(seed);
        var (clock, tenant) = (new TestClock(), TestEngine.NewTenant());
        await using var store = TestStore.Opened();
        await using var engine = await TestEngine.StartAsync(store, clock);
        await engine.PublishAsync(tenant, TestStrategies.Shop);
        TestCustomer[] all =
        [
            .. Enumerable.Range(0, 6).Select(i => new TestCustomer(engine, CustomerKey.Anonymous(tenant, $"a{i}"))),
            .. Enumerable.Range(0, 2).Select(i => new TestCustomer(engine, CustomerKey.External(tenant, "crm", $"{i}"))),
            .. Enumerable.Range(0, 2).Select(i => engine.Customer(tenant, $"u{i}")),
        ];
        var acknowledged = new ConcurrentDictionary<string, TestCustomer>();
        for (var i = 0; i < 60; i++)
        {
            if (random.Next(6) == 0)
            {
                store.Log.DieAfter(random.Next(6), random.Next(2) == 0);
            }

            var calls = Enumerable.Range(0, 4).Select(_ => random.Next(4) == 0 ? LinkOrFailAsync() : RecordOrFailAsync($"{i}-{random.Next()}")).ToArray();
            await Task.WhenAll(calls);
            store.Log.Revive();
        }

        foreach (var identity in all)
        {
            await identity.RecordAsync(identity.Viewed($"last-{identity.Key.Id}"));
            acknowledged[$"last-{identity.Key.Id}"] = identity;
        }

        foreach (var (id, identity) in acknowledged)
        {
            var customer = (await identity.Grain.ResolveAsync()).Customer;
            Assert.True(
                (await store.ReadAsync(customer)).Events.Count(e => e.MessageId == id) == 1, $"seed {seed}: `{id}` sent to {identity.Key} is not in the log of {customer}");
        }

        foreach (var identity in all)
        {
            Assert.Empty((await identity.Grain.VerifyAsync()).Differences);
        }

        async Task RecordOrFailAsync(string id)
        {
            var identity = all[random.Next(all.Length)];
            try
            {
                await identity.RecordAsync(identity.Viewed(id));
                acknowledged[id] = identity;
            }
            catch (StoreUnavailableException)
            {
                // Not acknowledged: it may be there or not.
            }
        }

        async Task LinkOrFailAsync()
        {
            var (from, to) = (all[random.Next(all.Length)], all[random.Next(all.Length)]);
            if (Linking.MayMove(from.Key, to.Key))
            {
                try
                {
                    await LinkTests.LinkAsync(from, to);
                }
                catch (StoreUnavailableException)
                {
                    // Whoever comes next goes on.
                }
            }
        }
    }

    private static (TestCustomer Ann, TestCustomer Visitor) Two(TestEngine engine, string tenant)
    {
        var ann = engine.Customer(tenant, "ann");
        return (ann, LinkTests.Visitor(engine, ann, "a"));
    }

    private static async Task AssertLinkedAsync(TestStore store, TestCustomer source, TestCustomer target, int events)
    {
        var log = await store.ReadAsync(target.Key);
        var ids = log.Events.Where(Linking.IsCarried).Select(e => e.MessageId).ToList();
        Assert.Equal(events, ids.Count);
        Assert.Equal(events, ids.Distinct().Count());
        Assert.Equal(target.Key, (await source.Grain.ResolveAsync()).Customer);
        Assert.True((await source.Grain.ResolveAsync()).IsDone);
        if ((await store.ReadAsync(source.Key)).DueAt is { } row)
        {
            // It died when all was done but the row: that is for the sweep to see.
            await source.Grain.WakeAsync(row);
        }

        Assert.Null((await store.ReadAsync(source.Key)).DueAt);
        Assert.Equal([source.Key], (await target.Grain.ViewAsync(new ViewRequest())).Identities);
        Assert.Empty((await target.Grain.VerifyAsync()).Differences);
        Assert.Empty((await source.Grain.VerifyAsync()).Differences);
    }
}
