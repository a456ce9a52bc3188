using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Decisioning.Engine.Access;
using Decisioning.Gateway.Access;
using Decisioning.Gateway.Tests.Support;
using Decisioning.Tests.Shared;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Tests.Access;

/// <summary>Keys from making to revoking, and everything that is refused. One server of its own, where keys exist.</summary>
public sealed class KeyTests(KeyServer server) : IClassFixture<KeyServer>
{
    [Fact]
    public async Task As_soon_as_a_key_exists_a_call_without_one_is_refused()
    {
        var refused = await RefusedAsync(() => server.Customers.ListAsync(new()));

        Assert.Equal((StatusCode.Unauthenticated, "CREDENTIAL_MISSING"), refused);
    }

    [Fact]
    public async Task A_key_is_shown_once_and_kept_without_its_secret()
    {
        var made = await server.CreateAsync("shown once", [Api.Scope.Track]);
        var kept = Assert.Single((await server.Keys.ListAsync(new(), server.Admin)).Keys, key => key.Id == made.Key.Id);

        Assert.Equal(made.Key, kept);
        Assert.Equal($"dk_{made.Key.Id}_", made.Text[..16]);
        Assert.Equal(59, made.Text.Length);
        var stored = await server.Store.FindKeyAsync(made.Key.Id, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(made.Text[16..], $"{stored}", StringComparison.Ordinal);
        Assert.Equal(64, stored!.SecretHash.Length);
    }

    [Theory]
    [InlineData("bearer")]
    [InlineData("x-api-key")]
    [InlineData("basic")]
    public async Task A_key_is_taken_in_every_header_that_clients_send_it_in(string how)
    {
        var text = (await server.CreateAsync(how, [Api.Scope.Admin])).Text;
        var headers = how switch
        {
            "bearer" => new Metadata { { "authorization", "bearer " + text } },
            "basic" => new Metadata { { "authorization", "Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes(text + ":")) } },
            _ => new Metadata { { "x-api-key", text } },
        };

        Assert.NotEmpty((await server.Keys.ListAsync(new(), headers)).Keys);
    }

    public static TheoryData<string, string> Malformed => new()
    {
        { "authorization", "Bearer dk_" },
        { "authorization", "Bearer dk_AAAAAAAAAAAA_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
        { "authorization", "Bearer dk_aaaaaaaaaaaa-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
        { "authorization", "Bearer dk_aaaaaaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=" },
        { "authorization", "Bearer dk_aaaaaaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
        { "authorization", "Bearer dk_../../../../_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
        { "authorization", "Bearer dk_aaaaaaaaaaaa_' OR '1'='1' -- aaaaaaaaaaaaaaaaaaaaaaa" },
        { "authorization", "Bearer " + new string('a', 16_000) },
        { "authorization", "Basic " + new string('a', 16_000) },
        { "authorization", "Basic !!!!" },
        { "authorization", "Basic " },
        { "authorization", "Basic ZGtfAA==" },
        { "authorization", "Digest username=\"x\"" },
        { "authorization", "dk_aaaaaaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
        { "authorization", "Bearer" },
        { "x-api-key", " " },
        { "x-api-key", new string('k', 16_000) },
    };

    [Theory, MemberData(nameof(Malformed))]
    public async Task What_cannot_be_a_key_is_refused_whatever_it_is(string header, string value)
    {
        Assert.Equal((StatusCode.Unauthenticated, "CREDENTIAL_MALFORMED"), await RefusedAsync(() => server.Customers.ListAsync(new(), new Metadata { { header, value } })));
    }

    [Theory]
    [InlineData("\u00e9\u00e9\u00e9")]
    [InlineData("\u05d0\u202e\U0001f511")]
    public async Task A_credential_that_is_not_ascii_is_refused(string text)
    {
        using var http = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Http1, "/anything"));
        request.Headers.TryAddWithoutValidation("authorization", "Bearer dk_" + text);

        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Two_credentials_are_refused_though_both_are_good()
    {
        Assert.Equal(
            (StatusCode.Unauthenticated, "CREDENTIAL_MALFORMED"),
            await RefusedAsync(() => server.Customers.ListAsync(new(), new Metadata { server.Admin[0], new Metadata.Entry("x-api-key", server.AdminText) })));
    }

    [Fact]
    public async Task An_unknown_key_and_a_wrong_secret_are_told_alike()
    {
        var (text, _, _) = KeyText.Make(Enumerable.Repeat((byte)7, KeyText.RandomBytes).ToArray());
        var wrong = server.AdminText[..16] + text[16..];

        var answers = new List<RpcException>();
        foreach (var key in (string[])[text, wrong])
        {
            answers.Add(await Assert.ThrowsAsync<RpcException>(async () => await server.Customers.ListAsync(new(), Bearer(key))));
        }

        Assert.Equal([StatusCode.Unauthenticated, StatusCode.Unauthenticated], answers.Select(answer => answer.StatusCode));
        Assert.Equal(answers[0].Status.Detail, answers[1].Status.Detail);
    }

    [Fact]
    public async Task A_key_ends_when_it_expires_and_when_it_is_revoked()
    {
        await using var own = new KeyServer();
        await own.InitializeAsync();
        var made = await own.CreateAsync("short", [Api.Scope.Admin], key => key.ExpiresAt = (own.Clock.GetUtcNow() + TimeSpan.FromMinutes(1)).ToTimestamp());
        var revoked = await own.CreateAsync("revoked", [Api.Scope.Admin]);
        await own.Customers.ListAsync(new(), Bearer(made.Text));
        await own.Customers.ListAsync(new(), Bearer(revoked.Text));

        var answer = await own.Keys.RevokeAsync(new() { Id = revoked.Key.Id }, own.Admin);
        own.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(own.Clock.GetUtcNow() - TimeSpan.FromMinutes(1), answer.Key.RevokedAt.ToDateTimeOffset());
        Assert.Equal((StatusCode.Unauthenticated, "KEY_EXPIRED"), await RefusedAsync(() => own.Customers.ListAsync(new(), Bearer(made.Text))));
        Assert.Equal((StatusCode.Unauthenticated, "KEY_REVOKED"), await RefusedAsync(() => own.Customers.ListAsync(new(), Bearer(revoked.Text))));
    }

    [Fact]
    public async Task A_key_that_another_engine_revokes_ends_within_five_seconds()
    {
        await using var own = new KeyServer();
        await own.InitializeAsync();
        var made = await own.CreateAsync("elsewhere", [Api.Scope.Admin]);
        await own.Customers.ListAsync(new(), Bearer(made.Text));

        await own.Store.RevokeKeyAsync("default", made.Key.Id, own.Clock.GetUtcNow(), TestContext.Current.CancellationToken);
        own.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal((StatusCode.Unauthenticated, "KEY_REVOKED"), await RefusedAsync(() => own.Customers.ListAsync(new(), Bearer(made.Text))));
    }

    [Theory]
    [InlineData(Api.Scope.Track, "Events/Track Decisions/CaptureResponse")]
    [InlineData(Api.Scope.Decide, "Decisions/NextBestAction")]
    [InlineData(Api.Scope.Agent, "Events/Track Decisions/CaptureResponse Decisions/NextBestAction Customers/Get")]
    [InlineData(Api.Scope.Author, "Strategies/Get Strategies/Publish Histories/StateAt")]
    [InlineData(Api.Scope.Admin, "Events/Track Decisions/CaptureResponse Decisions/NextBestAction Customers/Get Customers/List Strategies/Get Strategies/Publish Histories/StateAt Keys/Create Keys/List Keys/Revoke Audits/List")]
    public async Task A_scope_opens_its_methods_and_no_other(Api.Scope scope, string open)
    {
        var headers = Bearer((await server.CreateAsync($"{scope}", [scope])).Text);
        var opened = new List<string>();

        foreach (var (method, call) in Calls(headers))
        {
            var answered = await RefusedAsync(call);
            if (answered.Status == StatusCode.PermissionDenied)
            {
                Assert.Equal("SCOPE_MISSING", answered.Reason);
            }
            else
            {
                opened.Add(method);
            }
        }

        Assert.Equal(open.Split(' ').Order(), opened.Order());
    }

    [Fact]
    public async Task Events_in_a_question_need_the_scope_to_send_events()
    {
        var headers = Bearer((await server.CreateAsync("asks", [Api.Scope.Decide])).Text);
        var customer = GatewayServer.NewCustomer();
        var question = new Api.NextBestActionRequest { Customer = GatewayServer.User(customer), Events = { Events.Good("m1", customer) } };

        Assert.Equal((StatusCode.PermissionDenied, "SCOPE_MISSING"), await RefusedAsync(() => server.Decisions.NextBestActionAsync(question, headers)));
    }

    [Theory]
    [InlineData("", "track", false, "name")]
    [InlineData("x", "", false, "scopes")]
    [InlineData("x", "track agent", true, "scopes")]
    [InlineData("x", "track", true, "origins", "https://shop.example/path")]
    [InlineData("x", "track", true, "no origin", "shop.example")]
    [InlineData("x", "track", true, "no origin", "javascript:alert(1)")]
    public async Task A_key_that_would_not_do_is_refused_with_the_cure(string name, string scopes, bool isPublic, string said, params string[] origins)
    {
        var request = new Api.KeysCreateRequest { Name = name, IsPublic = isPublic };
        request.Scopes.AddRange(scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(scope => System.Enum.Parse<Api.Scope>(scope, ignoreCase: true)));
        request.Origins.AddRange(origins);

        var refused = await Assert.ThrowsAsync<RpcException>(async () => await server.Keys.CreateAsync(request, server.Admin));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains(said == "origins" ? "no origin" : said, refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_done_with_authority_is_written_down_in_a_chain()
    {
        await using var own = new KeyServer();
        await own.InitializeAsync();
        var made = await own.CreateAsync("audited", [Api.Scope.Track]);
        await own.Keys.RevokeAsync(new() { Id = made.Key.Id }, own.Admin);
        await own.Keys.RevokeAsync(new() { Id = made.Key.Id }, own.Admin);
        await own.Strategies.PublishAsync(new() { Source = new() { Files = { new Api.StrategyFile { Path = "strategy.yaml", Text = TestStrategies.Shop + "\n" } } } }, own.Admin);

        var rows = await new Api.Audits.AuditsClient(own.Channel).ListAsync(new() { After = 1 }, own.Admin);

        Assert.Equal(
            [("key.create", made.Key.Id), ("key.revoke", made.Key.Id), ("strategy.publish", "version 2")],
            rows.Entries.Select(entry => (entry.Action, entry.Subject)));
        Assert.All(rows.Entries, entry => Assert.Equal(own.AdminText.Substring(3, 12), entry.Actor));
    }

    private List<(string Method, Func<Task> Call)> Calls(Metadata headers) =>
    [
        ("Events/Track", () => server.Events.TrackAsync(new(), headers).ResponseAsync),
        ("Decisions/CaptureResponse", () => server.Decisions.CaptureResponseAsync(new(), headers).ResponseAsync),
        ("Decisions/NextBestAction", () => server.Decisions.NextBestActionAsync(new(), headers).ResponseAsync),
        ("Customers/Get", () => server.Customers.GetAsync(new(), headers).ResponseAsync),
        ("Customers/List", () => server.Customers.ListAsync(new(), headers).ResponseAsync),
        ("Strategies/Get", () => server.Strategies.GetAsync(new(), headers).ResponseAsync),
        ("Strategies/Publish", () => server.Strategies.PublishAsync(new(), headers).ResponseAsync),
        ("Histories/StateAt", () => server.Histories.StateAtAsync(new(), headers).ResponseAsync),
        ("Keys/Create", () => server.Keys.CreateAsync(new(), headers).ResponseAsync),
        ("Keys/List", () => server.Keys.ListAsync(new(), headers).ResponseAsync),
        ("Keys/Revoke", () => server.Keys.RevokeAsync(new(), headers).ResponseAsync),
        ("Audits/List", () => new Api.Audits.AuditsClient(server.Channel).ListAsync(new(), headers).ResponseAsync),
    ];

    private static Metadata Bearer(string key) => KeyServer.Bearer(key);

    private static Task<(StatusCode Status, string Reason)> RefusedAsync<T>(Func<AsyncUnaryCall<T>> call) => RefusedAsync(() => (Task)call().ResponseAsync);

    private static async Task<(StatusCode Status, string Reason)> RefusedAsync(Func<Task> call)
    {
        try
        {
            await call();
            return (StatusCode.OK, "");
        }
        catch (RpcException e)
        {
            return (e.StatusCode, KeyServer.Reason(e));
        }
    }
}
