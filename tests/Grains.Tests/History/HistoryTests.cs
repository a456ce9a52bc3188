using System.Collections.Immutable;
using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Grains.Tests.Support;
using Decisioning.Tests.Shared;

namespace Decisioning.Grains.Tests.History;

[Collection(typeof(SharedEngine))]
public sealed class HistoryTests(TestEngine engine)
{
    private readonly string _tenant = TestEngine.NewTenant();

    private IHistoryGrain Grain => engine.Grains.GetGrain<IHistoryGrain>(_tenant);

    [Fact]
    public async Task A_customer_is_shown_as_known_at_an_instant_through_the_strategy_of_then()
    {
        await engine.PublishAsync(_tenant, TestStrategies.Shop);
        var ann = engine.Customer(_tenant, "ann");
        var start = engine.Clock.Now;
        await ann.RecordAsync(ann.Viewed("a"), ann.Viewed("b"));
        engine.Clock.Advance(TimeSpan.FromHours(1));
        await engine.PublishAsync(_tenant, TestStrategies.Sale);
        await ann.RecordAsync(ann.Viewed("c"));

        Assert.Equal((0, 2L), (await AtAsync(start.AddTicks(-1))).Figures);
        Assert.Equal((2, 1L), (await AtAsync(start)).Figures);
        Assert.Equal((2, 1L), (await AtAsync(start.AddMinutes(59))).Figures);
        Assert.Equal("keen", Assert.Single((await AtAsync(start)).View.Tags).Name);
        Assert.Equal((3, 2L), (await AtAsync(engine.Clock.Now)).Figures);

        async Task<(CustomerView View, (long Sequence, long Version) Figures)> AtAsync(DateTimeOffset at)
        {
            var view = (await Grain.StateAtAsync(new(ann.Key, at))).View!;
            return (view, (view.Sequence, view.StrategyVersion));
        }
    }

    [Fact]
    public async Task Decisions_come_out_again_as_they_were_across_publications_answers_and_repeats()
    {
        await engine.PublishAsync(_tenant, TestStrategies.Shop);
        for (var i = 0; i < 3; i++)
        {
            var customer = engine.Customer(_tenant, $"c{i}");
            await LiveAsync(customer);
        }

        var page = await ReplayedAsync(decisions: 15);

        Assert.Equal((3L, 15L, 0L, 0L, 0L, ""), (page.Customers, page.Decisions, page.Differing, page.Untold, page.Skipped, page.After));
        Assert.Empty(page.Rows);
        Assert.Empty(page.Offers);

        async Task LiveAsync(TestCustomer customer)
        {
            await customer.RecordAsync(customer.Viewed("a"));
            var first = (await customer.AskAsync("q1")).Decision!;
            await customer.AskAsync("q2");
            await customer.RecordAsync(customer.Response("r", first, Outcome.Impression));
            await engine.PublishAsync(_tenant, TestStrategies.Sale);
            await customer.AskAsync("q3");
            await customer.AskAsync("q1");
            engine.Clock.Advance(TimeSpan.FromDays(2));
            await engine.PublishAsync(_tenant, TestStrategies.Shop);
            await customer.AskAsync("q4");
        }
    }

