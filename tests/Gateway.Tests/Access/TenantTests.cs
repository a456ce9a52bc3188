using Decisioning.Gateway.Tests.Support;
using Decisioning.Tests.Shared;
using Grpc.Core;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Tests.Access;

/// <summary>Two tenants on one engine: what one has, the other neither sees nor touches.</summary>
public sealed class TenantTests(KeyServer server) : IClassFixture<KeyServer>
{
    [Fact]
    public async Task The_same_id_is_another_customer_in_another_tenant()
    {
        var id = GatewayServer.NewCustomer("both");
        await server.Events.TrackAsync(new() { Events = { Events.Good("m1", id), Events.Good("m2", id) } }, server.Admin);
        var acks = (await server.Events.TrackAsync(new() { Events = { Events.Good("m1", id) } }, server.Rival)).Acks;

        Assert.Equal("Applied 1", GatewayServer.Text(acks[0]));
        Assert.Equal(2, (await server.Customers.GetAsync(new() { Customer = GatewayServer.User(id) }, server.Admin)).Customer.Sequence);
        Assert.Equal(1, (await server.Customers.GetAsync(new() { Customer = GatewayServer.User(id) }, server.Rival)).Customer.Sequence);
    }

    [Fact]
    public async Task Lists_hold_the_callers_own_customers_only_and_a_foreign_page_token_is_refused()
    {
        var id = GatewayServer.NewCustomer("listed");
        await server.Events.TrackAsync(new() { Events = { Events.Good("m1", id) } }, server.Admin);

        Assert.DoesNotContain(id, (await server.Customers.ListAsync(new(), server.Rival)).Customers.Select(row => row.Identity.UserId));
        Assert.Equal(
            StatusCode.InvalidArgument,
            (await Assert.ThrowsAsync<RpcException>(async () => await server.Customers.ListAsync(new() { PageToken = $"default/u/{id}" }, server.Rival))).StatusCode);
    }

    [Theory]
    [InlineData("rival/u/")]
    [InlineData("../rival/u/")]
    [InlineData("u/../../rival/u/")]
    [InlineData("\0rival/u/")]
    public async Task An_id_that_looks_like_a_key_of_another_tenant_is_only_an_id(string prefix)
    {
        var victim = GatewayServer.NewCustomer("victim");
        await server.Events.TrackAsync(new() { Events = { Events.Good("m1", victim) } }, server.Rival);

        var view = await server.Customers.GetAsync(new() { Customer = GatewayServer.User(prefix + victim) }, server.Admin);

        Assert.Equal((0L, prefix + victim), (view.Customer.Sequence, view.Customer.Identity.UserId));
    }

    [Fact]
    public async Task Keys_and_audit_rows_of_another_tenant_are_not_there()
    {
        var made = await server.CreateAsync("mine", [Api.Scope.Track]);

        Assert.DoesNotContain(made.Key.Id, (await server.Keys.ListAsync(new(), server.Rival)).Keys.Select(key => key.Id));
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await server.Keys.RevokeAsync(new() { Id = made.Key.Id }, server.Rival));
        Assert.Equal(StatusCode.NotFound, refused.StatusCode);
        Assert.NotNull(await server.Events.TrackAsync(new() { Events = { Events.Good("m1", "x") } }, KeyServer.Bearer(made.Text)));
        var rows = await new Api.Audits.AuditsClient(server.Channel).ListAsync(new(), server.Rival);
        Assert.Equal("rival", rows.Tenant);
        Assert.DoesNotContain(made.Key.Id, rows.Entries.Select(entry => entry.Subject));
    }

    [Fact]
    public async Task A_strategy_is_published_for_its_own_tenant_only()
    {
        var before = (await server.Strategies.GetAsync(new(), server.Admin)).Version;
        var source = new Api.StrategySource { Files = { new Api.StrategyFile { Path = "strategy.yaml", Text = TestStrategies.Shop + "\n# rival's\n" } } };

        await server.Strategies.PublishAsync(new() { Source = source }, server.Rival);

        Assert.Equal(before, (await server.Strategies.GetAsync(new(), server.Admin)).Version);
    }

    [Fact]
    public async Task A_watch_sees_its_own_tenants_customer_only()
    {
        var id = GatewayServer.NewCustomer("watched");
        using var call = server.Customers.Watch(new() { Customer = GatewayServer.User(id), Channel = "web" }, server.Rival);
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

        await server.Events.TrackAsync(new() { Events = { Events.Good("m1", id, "Foreign") } }, server.Admin);
        await server.Events.TrackAsync(new() { Events = { Events.Good("m1", id, "Own") } }, server.Rival);

        var names = new List<string>();
        while (names.Count == 0 && await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
        {
            names.AddRange(call.ResponseStream.Current.Changes.Where(change => change.Kind == Api.ChangeKind.Event).Select(change => change.Name));
        }

        Assert.Equal(["Own"], names);
    }
}
