using Decisioning.Gateway.Tests.Support;
using Decisioning.Storage.Memory;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Api = Decisioning.V1;
using Decisioning.Tests.Shared;

namespace Decisioning.Gateway.Tests.Services;

[Collection(typeof(SharedServer))]
public sealed class TrackTests(GatewayServer server)
{
    private readonly string _user = GatewayServer.NewCustomer();

    [Fact]
    public async Task A_batch_of_mixed_quality_is_answered_event_by_event()
    {
        // Every third is bad, each in its own way; the rest belongs to ten customers in turn.
        var request = new Api.TrackRequest();
        var sequences = new long[10];
        var expected = new List<string>();
        for (var i = 0; i < 500; i++)
        {
            var e = Events.Good($"m{i}", $"{_user}-{i % 10}");
            var bad = i % 3 == 0;
            if (bad)
            {
                Spoil(e, i / 3 % 5);
            }

            request.Events.Add(e);
            expected.Add(bad ? $"Rejected 0 {Place(i, i / 3 % 5)}" : $"Applied {++sequences[i % 10]}");
        }

        Assert.Equal(expected, (await server.Events.TrackAsync(request)).Acks.Select(GatewayServer.Text));
        for (var i = 0; i < 10; i++)
        {
            var customer = (await server.Customers.GetAsync(new Api.GetRequest { Customer = GatewayServer.User($"{_user}-{i}") })).Customer;
            Assert.Equal((sequences[i], (double)sequences[i]), (customer.Sequence, customer.Features.Fields["views"].NumberValue));
        }

        static void Spoil(Api.Event e, int how)
        {
            switch (how)
            {
                case 0:
                    e.UserId = "";
                    break;
                case 1:
                    e.MessageId = "";
                    break;
                case 2:
                    e.Properties = Events.One("price", Value.ForString("cheap"));
                    break;
                case 3:
                    e.Timestamp = Events.Now.AddDays(1).ToTimestamp();
                    break;
                default:
                    e.Properties = Events.One("a", Value.ForNumber(double.NaN));
                    break;
            }
        }

        static string Place(int i, int how) => $"events[{i}]." + how switch { 0 => "user_id", 1 => "message_id", 2 => "properties.price", 3 => "timestamp", _ => "properties.a" };
    }

    [Fact]
    public async Task An_event_sent_again_is_a_duplicate_and_with_other_contents_a_conflict()
    {
        var e = Events.Good("m1", _user);
        Assert.Equal(["Applied 1", "Duplicate 1"], await server.TrackAsync(e, e));
        Assert.Equal(["Duplicate 1"], await server.TrackAsync(e));
        e.Event_ = "Product Added";
        Assert.Equal(["Rejected 0 events[0].message_id"], await server.TrackAsync(e));
    }

    [Fact]
    public async Task A_refused_trait_is_named_as_the_caller_sent_it() => Assert.Equal(
        ["Rejected 0 events[0].traits.plan"],
        await server.TrackAsync(new Api.Event { MessageId = "m1", UserId = _user, Type = Api.EventType.Identify, Traits = Events.One("plan", Value.ForNumber(3)) }));

    [Theory]
    [InlineData(0)]
    [InlineData(501)]
    public async Task A_batch_of_the_wrong_size_is_refused_as_a_whole(int count)
    {
        var request = new Api.TrackRequest();
        request.Events.AddRange(Enumerable.Range(0, count).Select(i => Events.Good($"m{i}", _user)));
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await server.Events.TrackAsync(request));
        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
    }

    [Fact]
    public async Task The_answer_to_500_events_as_wrong_as_can_be_is_one_that_clients_take()
    {
        // Paths of 2,000 characters to 25 wrong numbers in each event; the client takes 4 MB.
        var worst = new Struct { Fields = { Enumerable.Range(0, 25).ToDictionary(i => Events.X(250) + i, _ => Value.ForNumber(double.NaN)) } };
        for (var level = 0; level < 7; level++)
        {
            worst = Events.One(Events.X(256), Value.ForStruct(worst));
        }

        var request = new Api.TrackRequest();
        request.Events.AddRange(Enumerable.Range(0, 500).Select(i => Events.With(e => (e.MessageId, e.UserId, e.Properties) = ($"m{i}", _user, worst))));
        var response = await server.Events.TrackAsync(request);
        Assert.All(response.Acks, ack => Assert.Equal((Api.EventStatus.Rejected, 20), (ack.Status, ack.Violations.Count)));
    }

    [Fact]
    public async Task A_message_larger_than_a_call_may_be_is_refused_and_the_server_goes_on()
    {
        var large = new Struct { Fields = { Enumerable.Range(0, 15).ToDictionary(i => $"t{i}", _ => Value.ForString(Events.X(16 * 1024))) } };
        var request = new Api.TrackRequest();
        request.Events.AddRange(Enumerable.Range(0, 80).Select(i => Events.With(e => (e.MessageId, e.UserId, e.Properties) = ($"m{i}", _user, large))));
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await server.Events.TrackAsync(request));
        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
        Assert.Equal(["Applied 1"], await server.TrackAsync(Events.Good("m1", _user)));
    }

    [Fact]
    public async Task A_message_nested_beyond_what_is_parsed_fails_the_call_and_not_the_server()
    {
        var e = Events.With(e => e.Properties = Events.Nested(60));
        await Assert.ThrowsAsync<RpcException>(() => server.TrackAsync(e));
        Assert.Equal(["Applied 1"], await server.TrackAsync(Events.Good("m1", _user)));
    }

    [Fact]
    public async Task An_expired_deadline_ends_the_call() => Assert.Equal(
        StatusCode.DeadlineExceeded,
        (await Assert.ThrowsAsync<RpcException>(async () => await server.Events.TrackAsync(new Api.TrackRequest(), deadline: DateTime.UtcNow.AddSeconds(-1)))).StatusCode);
}

/// <summary>With a store of its own, which is made to fail.</summary>
public sealed class TrackWithoutStoreTests : IAsyncLifetime
{
    private readonly GatewayServer _server = new(options => options.RetryDelay = TimeSpan.FromSeconds(7));

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_log_that_is_away_is_told_with_a_time_to_come_back_and_loses_nothing()
    {
        var e = Events.Good("m1", "ann");
        Assert.Equal(["Applied 1"], await _server.TrackAsync(Events.Good("m0", "ann")));
        _server.Store.FailNext(StoreFault.AfterCommit);
        var failure = await Assert.ThrowsAsync<RpcException>(() => _server.TrackAsync(e));
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        var details = Google.Rpc.Status.Parser.ParseFrom(failure.Trailers.GetValueBytes("grpc-status-details-bin"));
        Assert.Equal(TimeSpan.FromSeconds(7), details.Details[0].Unpack<Google.Rpc.RetryInfo>().RetryDelay.ToTimeSpan());
        Assert.Equal(["Duplicate 2"], await _server.TrackAsync(e));
    }
}
