using Decisioning.Contracts;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Values;
using Decisioning.Grains.Tests.Support;
using static Decisioning.Engine.Customers.RecordStatus;

namespace Decisioning.Grains.Tests.Customers;

[Collection(typeof(SharedEngine))]
public sealed class StoreFailureTests(TestEngine engine)
{
    [Theory]
    [InlineData("before the events were written", Applied)]
    [InlineData("after the events were written ", Duplicate)]
    public async Task A_batch_whose_outcome_is_unknown_is_repeated_and_counts_once(string failed, RecordStatus onRepeat)
    {
        var ann = await engine.CustomerAsync();
        await ann.RecordAsync(ann.Viewed("a"));
        var lost = ann.Viewed("b");
        engine.Store.Log.Fail(ann.Key, failed.StartsWith("before", StringComparison.Ordinal) ? GatedLog.Failure.BeforeWrite : GatedLog.Failure.AfterWrite);

        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => ann.RecordAsync(lost));
        var reply = await ann.RecordAsync(lost, ann.Viewed("c"));

        Assert.False(refusal.IsOverload);
        Assert.Equal([onRepeat, Applied], RecordTests.Statuses(reply));
        Assert.Equal(3, reply.Sequence);
        Assert.Equal(Value.Of(3L), (await ann.ViewAsync()).Features["views"]);
    }

    [Fact]
    public async Task Decisions_go_on_from_memory_while_the_store_is_gone_and_service_resumes_by_itself()
    {
        var ann = await engine.CustomerAsync();
        await ann.RecordAsync(ann.Viewed("a"));
        engine.Store.Log.Fail(ann.Key, GatedLog.Failure.Always);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => ann.RecordAsync(ann.Viewed("b")));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => ann.RecordAsync(ann.Viewed("b")));
        Assert.Equal("welcome", await ann.ActionsAsync("q"));

        engine.Store.Log.Heal(ann.Key);
        Assert.Equal(2, (await ann.RecordAsync(ann.Viewed("b"))).Sequence);
    }

    [Fact]
    public async Task Offers_made_while_the_store_was_gone_still_count_after_it_is_back()
    {
        var ann = await engine.CustomerAsync();
        await ann.RecordAsync(ann.Viewed("a"));
        engine.Store.Log.LoseDecisions(ann.Key);
        engine.Store.Log.Fail(ann.Key, GatedLog.Failure.BeforeWrite);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => ann.RecordAsync(ann.Viewed("b")));
        Assert.Equal("welcome", await ann.ActionsAsync("q"));

        await ann.RecordAsync(ann.Viewed("b"));
        Assert.Equal(2, engine.Store.Log.LoadsOf(ann.Key));
        Assert.Equal("", await ann.ActionsAsync("another"));
    }

    [Fact]
    public async Task A_customer_that_cannot_be_loaded_is_unavailable_until_it_can()
    {
        var ann = await engine.CustomerAsync();
        engine.Store.Log.Fail(ann.Key, GatedLog.Failure.Always);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => ann.AskAsync("q"));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => ann.RecordAsync(ann.Viewed("a")));

        engine.Store.Log.Heal(ann.Key);
        Assert.Equal(1, (await ann.RecordAsync(ann.Viewed("a"))).Sequence);
    }

    [Fact]
    public async Task A_full_queue_is_said_to_be_an_overload_and_nothing_is_loaded_again()
    {
        var ann = await engine.CustomerAsync();
        await ann.RecordAsync(ann.Viewed("a"));
        engine.Store.Log.Fail(ann.Key, GatedLog.Failure.Busy);

        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => ann.RecordAsync(ann.Viewed("b")));
        var reply = await ann.RecordAsync(ann.Viewed("b"));

        Assert.True(refusal.IsOverload);
        Assert.Equal([Applied], RecordTests.Statuses(reply));
        Assert.Equal(1, engine.Store.Log.LoadsOf(ann.Key));
    }

    [Fact]
    public async Task A_writer_that_another_overtook_leaves_and_the_next_call_sees_what_the_other_wrote()
    {
        var ann = await engine.CustomerAsync();
        await ann.RecordAsync(ann.Viewed("a"));
        var theirs = ann.Viewed("theirs");
        await engine.Store.Log.AppendAsync(ann.Key, 1, [new RecordedEvent(2, Recorder.ContentHash(theirs), theirs)], null, default);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => ann.RecordAsync(ann.Viewed("ours")));
        var reply = await ann.RecordAsync(ann.Viewed("ours"), theirs);

        Assert.Equal([Applied, Duplicate], RecordTests.Statuses(reply));
        Assert.Equal(3, reply.Sequence);
        Assert.Equal(2, engine.Store.Log.LoadsOf(ann.Key));
    }
}
