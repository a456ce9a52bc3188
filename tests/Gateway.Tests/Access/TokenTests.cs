using System.Security.Claims;
using Decisioning.Gateway.Access;
using Decisioning.Gateway.Tests.Support;
using Decisioning.Tests.Shared;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Tests.Access;

/// <summary>Tokens of an identity provider: what they open, and every kind that is refused.</summary>
public sealed class TokenTests(TokenServer fixture) : IClassFixture<TokenServer>
{
    private readonly TestIssuer _issuer = fixture.Issuer;
    private readonly KeyServer _server = fixture.Server;

    private static readonly (string Case, Func<TestIssuer, DateTimeOffset, string> Token, string Reason)[] Rows =
    [
        ("signed by nobody", (issuer, now) => issuer.Token(now, t => t.SigningCredentials = null), "TOKEN_INVALID"),
        ("signed with another key", (issuer, now) => issuer.Token(now, t => t.SigningCredentials = issuer.Forged), "TOKEN_INVALID"),
        ("signed with the public key as a secret", (issuer, now) => issuer.Token(now, t => t.SigningCredentials = issuer.Confused), "TOKEN_INVALID"),
        ("signature cut off", (issuer, now) => issuer.Token(now)[..^20], "TOKEN_INVALID"),
        ("claims changed", (issuer, now) => Changed(issuer.Token(now)), "TOKEN_INVALID"),
        ("another issuer", (issuer, now) => issuer.Token(now, t => t.Issuer = "https://evil.example"), "TOKEN_INVALID"),
        ("another audience", (issuer, now) => issuer.Token(now, t => t.Audience = "another-service"), "TOKEN_INVALID"),
        ("no audience", (issuer, now) => issuer.Token(now, t => t.Audience = null), "TOKEN_INVALID"),
        ("expired", (issuer, now) => issuer.Token(now.AddMinutes(-6)), "TOKEN_EXPIRED"),
        ("not valid yet", (issuer, now) => issuer.Token(now.AddMinutes(2)), "TOKEN_EXPIRED"),
        ("for ever", (issuer, now) => issuer.Token(now, t => t.Expires = null), "TOKEN_EXPIRED"),
        ("without a tenant", (issuer, now) => issuer.Token(now, t => t.Claims.Remove("tenant")), "TOKEN_WITHOUT_TENANT"),
        ("a tenant that is none", (issuer, now) => issuer.Token(now, t => t.Claims["tenant"] = "default/u/"), "TOKEN_WITHOUT_TENANT"),
        ("without a subject", (issuer, now) => issuer.Token(now, t => t.Claims.Remove("sub")), "TOKEN_WITHOUT_SUBJECT"),
        ("nonsense", (_, _) => "a.b.c", "TOKEN_INVALID"),
        ("nothing", (_, _) => "..", "TOKEN_INVALID"),
        ("large", (_, _) => new string('a', 8_000) + "." + new string('b', 8_000) + ".c", "TOKEN_INVALID"),
    ];

    public static TheoryData<string> Cases => [.. Rows.Select(row => row.Case)];

