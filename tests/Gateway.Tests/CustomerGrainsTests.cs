using Decisioning.Contracts.Messages;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Values;
using Decisioning.Gateway.Requests;
using Decisioning.Gateway.Services;
using Decisioning.Gateway.Tests.Support;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Tests;

public sealed class CustomerGrainsTests
{
    private static readonly CustomerKey User = CustomerKey.User("shop", "ann");
    private static readonly CustomerKey Visitor = CustomerKey.Anonymous("shop", "v");

    private readonly CustomerOrder _order = new();
    private readonly TaskCompletionSource _visitorsOwn = new();
    private readonly List<string> _recorded = [];

    [Fact]
    public async Task A_customers_events_stay_in_order_behind_a_batch_that_has_a_visitors_first()
    {
        var linking = SendAsync(Event(User, "u1") with { Others = [Visitor] }, Event(Visitor, "v1"));
        var next = SendAsync(Event(User, "u2"));
        _visitorsOwn.SetResult();
        await linking;
        await next;

        Assert.Equal(["v1", "u1", "u2"], _recorded);
    }

    [Fact]
    public async Task Who_a_visitor_is_linked_with_has_nothing_recorded_when_the_visitors_events_are_not()
    {
        var linking = SendAsync(Event(User, "u1") with { Others = [Visitor] }, Event(Visitor, "v1"));
        _visitorsOwn.SetException(new TimeoutException("away"));

        await Assert.ThrowsAsync<TimeoutException>(() => linking);
        Assert.Empty(_recorded);
    }

    private Task<Api.TrackResponse> SendAsync(params ReadEvent[] events)
    {
        var response = new Api.TrackResponse();
        return CustomerGrains.RecordAsync(
            events, "events", (key, record, before) => _order.Record(key, record, before, this, static (test, key, record, before) => test.RecordAsync(key, record, before)), response, response.Acks);
    }

    private async Task<RecordReply> RecordAsync(CustomerKey key, RecordRequest record, Task? before)
    {
        await (before ?? Task.CompletedTask);
        await (key == Visitor ? _visitorsOwn.Task : Task.CompletedTask);
        _recorded.AddRange(record.Events.Select(e => e.MessageId));
        return new(1, [.. record.Events.Select(e => new RecordOutcome(e.MessageId, RecordStatus.Applied, 1, []))]);
    }

    private static ReadEvent Event(CustomerKey key, string messageId) =>
        new(messageId, key, new CustomerEvent(messageId, EventType.Track, "Product Viewed", Events.Now, Events.Now, PropertyMap.Empty, PropertyMap.Empty), []);
}
