using System.Net;
using System.Net.Http.Headers;
using Decisioning.Gateway.Tests.Support;
using Decisioning.Tests.Shared;
using Grpc.Core;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Tests.Access;

/// <summary>A key that everybody can read in a web page: what it opens, and what it does not.</summary>
public sealed class PublicKeyTests(KeyServer server) : IClassFixture<KeyServer>
{
    private static readonly Api.CustomerIdentity Visitor = new() { AnonymousId = "visitor-1" };

    [Fact]
    public async Task It_asks_for_a_visitor_and_is_told_no_reasons()
    {
        var headers = await HeadersAsync();

        var question = new Api.NextBestActionRequest { Customer = Visitor, Channel = "web", Explain = Api.ExplainLevel.Full, DryRun = true };
        await server.Events.TrackAsync(new() { Events = { Events.With(e => (e.UserId, e.AnonymousId) = ("", Visitor.AnonymousId)) } }, headers);

        var answer = (await server.Decisions.NextBestActionAsync(question, headers)).Decision;
        var explained = (await server.Decisions.NextBestActionAsync(question, server.Admin)).Decision;

        Assert.Equal("welcome", answer.Items[0].Action);
        Assert.Equal((0, 0, 0, 0), (answer.Items[0].Reasons.Count, answer.Rules.Count, answer.Suppressed.Count, answer.Segments.Count));
        Assert.NotEqual((0, 0), (explained.Items[0].Reasons.Count, explained.Rules.Count));
    }

    [Fact]
    public async Task It_asks_for_no_known_customer_but_sends_what_one_did()
    {
        var headers = await HeadersAsync();
        var user = GatewayServer.NewCustomer();

        var refused = await Assert.ThrowsAsync<RpcException>(async () => await server.Decisions.NextBestActionAsync(new() { Customer = GatewayServer.User(user) }, headers));
        using var watch = server.Customers.Watch(new() { Customer = GatewayServer.User(user) }, headers);
        var unwatched = await Assert.ThrowsAsync<RpcException>(() => watch.ResponseStream.MoveNext());

        Assert.Equal((StatusCode.PermissionDenied, "CUSTOMER_NOT_YOURS"), (refused.StatusCode, KeyServer.Reason(refused)));
        Assert.Equal(StatusCode.PermissionDenied, unwatched.StatusCode);
        Assert.Equal("Applied 1", GatewayServer.Text((await server.Events.TrackAsync(new() { Events = { Events.Good("m1", user) } }, headers)).Acks[0]));
    }

    [Fact]
    public async Task It_watches_a_visitor_and_is_told_no_changes()
    {
        var visitor = GatewayServer.NewCustomer("visitor");
        using var watch = server.Customers.Watch(new() { Customer = new() { AnonymousId = visitor }, Channel = "web" }, await HeadersAsync());
        Assert.True(await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

        Assert.NotNull(watch.ResponseStream.Current.Decision);
        Assert.Empty(watch.ResponseStream.Current.Changes);
    }

    [Theory]
    [InlineData("https://shop.example", null, true)]
    [InlineData("https://shop.example", "https://shop.example", true)]
    [InlineData("https://shop.example", "https://SHOP.example", true)]
    [InlineData("https://shop.example", "https://evil.example", false)]
    [InlineData("https://shop.example", "https://shop.example.evil.example", false)]
    [InlineData("https://shop.example", "http://shop.example", false)]
    [InlineData("https://shop.example", "null", false)]
    [InlineData("*", "https://evil.example", true)]
    [InlineData("", "https://shop.example", false)]
    public async Task A_browser_uses_it_from_its_pages_only(string allowed, string? origin, bool isLetIn)
    {
        var made = await server.CreateAsync("pages", [Api.Scope.Track], key =>
        {
            key.IsPublic = true;
            key.Origins.AddRange(allowed.Split(',', StringSplitOptions.RemoveEmptyEntries));
        });
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Http1, "/nothing/is/here"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", made.Text);
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(isLetIn ? HttpStatusCode.NotFound : HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private async Task<Metadata> HeadersAsync() =>
        KeyServer.Bearer((await server.CreateAsync("website", [Api.Scope.Track, Api.Scope.Decide], key => key.IsPublic = true)).Text);
}