    [Fact]
    public async Task What_another_strategy_would_have_offered_is_counted_and_told()
    {
        await engine.PublishAsync(_tenant, TestStrategies.Shop);
        var ann = engine.Customer(_tenant, "ann");
        await ann.RecordAsync(ann.Viewed("a"));
        var decision = (await ann.AskAsync("q1")).Decision!;
        await ann.AskAsync("q2");
        await ReplayedAsync(decisions: 2);

        var page = await Grain.ReplayAsync(new("", "", 0, [new("strategy.yaml", TestStrategies.Sale)], 10));

        // Once the welcome, then its cap; the sale has none.
        Assert.Equal((2L, 2L), (page.Decisions, page.Differing));
        Assert.Equal([new OfferTally("hero", "sale", 0, 2), new OfferTally("hero", "welcome", 1, 0)], page.Offers.OrderBy(offer => offer.Action));
        var row = Assert.Single(page.Rows, row => row.DecisionId == decision.DecisionId);
        Assert.StartsWith("welcome as ", Assert.Single(row.Differences).Recorded, StringComparison.Ordinal);
        Assert.StartsWith("sale as ", Assert.Single(row.Differences).Again, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_strategy_with_mistakes_or_a_version_that_is_not_there_makes_nothing_again()
    {
        await engine.PublishAsync(_tenant, TestStrategies.Shop);

        var broken = await Grain.ReplayAsync(new("", "", 0, [new("strategy.yaml", TestStrategies.Broken)], 10));
        var missing = await Grain.ReplayAsync(new("", "", 7, [], 10));

        Assert.Equal((2, false), (broken.Mistakes.Length, broken.IsNoVersion));
        Assert.Equal((0, true), (missing.Mistakes.Length, missing.IsNoVersion));
    }

    [Fact]
    public async Task What_is_held_is_what_the_log_says()
    {
        await engine.PublishAsync(_tenant, TestStrategies.Shop);
        var (ann, bob) = (engine.Customer(_tenant, "ann"), engine.Customer(_tenant, "bob"));
        await ann.RecordAsync(ann.Viewed("a"), ann.Viewed("b"));
        await engine.PublishAsync(_tenant, TestStrategies.Sale);
        await ann.RecordAsync(ann.Viewed("c"));
        await bob.RecordAsync(bob.Viewed("a"));

        var page = await Grain.VerifyAsync(new("", ""));

        Assert.Equal((2L, 4L, ""), (page.Customers, page.Events, page.After));
        Assert.Empty(page.Differing);
    }

    [Fact]
    public async Task A_state_that_is_not_what_the_log_says_is_found_and_told_part_by_part()
    {
        await using var store = TestStore.Opened();
        await using var other = await TestEngine.StartAsync(store, new TestClock());
        await other.PublishAsync(_tenant, TestStrategies.Shop);
        var ann = other.Customer(_tenant, "ann");
        var events = Enumerable.Range(0, 3).Select(i => new RecordedEvent(i + 1, (ulong)i, ann.Viewed($"m{i}"), 1)).ToImmutableArray();
        await store.Log.AppendAsync(ann.Key, 0, events, null, TestContext.Current.CancellationToken);
        await store.Log.SaveSnapshotAsync(ann.Key, new CustomerState { Sequence = 2, LateEvents = 9 }, TestContext.Current.CancellationToken);

        var page = await other.Grains.GetGrain<IHistoryGrain>(_tenant).VerifyAsync(new(ann.Key.Value, ""));

        var mismatch = Assert.Single(page.Differing);
        Assert.Equal((ann.Key, 3L), (mismatch.Customer, mismatch.Sequence));
        Assert.Contains(new("late_events", "9", "0"), mismatch.Differences);
        Assert.Contains(mismatch.Differences, difference => difference.Name.StartsWith("features.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Customers_come_in_pages_each_once()
    {
        await using var store = TestStore.Opened();
        await using var small = await TestEngine.StartAsync(store, new TestClock(), configure: options => (options.HistoryPageCustomers, options.HistoryPageDecisions) = (4, 3));
        await small.PublishAsync(_tenant, TestStrategies.Shop);
        for (var i = 0; i < 10; i++)
        {
            var customer = small.Customer(_tenant, $"c{i}");
            await customer.RecordAsync(customer.Viewed("a"));
            await customer.AskAsync("q");
        }

        var grain = small.Grains.GetGrain<IHistoryGrain>(_tenant);
        var (verified, replayed, pages) = (0L, 0L, 0);
        for (var after = ""; pages == 0 || after.Length > 0; pages++)
        {
            var page = await grain.VerifyAsync(new("", after));
            Assert.InRange(page.Customers, 1, 4);
            (verified, after) = (verified + page.Customers, page.After);
        }

        var replays = 0;
        for (var after = ""; replays == 0 || after.Length > 0; replays++)
        {
            var page = await grain.ReplayAsync(new("", after, 0, [], 10));
            Assert.InRange(page.Customers, 1, 3);
            (replayed, after) = (replayed + page.Customers, page.After);
        }

        Assert.Equal((10L, 10L, 3, 4), (verified, replayed, pages, replays));
    }

    // Decisions are written behind the reply.
    private async Task<ReplayPage> ReplayedAsync(int decisions)
    {
        while (true)
        {
            var page = await Grain.ReplayAsync(new("", "", 0, [], 10), TestContext.Current.CancellationToken);
            if (page.Decisions >= decisions)
            {
                return page;
            }
        }
    }
}
