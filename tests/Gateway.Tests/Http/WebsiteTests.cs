using System.Net;
using System.Text;
using Decisioning.Gateway.Tests.Access;
using Decisioning.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Tests.Http;

/// <summary>What pages of other origins may do, with keys that the world can read and with others.</summary>
public sealed class WebsiteTests : IAsyncLifetime
{
    private const string Shop = "https://shop.example";
    private const string Desk = "https://desk.example";
    private readonly KeyServer _server = new(services => services.Configure<GatewayOptions>(options => options.CorsOrigins.Add(Desk)));
    private readonly HttpClient _http = new();
    private string _public = "";

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        _public = (await _server.CreateAsync("shop", [Api.Scope.Track, Api.Scope.Decide], request =>
        {
            request.IsPublic = true;
            request.Origins.Add(Shop);
        })).Text;
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return _server.DisposeAsync();
    }

    [Fact]
    public async Task Any_page_may_ask_whether_it_may_call()
    {
        foreach (var path in new[] { "/v1/batch", "/decisioning.v1.Decisions/NextBestAction", "/ofrep/v1/evaluate/flags" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Options, new Uri(_server.Http1, path));
            request.Headers.Add("Origin", "https://anywhere.example");
            request.Headers.Add("Access-Control-Request-Method", "POST");
            request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,x-grpc-web");
            using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal((HttpStatusCode.NoContent, "https://anywhere.example"), (answer.StatusCode, Header(answer, "Access-Control-Allow-Origin")));
            Assert.Contains("x-grpc-web", Header(answer, "Access-Control-Allow-Headers"), StringComparison.Ordinal);
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
        }
    }

    [Theory]
    [InlineData("public", Shop, 200, true)]
    [InlineData("public", "https://evil.example", 401, true)]
    [InlineData("secret", Desk, 200, true)]
    [InlineData("secret", Shop, 200, false)]
    [InlineData("none", Shop, 401, true)]
    public async Task A_page_reads_what_its_credential_allows_there_or_why_it_does_not(string credential, string origin, int status, bool isRead)
    {
        using var request = Event("/v1/track", "a");
        request.Headers.Add("Origin", origin);
        if (credential != "none")
        {
            request.Headers.Add("Authorization", "Bearer " + (credential == "public" ? _public : _server.AdminText));
        }

        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal((status, isRead ? origin : null), ((int)answer.StatusCode, Header(answer, "Access-Control-Allow-Origin")));
        Assert.Equal(isRead, Header(answer, "Access-Control-Expose-Headers")?.Contains("grpc-status-details-bin", StringComparison.Ordinal) == true);
        Assert.Equal("origin", Header(answer, "Vary"));
    }

    [Theory]
    [InlineData("/v1/t")]
    [InlineData("/v1/b")]
    public async Task The_library_for_browsers_brings_its_key_in_the_body(string path)
    {
        var visitor = GatewayServer.NewCustomer("visitor");
        var call = $$"""{ "type": "track", "messageId": "m", "anonymousId": "{{visitor}}", "event": "Product Viewed" """;
        var body = path == "/v1/t" ? call + $$""", "writeKey": "{{_public}}" }""" : $$"""{ "writeKey": "{{_public}}", "batch": [ {{call}} } ] }""";
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(path, body.Replace(_public, _public[..^1], StringComparison.Ordinal), null));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(path, body, "https://evil.example"));
        Assert.Equal(0, await SequenceAsync(visitor));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(path, body, Shop));
        Assert.Equal(1, await SequenceAsync(visitor));
    }

    [Fact]
    public async Task A_key_the_world_can_read_sends_at_most_500_KB_also_gzipped()
    {
        var body = $$"""{ "type": "track", "messageId": "m", "anonymousId": "a", "event": "Product Viewed", "writeKey": "{{_public}}", "padding": "{{new string('x', 500 * 1024)}}" }""";
        using var large = Event("/v1/track", "a", Encoding.UTF8.GetBytes(body));
        large.Headers.Add("Authorization", "Bearer " + _public);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await _http.SendAsync(large, TestContext.Current.CancellationToken)).StatusCode);

        using var zipped = Event("/v1/track", "a", HttpCalls.Gzip(body));
        zipped.Content!.Headers.ContentEncoding.Add("gzip");
        zipped.Headers.Add("Authorization", "Bearer " + _public);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await _http.SendAsync(zipped, TestContext.Current.CancellationToken)).StatusCode);

        // What is too large to look for a key in is a call without one.
        using var keyless = Event("/v1/track", "a", Encoding.UTF8.GetBytes(body));
        Assert.Equal(HttpStatusCode.Unauthorized, (await _http.SendAsync(keyless, TestContext.Current.CancellationToken)).StatusCode);

        using var secret = Event("/v1/track", "a", Encoding.UTF8.GetBytes(body));
        secret.Headers.Add("Authorization", "Bearer " + _server.AdminText);
        Assert.Equal(HttpStatusCode.OK, (await _http.SendAsync(secret, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task The_settings_name_this_engine_to_the_key_in_their_path()
    {
        using var answer = await _http.GetAsync(new Uri(_server.Http1, $"/v1/projects/{_public}/settings"), TestContext.Current.CancellationToken);
        var settings = System.Text.Json.Nodes.JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["integrations"]!["Segment.io"]!;
        Assert.Equal((_public, _server.Http1.Authority + "/v1", "http"), ((string?)settings["apiKey"], (string?)settings["apiHost"], (string?)settings["protocol"]));
    }

    [Fact]
    public async Task Behind_a_public_key_a_flag_is_asked_for_a_visitor_and_for_nobody_else()
    {
        async Task<HttpStatusCode> AskAsync(string context)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_server.Http1, "/ofrep/v1/evaluate/flags/hero")) { Content = new StringContent($$"""{ "context": {{context}} }""") };
            request.Headers.Add("Authorization", "Bearer " + _public);
            return (await _http.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, await AskAsync("""{ "targetingKey": "v" }"""));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync("""{ "targetingKey": "v", "anonymous": false }"""));
    }

    private static HttpRequestMessage Event(string path, KeyServer server, byte[] body) =>
        new(HttpMethod.Post, new Uri(server.Http1, path)) { Content = new ByteArrayContent(body) };

    private HttpRequestMessage Event(string path, string visitor, byte[]? body = null) =>
        Event(path, _server, body ?? Encoding.UTF8.GetBytes($$"""{ "messageId": "m", "anonymousId": "{{visitor}}", "event": "Product Viewed" }"""));

    private async Task<HttpStatusCode> StatusAsync(string path, string body, string? origin)
    {
        using var request = Event(path, _server, Encoding.UTF8.GetBytes(body));
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        return (await _http.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode;
    }

    private async Task<long> SequenceAsync(string visitor) =>
        (await _server.Customers.GetAsync(new Api.GetRequest { Customer = new() { AnonymousId = visitor } }, _server.Admin)).Customer.Sequence;

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
