using Decisioning.Contracts.Messages;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Values;
using Decisioning.Grains.Tests.Support;
using Decisioning.Tests.Shared;
using static Decisioning.Engine.Customers.RecordStatus;

namespace Decisioning.Grains.Tests.Customers;

[Collection(typeof(SharedEngine))]
public sealed class RecordTests(TestEngine engine)
{
    [Fact]
    public async Task A_batch_is_answered_event_by_event_with_sequences()
    {
        var ann = await engine.CustomerAsync();

        var reply = await ann.RecordAsync(ann.Viewed("a"), ann.Viewed("b"), ann.Event("c", "Never Declared"));

        Assert.Equal([Applied, Applied, Applied], Statuses(reply));
        Assert.Equal([1, 2, 3], reply.Outcomes.Select(outcome => outcome.Sequence));
        Assert.Equal(3, reply.Sequence);
    }

    [Fact]
    public async Task An_event_given_again_is_a_duplicate_and_does_not_touch_the_log()
    {
        var ann = await engine.CustomerAsync();
        var seen = ann.Viewed("a");
        await ann.RecordAsync(seen);

        var reply = await ann.RecordAsync(seen);

        Assert.Equal([Duplicate], Statuses(reply));
        Assert.Equal(1, reply.Sequence);
        Assert.Equal(1, engine.Store.Log.AppendsOf(ann.Key));
    }

    [Fact]
    public async Task A_message_id_twice_in_one_batch_is_applied_once()
    {
        var ann = await engine.CustomerAsync();
        var seen = ann.Viewed("a");

        var reply = await ann.RecordAsync(seen, seen);

        Assert.Equal([Applied, Duplicate], Statuses(reply));
        Assert.Equal(1, (await ann.ViewAsync()).Sequence);
    }

    [Fact]
    public async Task A_message_id_with_other_contents_is_a_conflict_and_changes_nothing()
    {
        var ann = await engine.CustomerAsync();
        await ann.RecordAsync(ann.Viewed("a"));

        var reply = await ann.RecordAsync(ann.Event("a", "Order Completed", default, ("revenue", Value.Of(5.0))));

        Assert.Equal([Conflict], Statuses(reply));
        Assert.Equal(1, reply.Sequence);
    }

    [Fact]
    public async Task A_bad_event_is_rejected_with_its_field_and_the_rest_of_the_batch_is_applied()
    {
        var ann = await engine.CustomerAsync();

        var reply = await ann.RecordAsync(
            ann.Event("a", "Product Viewed", default, ("price", Value.Of("cheap"))),
            ann.Viewed("b"),
            ann.Viewed("c", ago: -TimeSpan.FromHours(1)));

        Assert.Equal([Rejected, Applied, Rejected], Statuses(reply));
        Assert.Equal("properties.price", Assert.Single(reply.Outcomes[0].Violations).Field);
        Assert.Equal("timestamp", Assert.Single(reply.Outcomes[2].Violations).Field);
        Assert.Equal(1, reply.Sequence);
    }

    [Fact]
    public async Task An_event_beyond_the_allowed_lateness_is_stored_counted_and_said_so()
    {
        var ann = await engine.CustomerAsync();
        await ann.RecordAsync(ann.Viewed("now"));

        var reply = await ann.RecordAsync(ann.Viewed("old", ago: TimeSpan.FromDays(2)));

        Assert.Equal([LateApplied], Statuses(reply));
        var view = await ann.ViewAsync();
        Assert.Equal(1, view.LateEvents);
        Assert.Equal(Value.Of(2L), view.Features["views"]);
    }

    [Fact]
    public async Task A_repeat_that_memory_has_forgotten_is_known_by_the_log()
    {
        var ann = await engine.CustomerAsync();
        var first = ann.Viewed("first");
        await ann.RecordAsync(first);
        for (var batch = 0; batch < 4; batch++)
        {
            await ann.RecordAsync([.. Enumerable.Range(0, Engine.Limits.SeenMessagesMax).Select(i => ann.Viewed($"b{batch}-{i}"))]);
        }

        var before = (await ann.ViewAsync()).Sequence;
        var reply = await ann.RecordAsync(first, ann.Viewed("new"), ann.Event("b0-0", "Never Declared"));

        Assert.Equal([Duplicate, Applied, Conflict], Statuses(reply));
        Assert.Equal(1, reply.Outcomes[0].Sequence);
        Assert.Equal(before + 1, reply.Sequence);
    }

    [Fact]
    public async Task A_repeat_that_memory_has_forgotten_stays_one_though_clock_and_strategy_would_now_reject_it()
    {
        var ann = await engine.CustomerAsync();
        var (ahead, cheap) = (ann.Viewed("ahead", ago: TimeSpan.FromMinutes(-1)), ann.Event("cheap", "Product Viewed", default, ("size", Value.Of("small"))));
        await ann.RecordAsync(ahead, cheap);
        await ann.RecordAsync([.. Enumerable.Range(0, Engine.Limits.SeenMessagesMax).Select(i => ann.Viewed($"m{i}"))]);
        await engine.PublishAsync(ann.Key.Tenant, TestStrategies.Shop.Replace("price: double", "price: double, size: double", StringComparison.Ordinal));
        engine.Clock.Advance(TimeSpan.FromMinutes(-90));
        try
        {
            var reply = await ann.RecordAsync(ahead, cheap, ann.Viewed("ahead", ago: TimeSpan.FromMinutes(-60)), ann.Viewed("new", ago: TimeSpan.FromMinutes(-60)));

            Assert.Equal([Duplicate, Duplicate, Conflict, Rejected], Statuses(reply));
            Assert.Equal([1, 2, 1, 0], reply.Outcomes.Select(outcome => outcome.Sequence));
            Assert.Equal(1, engine.Store.Log.QuestionsOf(ann.Key));
        }
        finally
        {
            engine.Clock.Advance(TimeSpan.FromMinutes(90));
        }
    }

    [Fact]
    public async Task Events_and_a_question_in_one_call_are_answered_on_the_state_after_the_events()
    {
        var ann = await engine.CustomerAsync();

        var reply = await ann.Grain.RecordAndDecideAsync(new RecordRequest([ann.Viewed("a")]), TestCustomer.Question("q"));

        Assert.Equal([Applied], Statuses(reply.Record));
        Assert.Equal(1, reply.Decide.Sequence);
        Assert.Equal("welcome", Assert.Single(reply.Decide.Decision!.Items).Action);
    }

    internal static IEnumerable<RecordStatus> Statuses(RecordReply reply) => reply.Outcomes.Select(outcome => outcome.Status);
}
