using Decisioning.Gateway.Tests.Support;
using Decisioning.Tests.Shared;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Tests.Services;

[Collection(typeof(SharedServer))]
public sealed class HistoriesTests(GatewayServer server)
{
    private readonly string _user = GatewayServer.NewCustomer();

    [Fact]
    public async Task A_customer_is_shown_as_it_was()
    {
        var before = server.Clock.Now;
        await server.TrackAsync(Events.Good("m1", _user), Events.Good("m2", _user));
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await server.TrackAsync(Events.Good("m3", _user));

        Assert.Equal(0, (await AtAsync(before.AddSeconds(-1))).Sequence);
        var then = await AtAsync(before);
        Assert.Equal((2L, 2d, GatewayServer.User(_user)), (then.Sequence, then.Features.Fields["views"].NumberValue, then.Identity));
        Assert.Equal(before, then.At.ToDateTimeOffset());
        Assert.Equal(3, (await AtAsync(server.Clock.Now)).Sequence);

        async Task<Api.Customer> AtAsync(DateTimeOffset at) =>
            (await server.Histories.StateAtAsync(new() { Customer = GatewayServer.User(_user), At = at.ToTimestamp() })).Customer;
    }

    [Fact]
    public async Task Decisions_are_made_again_and_compared_also_by_another_strategy()
    {
        await server.TrackAsync(Events.Good("m1", _user));
        var decision = (await server.Decisions.NextBestActionAsync(new() { Customer = GatewayServer.User(_user), Channel = "web", Placements = { "hero" } })).Decision;
        var again = await ReplayAsync(new() { Customer = GatewayServer.User(_user) });
        Assert.Equal((1L, 1L, 0L, 0L), (again.Customers, again.Decisions, again.Differing, again.Untold));

        var source = new Api.StrategySource { Files = { new Api.StrategyFile { Path = "strategy.yaml", Text = TestStrategies.Sale } } };
        var otherwise = await ReplayAsync(new() { Customer = GatewayServer.User(_user), Source = source });
        var replay = Assert.Single(otherwise.Replays);
        Assert.Equal((decision.DecisionId, 1L, 1L), (replay.DecisionId, replay.Sequence, otherwise.Differing));
        Assert.Equal("hero 1", Assert.Single(replay.Differences).Name);
        Assert.Equal(["sale 0 1", "welcome 1 0"], otherwise.Offers.Select(offer => $"{offer.Action} {offer.Recorded} {offer.Again}").Order());
    }

    [Fact]
    public async Task A_strategy_with_mistakes_is_answered_with_them()
    {
        var source = new Api.StrategySource { Files = { new Api.StrategyFile { Path = "strategy.yaml", Text = TestStrategies.Broken } } };

        var answer = await ReplayAsync(new() { Customer = GatewayServer.User(_user), Source = source });

        Assert.Equal((2, 0L), (answer.Errors.Count, answer.Customers));
    }

    [Fact]
    public async Task States_are_held_against_the_log()
    {
        await server.TrackAsync(Events.Good("m1", _user), Events.Good("m2", _user));
        using var call = server.Histories.Verify(new());
        var (customers, events) = (0L, 0L);
        await foreach (var page in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            (customers, events) = (customers + page.Customers, events + page.Events);
            Assert.Empty(page.Differing);
        }

        Assert.InRange(customers, 1, long.MaxValue);
        Assert.InRange(events, 2, long.MaxValue);
    }

    [Fact]
    public async Task Bad_questions_are_refused_with_every_field()
    {
        var at = await Assert.ThrowsAsync<RpcException>(async () => await server.Histories.StateAtAsync(new()));
        var replay = await Assert.ThrowsAsync<RpcException>(() => ReplayAsync(new() { Customer = new() { UserId = "" }, StrategyVersion = -1, MaxDiffering = 1001 }));
        var version = await Assert.ThrowsAsync<RpcException>(() => ReplayAsync(new() { Customer = GatewayServer.User(_user), StrategyVersion = 99 }));

        Assert.Equal(["customer", "at"], Fields(at));
        Assert.Equal(["customer.user_id", "max_differing", "strategy_version"], Fields(replay));
        Assert.Equal(StatusCode.NotFound, version.StatusCode);

        static IEnumerable<string> Fields(RpcException e) => Google.Rpc.Status.Parser.ParseFrom(e.Trailers.GetValueBytes("grpc-status-details-bin")).Details[0].Unpack<Google.Rpc.BadRequest>().FieldViolations
            .Select(violation => violation.Field);
    }

    // Decisions are written behind the reply: the store in memory has them at once.
    private async Task<Api.ReplayDecisionsResponse> ReplayAsync(Api.ReplayDecisionsRequest request)
    {
        using var call = server.Histories.ReplayDecisions(request);
        return await call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken).SingleAsync();
    }
}