    [Fact]
    public async Task A_role_opens_what_it_is_mapped_to_in_the_tenant_of_the_token()
    {
        var desk = KeyServer.Bearer(_issuer.Token(_server.Clock.GetUtcNow()));
        var editor = KeyServer.Bearer(_issuer.Token(_server.Clock.GetUtcNow(), t => (t.Claims["roles"], t.Claims["tenant"]) = ("editor viewer", "rival")));
        var customer = GatewayServer.User(GatewayServer.NewCustomer());
        await _server.Events.TrackAsync(new() { Events = { Events.Good("m1", customer.UserId) } }, desk);

        Assert.Equal(1, (await _server.Customers.GetAsync(new() { Customer = customer }, desk)).Customer.Sequence);
        Assert.Equal(StatusCode.PermissionDenied, await StatusAsync(_server.Customers.ListAsync(new(), desk)));
        Assert.Equal(StatusCode.PermissionDenied, await StatusAsync(_server.Customers.GetAsync(new() { Customer = customer }, editor)));
        Assert.Equal(0, (await _server.Histories.StateAtAsync(new() { Customer = customer, At = new() { Seconds = _server.Clock.GetUtcNow().ToUnixTimeSeconds() + 1 } }, editor)).Customer.Sequence);
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task A_token_that_proves_nothing_is_refused(string name)
    {
        var row = Rows.Single(row => row.Case == name);
        var token = row.Token(_issuer, _server.Clock.GetUtcNow());

        var refused = await Assert.ThrowsAsync<RpcException>(async () => await _server.Customers.GetAsync(new(), KeyServer.Bearer(token)));

        Assert.Equal((StatusCode.Unauthenticated, row.Reason), (refused.StatusCode, KeyServer.Reason(refused)));
    }

    [Fact]
    public async Task A_visitors_token_is_for_its_own_user_and_nobody_else_whatever_its_roles_say()
    {
        var me = KeyServer.Bearer(_issuer.Token(_server.Clock.GetUtcNow(), t => (t.Claims["sub"], t.Claims["scope"]) = ("me", "openid visitor")));

        await _server.Events.TrackAsync(new() { Events = { Events.Good("m1", "me") } }, me);
        var answer = await _server.Decisions.NextBestActionAsync(new() { Customer = GatewayServer.User("me"), Channel = "web", Explain = Api.ExplainLevel.Full }, me);
        var other = await _server.Events.TrackAsync(new() { Events = { Events.Good("m2", "you"), Events.Good("m3", "me") } }, me);

        Assert.Equal("welcome", answer.Decision.Items[0].Action);
        Assert.Equal(0, answer.Decision.Items[0].Reasons.Count + answer.Decision.Rules.Count);
        Assert.Equal(["Rejected 0 events[0].user_id", "Applied 2"], other.Acks.Select(GatewayServer.Text));
        Assert.Equal(StatusCode.PermissionDenied, await StatusAsync(_server.Decisions.NextBestActionAsync(new() { Customer = GatewayServer.User("you") }, me)));
        Assert.Equal(StatusCode.PermissionDenied, await StatusAsync(_server.Decisions.NextBestActionAsync(new() { Customer = new() { AnonymousId = "a" } }, me)));
        Assert.Equal(StatusCode.PermissionDenied, await StatusAsync(_server.Decisions.CaptureResponseAsync(
            new() { Customer = GatewayServer.User("you"), Responses = { new Api.ActionResponse { MessageId = "r1", Action = "welcome", Outcome = Api.Outcome.Clicked } } }, me)));
        Assert.Equal(StatusCode.PermissionDenied, await StatusAsync(_server.Customers.GetAsync(new() { Customer = GatewayServer.User("me") }, me)));
    }

    [Theory]
    [InlineData("sub", "ann@shop.example")]
    [InlineData("oid", "7f3a")]
    [InlineData("missing", "")]
    [InlineData("", "")]
    public void Who_did_something_is_called_by_the_claim_that_the_operator_names(string claim, string name)
    {
        var callers = new TokenCallers(Options.Create(new TokenOptions { ActorClaim = claim }), Options.Create(new GatewayOptions()));
        Claim[] claims = [new("iss", "https://id.example"), new("sub", "ann@shop.example"), new("oid", "7f3a"), new("tenant", "default")];

        var caller = callers.Judge(new ClaimsPrincipal(new ClaimsIdentity(claims)), _server.Clock.GetUtcNow().UtcDateTime).Caller!;

        // The id tells holders apart in any case, and names nobody.
        Assert.Equal(name, caller.Name);
        Assert.Matches("^jwt-[0-9a-f]{12}$", caller.KeyId);
    }

    [Fact]
    public async Task An_issuer_that_cannot_be_asked_is_no_fault_of_the_caller()
    {
        await using var server = new KeyServer(services => services.Configure<TokenOptions>(options =>
            (options.Authority, options.Audience) = ("http://127.0.0.1:1", TestIssuer.Audience)));
        await server.InitializeAsync();

        var refused = await Assert.ThrowsAsync<RpcException>(async () => await server.Customers.GetAsync(new(), KeyServer.Bearer(_issuer.Token(server.Clock.GetUtcNow()))));

        Assert.Equal((StatusCode.Unavailable, "KEYS_UNAVAILABLE"), (refused.StatusCode, KeyServer.Reason(refused)));
    }

    [Theory]
    [InlineData("revoked")]
    [InlineData("expired")]
    public async Task A_stream_ends_with_the_credential_that_opened_it(string how)
    {
        var made = await _server.CreateAsync("watching", [Api.Scope.Decide]);
        var credential = how == "revoked" ? made.Text : _issuer.Token(_server.Clock.GetUtcNow());
        using var watch = _server.Customers.Watch(new() { Customer = GatewayServer.User(GatewayServer.NewCustomer()), Channel = "web" }, KeyServer.Bearer(credential));
        Assert.True(await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

        await _server.Store.RevokeKeyAsync("default", made.Key.Id, _server.Clock.GetUtcNow(), TestContext.Current.CancellationToken);
        _server.Clock.Advance(TimeSpan.FromMinutes(6));

        Assert.NotEqual(StatusCode.OK, await ReadToEndAsync(watch.ResponseStream));
    }

    private static async Task<StatusCode> ReadToEndAsync(IAsyncStreamReader<Api.WatchResponse> stream)
    {
        try
        {
            while (await stream.MoveNext(TestContext.Current.CancellationToken))
            {
            }

            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }

    private static string Changed(string token)
    {
        var parts = token.Split('.');
        return $"{parts[0]}.{Base64UrlEncoder.Encode(Base64UrlEncoder.Decode(parts[1]).Replace("desk", "root", StringComparison.Ordinal))}.{parts[2]}";
    }

    private static async Task<StatusCode> StatusAsync<T>(AsyncUnaryCall<T> call)
    {
        try
        {
            await call;
            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }
}

/// <summary>A gateway that takes tokens of a test's own issuer.</summary>
public sealed class TokenServer : IAsyncLifetime
{
    internal TestIssuer Issuer { get; private set; } = null!;

    internal KeyServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Issuer = await TestIssuer.StartAsync();
        Server = new KeyServer(services => services
            .Configure<AccessOptions>(options => options.KeyCacheFor = TimeSpan.FromMilliseconds(10))
            .Configure<TokenOptions>(options =>
            {
                (options.Authority, options.Audience) = (Issuer.Address, TestIssuer.Audience);
                options.Roles["desk"] = "agent";
                options.Roles["editor"] = "author";
            }));
        await Server.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Issuer.DisposeAsync();
    }
}
