using Decisioning.Gateway.Tests.Support;
using Grpc.Core;
using Api = Decisioning.V1;
using Decisioning.Tests.Shared;

namespace Decisioning.Gateway.Tests.Services;

[Collection(typeof(SharedServer))]
public sealed class TrackStreamTests(GatewayServer server)
{
    private readonly string _user = GatewayServer.NewCustomer();

    [Fact]
    public async Task A_hot_customers_events_are_applied_in_the_order_sent()
    {
        using var call = server.Events.TrackStream();
        var sending = SendAsync();
        var sequences = new List<long>();
        await foreach (var response in call.ResponseStream.ReadAllAsync())
        {
            sequences.AddRange(response.Acks.Where(ack => ack.MessageId.StartsWith("hot", StringComparison.Ordinal)).Select(ack => ack.Sequence));
        }

        await sending;
        Assert.Equal(Enumerable.Range(1, 600).Select(i => (long)i), sequences);

        // Three hundred requests are more than may be under way: reading answers is what lets the rest in.
        async Task SendAsync()
        {
            for (var i = 0; i < 300; i++)
            {
                var request = new Api.TrackStreamRequest();
                request.Events.Add([Events.Good($"hot{i}a", _user), Events.Good($"cold{i}", $"{_user}-{i % 7}"), Events.Good($"hot{i}b", _user)]);
                await call.RequestStream.WriteAsync(request);
            }

            await call.RequestStream.CompleteAsync();
        }
    }

    [Fact]
    public async Task A_request_that_is_none_ends_the_stream_after_the_answers_before_it()
    {
        using var call = server.Events.TrackStream();
        await call.RequestStream.WriteAsync(Request("m1"));
        await call.RequestStream.WriteAsync(Request("m2"));
        await call.RequestStream.WriteAsync(new Api.TrackStreamRequest());
        Assert.True(await call.ResponseStream.MoveNext());
        Assert.True(await call.ResponseStream.MoveNext());
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.Equal((StatusCode.InvalidArgument, "events: is empty; send 1 to 500"), (failure.StatusCode, failure.Status.Detail));
    }

    [Fact]
    public async Task A_bad_event_does_not_end_the_stream()
    {
        using var call = server.Events.TrackStream();
        await call.RequestStream.WriteAsync(Request(""));
        await call.RequestStream.WriteAsync(Request("m1"));
        await call.RequestStream.CompleteAsync();
        var acks = new List<string>();
        await foreach (var response in call.ResponseStream.ReadAllAsync())
        {
            acks.AddRange(response.Acks.Select(GatewayServer.Text));
        }

        Assert.Equal(["Rejected 0 events[0].message_id", "Applied 1"], acks);
    }

    private Api.TrackStreamRequest Request(string id)
    {
        var request = new Api.TrackStreamRequest();
        request.Events.Add(Events.Good(id, _user));
        return request;
    }
}
