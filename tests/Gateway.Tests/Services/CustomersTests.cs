using Decisioning.Contracts;
using Decisioning.Engine.Customers;
using Decisioning.Gateway.Tests.Support;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Api = Decisioning.V1;
using Decisioning.Tests.Shared;
using StrategyFile = Decisioning.Contracts.Messages.StrategyFile;

namespace Decisioning.Gateway.Tests.Services;

[Collection(typeof(SharedServer))]
public sealed class CustomersTests(GatewayServer server)
{
    private readonly string _user = GatewayServer.NewCustomer();

    [Fact]
    public async Task A_customer_is_shown_with_profile_features_tags_and_stages()
    {
        await server.TrackAsync(
            new Api.Event { MessageId = "m1", UserId = _user, Type = Api.EventType.Identify, Traits = Events.One("plan", Value.ForString("plus")) },
            Events.Good("m2", _user),
            Events.Good("m3", _user));
        var customer = await GetAsync(GatewayServer.User(_user));
        Assert.Equal((3L, "plus", 2d), (customer.Sequence, customer.Profile.Fields["plan"].StringValue, customer.Features.Fields["views"].NumberValue));
        Assert.Equal(("keen", "conquer"), (customer.Tags.Single().Name, customer.Stages.Single().Name));
        Assert.Equal(GatewayServer.User(_user), customer.Identity);
    }

    [Fact]
    public async Task A_stranger_has_sequence_0() => Assert.Equal(0, (await GetAsync(new Api.CustomerIdentity { AnonymousId = _user })).Sequence);

    [Fact]
    public async Task Pages_hold_every_customer_once()
    {
        var expected = new HashSet<string>();
        for (var i = 0; i < 25; i++)
        {
            expected.Add($"{_user}-{i}");
            await server.TrackAsync(Events.Good("m1", $"{_user}-{i}"), new Api.Event { MessageId = "m1", AnonymousId = $"{_user}-{i}", Event_ = "Product Viewed" });
        }

        var (known, pages) = await ListAsync(includeAnonymous: false);
        Assert.Equal(expected.Order(), known.Where(id => id.StartsWith(_user, StringComparison.Ordinal)).Order());
        Assert.True(pages > 1);
        Assert.Equal(50, (await ListAsync(includeAnonymous: true)).Ids.Count(id => id.StartsWith(_user, StringComparison.Ordinal)));

        async Task<(List<string> Ids, int Pages)> ListAsync(bool includeAnonymous)
        {
            var (request, ids, count) = (new Api.ListRequest { PageSize = 7, IncludeAnonymous = includeAnonymous, Features = { "views" } }, new List<string>(), 0);
            do
            {
                var page = await server.Customers.ListAsync(request);
                Assert.InRange(page.Customers.Count, 0, 7);
                ids.AddRange(page.Customers.Select(customer => customer.Identity.UserId + customer.Identity.AnonymousId));
                Assert.All(page.Customers, customer => Assert.Equal(["views"], customer.Features.Fields.Keys));
                request.PageToken = page.NextPageToken;
                count++;
            }
            while (request.PageToken.Length > 0);
            return (ids, count);
        }
    }

