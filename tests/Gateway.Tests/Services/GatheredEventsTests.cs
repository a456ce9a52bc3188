using System.Collections.Immutable;
using Decisioning.Contracts.Messages;
using Decisioning.Engine;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Values;
using Decisioning.Gateway.Services;
using Decisioning.Gateway.Tests.Support;

namespace Decisioning.Gateway.Tests.Services;

public sealed class GatheredEventsTests
{
    private static readonly CustomerKey Ann = CustomerKey.User("shop", "ann");
    private static readonly CustomerKey Bob = CustomerKey.User("shop", "bob");

    private readonly CustomerOrder _order = new();
    private readonly List<string> _calls = [];
    private readonly Queue<TaskCompletionSource> _gates = new();

    [Fact]
    public async Task Events_that_wait_for_a_customers_call_are_recorded_by_one_call_and_each_sender_gets_its_own_outcomes()
    {
        var gate = Gate();
        var replies = new[] { Record(Ann, "1"), Record(Ann, "2", "3"), Record(Ann, "4"), Record(Bob, "5") };
        Assert.Equal(["1", "5"], _calls);

        gate.SetResult();
        var all = await Task.WhenAll(replies);

        Assert.Equal(["1", "5", "2 3 4"], _calls);
        Assert.Equal(["1", "2 3", "4", "5"], all.Select(reply => Text(reply.Outcomes.Select(outcome => outcome.MessageId))));
    }

    [Fact]
    public async Task What_comes_while_gathered_events_are_recorded_waits_for_them()
    {
        var (first, second) = (Gate(), Gate());
        var replies = new List<Task<RecordReply>> { Record(Ann, "1"), Record(Ann, "2"), Record(Ann, "3") };
        first.SetResult();
        await replies[0];
        replies.AddRange([Record(Ann, "4"), Record(Ann, "5")]);
        Assert.Equal(["1", "2 3"], _calls);

        second.SetResult();
        await Task.WhenAll(replies);
        Assert.Equal(["1", "2 3", "4 5"], _calls);
    }

    [Fact]
    public async Task A_call_that_fails_is_the_answer_of_those_whose_events_it_had_and_of_nobody_else()
    {
        var (first, second) = (Gate(), Gate());
        var replies = new List<Task<RecordReply>> { Record(Ann, "1"), Record(Ann, "2"), Record(Ann, "3") };
        first.SetResult();
        await replies[0];
        var last = Record(Ann, "4");
        second.SetException(new TimeoutException("away"));

        await Assert.ThrowsAsync<TimeoutException>(() => replies[1]);
        await Assert.ThrowsAsync<TimeoutException>(() => replies[2]);
        Assert.Equal("4", Text((await last).Outcomes.Select(outcome => outcome.MessageId)));
    }

    [Fact]
    public async Task No_call_has_more_events_than_a_batch_may()
    {
        var gate = Gate();
        var batch = Enumerable.Range(0, Limits.EventsPerBatchMax - 1).Select(i => $"b{i}").ToArray();
        var replies = new[] { Record(Ann, "1"), Record(Ann, batch), Record(Ann, "2"), Record(Ann, "3"), Record(Ann, "4") };
        gate.SetResult();
        await Task.WhenAll(replies);

        Assert.Equal(["1", Text([.. batch, "2"]), "3 4"], _calls);
    }

    [Fact]
    public async Task Events_that_name_identities_are_recorded_by_themselves_in_their_place()
    {
        var gate = Gate();
        var naming = new RecordRequest([Event("2")]) { Identities = [CustomerKey.Anonymous("shop", "v")] };
        var replies = new[] { Record(Ann, "1"), Record(Ann, naming), Record(Ann, "3"), Record(Ann, "4") };
        gate.SetResult();
        await Task.WhenAll(replies);

        Assert.Equal(["1", "2", "3 4"], _calls);
    }

    private TaskCompletionSource Gate()
    {
        var gate = new TaskCompletionSource();
        _gates.Enqueue(gate);
        return gate;
    }

    private Task<RecordReply> Record(CustomerKey key, params string[] ids) => Record(key, new RecordRequest([.. ids.Select(Event)]));

    private Task<RecordReply> Record(CustomerKey key, RecordRequest events) =>
        _order.Record(key, events, before: null, this, static (test, key, record, _) => test.AnswerAsync(key, record));

    private async Task<RecordReply> AnswerAsync(CustomerKey key, RecordRequest record)
    {
        _calls.Add(Text(record.Events.Select(e => e.MessageId)));
        if (key == Ann && _gates.TryDequeue(out var gate))
        {
            await gate.Task;
        }

        return new(1, [.. record.Events.Select(e => new RecordOutcome(e.MessageId, RecordStatus.Applied, 1, []))]);
    }

    private static string Text(IEnumerable<string> ids) => string.Join(' ', ids);

    private static CustomerEvent Event(string messageId) =>
        new(messageId, EventType.Track, "Product Viewed", Events.Now, Events.Now, PropertyMap.Empty, PropertyMap.Empty);
}
