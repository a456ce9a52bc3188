using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Values;
using Decisioning.Grains.Tests.Support;
using Decisioning.Storage;
using Decisioning.Tests.Shared;

namespace Decisioning.Grains.Tests.Customers;

[Collection(typeof(SharedEngine))]
public sealed class EraseTests(TestEngine engine)
{
    [Fact]
    public async Task An_erased_customer_is_a_stranger_whose_next_event_is_the_first()
    {
        var ann = await engine.CustomerAsync();
        await ann.RecordAsync([.. Enumerable.Range(0, 12).Select(i => ann.Viewed($"m{i}"))]);
        await ann.AskAsync("q");

        var erased = await ann.EraseAsync();

        Assert.Equal((1, 12L), (erased.Customers, erased.Events));
        Assert.Equal((0L, Value.Of(0L)), ((await ann.ViewAsync()).Sequence, (await ann.ViewAsync()).Features["views"]));
        Assert.Equal(1, (await ann.RecordAsync(ann.Viewed("m0"))).Sequence);

        // Offered before, and held back by a cap if that were remembered.
        Assert.Equal("welcome", await ann.ActionsAsync("q2"));
        Assert.Single((await engine.Store.ReadAsync(ann.Key)).Events);
        Assert.Empty((await ann.Grain.VerifyAsync()).Differences);
    }

    [Fact]
    public async Task Nothing_that_was_on_its_way_brings_an_erased_customer_back()
    {
        var ann = await engine.CustomerAsync();
        for (var round = 0; round < 10; round++)
        {
            // Each leaves a snapshot waiting to be kept, and decisions to be recorded.
            await ann.RecordAsync([.. Enumerable.Range(0, 6).Select(i => ann.Viewed($"m{i}"))]);
            await Task.WhenAll(Enumerable.Range(0, 20).Select(i => ann.AskAsync($"q{round}-{i}")));
            await ann.EraseAsync();

            Assert.Equal(6, (await ann.RecordAsync([.. Enumerable.Range(0, 6).Select(i => ann.Viewed($"m{i}"))])).Sequence);
            Assert.Equal(Value.Of(6L), (await ann.ViewAsync()).Features["views"]);
            Assert.Empty(await engine.Store.Decisions.ReadAsync(ann.Key, CancellationToken.None).ToArrayAsync());
            await ann.EraseAsync();
        }
    }

    [Fact]
    public async Task An_erasure_whose_answer_is_lost_shows_nobody_and_is_repeated()
    {
        var ann = await engine.CustomerAsync();
        await ann.RecordAsync(ann.Viewed("a"), ann.Viewed("b"));
        engine.Store.Erasure.LoseAnswer(ann.Key);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => ann.EraseAsync());

        Assert.Equal(0, (await ann.ViewAsync()).Sequence);
        Assert.Equal(new EraseReply(0, 0, 0, 0, 0), await ann.EraseAsync());
        Assert.Equal(1, (await ann.RecordAsync(ann.Viewed("a"))).Sequence);
    }

    [Fact]
    public async Task An_identity_that_was_linked_since_one_looked_is_named_and_nothing_is_erased()
    {
        var ann = await engine.CustomerAsync();
        var visitor = LinkTests.Visitor(engine, ann, "a");
        await ann.RecordAsync(ann.Viewed("u"));
        await LinkTests.LinkAsync(visitor, ann);

        Assert.Equal([visitor.Key], (await ann.EraseAsync()).Unknown);
        Assert.NotEmpty((await engine.Store.ReadAsync(ann.Key)).Events);

        Assert.Equal(1, (await ann.Grain.EraseAsync(new([visitor.Key]))).Customers);
        Assert.Empty((await engine.Store.ReadAsync(ann.Key)).Events);
    }

    [Fact]
    public async Task A_move_that_is_ended_carries_nothing_over_any_more_and_still_says_where_to()
    {
        var (clock, tenant) = (new TestClock(), TestEngine.NewTenant());
        await using var store = TestStore.Opened();
        await using var own = await TestEngine.StartAsync(store, clock);
        await own.PublishAsync(tenant, TestStrategies.Shop);
        var ann = own.Customer(tenant, "ann");
        var visitor = LinkTests.Visitor(own, ann, "a");
        await visitor.RecordAsync(visitor.Viewed("a1"));
        store.Log.DieAfter(2, isWritten: false);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => LinkTests.LinkAsync(visitor, ann));
        store.Log.Revive();

        await visitor.Grain.EndMoveAsync(new([ann.Key]));
        await visitor.Grain.EndMoveAsync(new([ann.Key]));
        var row = (await store.ReadAsync(visitor.Key)).DueAt;
        await visitor.Grain.WakeAsync(row!.Value);
        await visitor.RecordAsync(visitor.Viewed("next"));

        Assert.Equal(["next"], (await store.ReadAsync(ann.Key)).Events.Where(Linking.IsCarried).Select(e => e.MessageId));
        Assert.Equal(ann.Key, (await visitor.Grain.LinksAsync()).MovedTo);
    }

    [Fact]
    public async Task Events_that_wait_behind_an_erasure_begin_the_new_customer()
    {
        var ann = await engine.CustomerAsync();
        await ann.RecordAsync([.. Enumerable.Range(0, 50).Select(i => ann.Viewed($"m{i}"))]);

        var erasing = ann.EraseAsync();
        var waiting = Enumerable.Range(0, 20).Select(i => ann.RecordAsync(ann.Viewed($"new-{i}"))).ToArray();
        var erased = await erasing;
        var replies = await Task.WhenAll(waiting);

        // Some came before it and are gone with the rest; those after it are counted from 1, each once.
        var kept = (await engine.Store.ReadAsync(ann.Key)).Events;
        Assert.Equal(70, erased.Events + kept.Length);
        Assert.All(replies, reply => Assert.Equal(RecordStatus.Applied, reply.Outcomes[0].Status));
        Assert.Equal(kept.Length, (await ann.ViewAsync()).Sequence);
    }
}