    [Theory]
    [InlineData("page_size: is -1", -1, "", "views")]
    [InlineData("page_size: is 1001", 1001, "", "views")]
    [InlineData("features: `vews` is not a feature", 1, "", "vews")]
    [InlineData("features[0]: is empty", 1, "", "")]
    [InlineData("page_token: is not one of ours", 1, "garbage", "views")]
    [InlineData("page_token: is not one of ours", 1, "-7", "views")]
    public async Task A_page_is_refused_with_the_field(string expected, int pageSize, string token, string feature)
    {
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await server.Customers.ListAsync(new Api.ListRequest { PageSize = pageSize, PageToken = token, Features = { feature } }));
        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
        Assert.StartsWith(expected, failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watch_shows_the_decision_then_each_change_with_the_decision_after_it()
    {
        using var call = server.Customers.Watch(new Api.WatchRequest { Customer = GatewayServer.User(_user), Channel = "web" });
        var first = await NextAsync(call);
        Assert.Empty(first.Changes);
        Assert.Empty(first.Decision.Items);

        await server.TrackAsync(Events.Good("m1", _user));
        var changes = new List<string>();
        Api.Decision? decision = null;
        while (decision is null)
        {
            var news = await NextAsync(call);
            changes.AddRange(news.Changes.Select(change => $"{change.Kind} {change.Name} {change.Sequence}"));
            decision = news.Decision;
        }

        Assert.Contains("Event Product Viewed 1", changes);
        Assert.Contains("StageEntered find 1", changes);
        Assert.Equal("welcome", decision.Items[0].Action);
    }

    [Fact]
    public async Task A_watch_shows_what_time_alone_changed_and_the_decision_after_it()
    {
        await using var timed = new GatewayServer();
        await timed.StartAsync();
        await timed.PublishAsync([new StrategyFile("strategy.yaml", TestStrategies.Shop
            .Replace("expires: 7d", "expires: 1m", StringComparison.Ordinal)
            .Replace("features.views >= 1", "tags.keen", StringComparison.Ordinal))]);
        await timed.TrackAsync(Events.Good("m1", _user), Events.Good("m2", _user));
        using var call = timed.Customers.Watch(new Api.WatchRequest { Customer = GatewayServer.User(_user), Channel = "web" });
        Assert.Equal("welcome", (await NextAsync(call)).Decision.Items.Single().Action);

        timed.Clock.Advance(TimeSpan.FromSeconds(70));
        var news = await NextAsync(call);

        Assert.Contains("TagExpired keen 3", news.Changes.Select(change => $"{change.Kind} {change.Name} {change.Sequence}"));
        Assert.Empty(news.Decision.Items);
    }

    [Fact]
    public async Task A_watch_ends_when_it_is_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        using var call = server.Customers.Watch(new Api.WatchRequest { Customer = GatewayServer.User(_user) }, cancellationToken: cancel.Token);
        await NextAsync(call);
        await cancel.CancelAsync();
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext())).StatusCode);
        Assert.Equal(["Applied 1"], await server.TrackAsync(Events.Good("m1", _user)));
    }

    [Fact]
    public async Task A_watch_of_a_customer_who_is_erased_says_so_and_ends()
    {
        await server.TrackAsync(Events.Good("m1", _user));
        using var call = server.Customers.Watch(new Api.WatchRequest { Customer = GatewayServer.User(_user) });
        await NextAsync(call);

        await server.Customers.EraseAsync(new() { Customer = GatewayServer.User(_user), ErasureRequestId = "t" });

        var last = await NextAsync(call);
        Assert.Equal([Api.ChangeKind.Erased], last.Changes.Select(change => change.Kind));
        Assert.Null(last.Decision);
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext())).StatusCode);
    }

    [Fact]
    public async Task A_watch_by_an_identity_that_is_erased_before_its_customer_ends_and_does_not_go_on_with_nobody()
    {
        await using var quick = new GatewayServer(options => options.WatchRefresh = TimeSpan.FromSeconds(1));
        await quick.InitializeAsync();
        var (visitor, user) = (CustomerKey.Anonymous("default", _user + "-visitor"), CustomerKey.User("default", _user));
        await quick.TrackAsync(new Api.Event { MessageId = "i", Type = Api.EventType.Identify, AnonymousId = visitor.Id, UserId = user.Id });
        using var call = quick.Customers.Watch(new Api.WatchRequest { Customer = new() { AnonymousId = visitor.Id } });
        await NextAsync(call);

        // As an erasure does it: the customer last.
        var grain = quick.Services.GetRequiredService<IGrainFactory>().GetGrain<ICustomerGrain>(visitor.Value);
        Assert.Equal(1, (await grain.EraseAsync(new([visitor, user]))).Customers);

        var last = await NextAsync(call);
        Assert.Equal([Api.ChangeKind.Erased], last.Changes.Select(change => change.Kind));
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext())).StatusCode);
    }

    [Fact]
    public async Task A_list_goes_on_after_a_customer_who_was_erased_between_two_pages()
    {
        var ids = Enumerable.Range(0, 4).Select(i => $"{_user}-{i}").ToList();
        foreach (var id in ids)
        {
            await server.TrackAsync(Events.Good("m1", id));
        }

        var request = new Api.ListRequest { PageSize = 1 };
        var listed = new List<string>();
        do
        {
            var page = await server.Customers.ListAsync(request);
            var id = page.Customers.Single().Identity.UserId;
            listed.Add(id);
            if (id == ids[1])
            {
                await server.Customers.EraseAsync(new() { Customer = GatewayServer.User(id), ErasureRequestId = "t" });
            }

            request.PageToken = page.NextPageToken;
            Assert.DoesNotContain(_user, request.PageToken, StringComparison.Ordinal);
        }
        while (request.PageToken.Length > 0);

        Assert.Equal(ids, listed.Where(ids.Contains));
    }

    [Fact]
    public async Task A_watch_of_nobody_is_refused()
    {
        using var call = server.Customers.Watch(new Api.WatchRequest { MaxItems = 51 });
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
    }

    private async Task<Api.Customer> GetAsync(Api.CustomerIdentity identity) => (await server.Customers.GetAsync(new Api.GetRequest { Customer = identity })).Customer;

    private static async Task<Api.WatchResponse> NextAsync(AsyncServerStreamingCall<Api.WatchResponse> call)
    {
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        return call.ResponseStream.Current;
    }
}
