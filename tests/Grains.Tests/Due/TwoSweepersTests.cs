using Decisioning.Engine.Customers;
using Decisioning.Grains.Tests.Support;
using Decisioning.Tests.Shared;

namespace Decisioning.Grains.Tests.Due;

/// <summary>Two engines that know nothing of each other on one due table: what a cluster may be for a moment after a failure.</summary>
public sealed class TwoSweepersTests
{
    private const string Fresh = """
        strategy: fresh
        timezone: UTC
        events:
          Visit: {}
          Order: {}
        features:
          last: { last: Visit }
        rules:
          - id: miss
            behaviour: features.last != null && now - features.last > duration("2h")
            then:
              - tag: { name: missed }
          - id: fresh
            on: Order
            then:
              - tag: { name: fresh, expires: 30m }
        """;

    [Fact]
    public async Task Of_two_sweepers_that_take_a_part_at_once_one_leaves_and_each_customer_is_woken_once()
    {
        const int Rounds = 8;
        var (clock, leases, tenant) = (new TestClock(), new SharedLeases(), TestEngine.NewTenant());
        await using var store = TestStore.Opened();
        await using var one = await TestEngine.StartAsync(store, clock, sweeps: true, leases: leases);
        var two = await TestEngine.StartAsync(store, clock, sweeps: true, leases: leases);
        await one.PublishAsync(tenant, Fresh);
        await store.Due.SpreadDoneAsync(tenant, 1);
        await Eventually.HoldsAsync(() => leases.Losers.Count > 0);

        var customers = new List<TestCustomer>();
        for (var round = 0; round < Rounds; round++)
        {
            var ann = (round % 2 == 0 ? one : two).Customer(tenant, $"c{round}");
            await ann.RecordAsync(ann.Event("v", "Visit"));
            customers.Add(ann);

            // The lease ends too: both are after it again.
            clock.Advance(TimeSpan.FromHours(3));
            await WokenAsync(ann);
        }

        // Whoever has it, the other goes on alone.
        await two.DisposeAsync();
        var last = one.Customer(tenant, "last");
        await last.RecordAsync(last.Event("v", "Visit"));
        clock.Advance(TimeSpan.FromHours(3));
        await WokenAsync(last);

        Assert.All(await Task.WhenAll(customers.Append(last).Select(WakesAsync)), wakes => Assert.Equal(1, wakes));
        Assert.DoesNotContain(leases.Losers[0], leases.Writers);
        Assert.Single(leases.Losers, loser => loser == leases.Losers[0]);

        Task WokenAsync(TestCustomer customer) => Eventually.HoldsAsync(async () => await WakesAsync(customer) > 0);

        async Task<int> WakesAsync(TestCustomer customer) => (await store.ReadAsync(customer.Key)).Events.Count(e => e.Type == EventType.Wake);
    }

    [Fact]
    public async Task A_row_that_another_activation_moved_later_when_it_was_due_is_set_again_by_the_next_event()
    {
        var (clock, tenant) = (new TestClock(), TestEngine.NewTenant());
        await using var store = TestStore.Opened();
        await using var one = await TestEngine.StartAsync(store, clock);
        await using var two = await TestEngine.StartAsync(store, clock);
        await one.PublishAsync(tenant, Fresh);
        var (older, newer) = (one.Customer(tenant, "ann"), two.Customer(tenant, "ann"));
        await older.RecordAsync(older.Event("v", "Visit"));
        var seen = (await store.ReadAsync(older.Key)).DueAt!.Value;
        clock.Advance(TimeSpan.FromHours(1));
        await older.RecordAsync(older.Event("w", "Visit"));
        await newer.ViewAsync();

        // The older one is woken, finds nothing and moves the row to where the absence is noticed; the newer one has seen where it stood.
        clock.Now = seen;
        await older.Grain.WakeAsync(seen);
        Assert.Equal(seen + TimeSpan.FromHours(1), (await store.ReadAsync(older.Key)).DueAt);
        await newer.RecordAsync(newer.Event("o", "Order"));

        Assert.Equal(seen + TimeSpan.FromMinutes(30), (await store.ReadAsync(older.Key)).DueAt);
    }
}
