using System.Net;
using Decisioning.Engine.Access;
using Decisioning.Gateway.Access;
using Decisioning.Gateway.Tests.Support;
using Decisioning.Tests.Shared;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Tests.Access;

/// <summary>Who tries credentials out is slowed down, and nobody else.</summary>
public sealed class FailedCredentialTests
{
    private const int Burst = 5;
    private const string TooOften = "CREDENTIALS_TOO_OFTEN";

    [Fact]
    public async Task Keys_tried_out_are_refused_with_a_delay_after_which_the_next_is_looked_at_again()
    {
        await using var server = await ServerAsync();
        var told = new List<string>();
        RpcException last = null!;
        for (var i = 0; i < Burst + 2; i++)
        {
            last = await RefusedAsync(server, KeyServer.Bearer(Made(i)));
            told.Add(KeyServer.Reason(last));
        }

        Assert.Equal([.. Enumerable.Repeat("KEY_UNKNOWN", Burst), TooOften, TooOften], told);
        Assert.Equal(StatusCode.ResourceExhausted, last.StatusCode);
        Assert.True(Google.Rpc.Status.Parser.ParseFrom(last.Trailers.GetValueBytes("grpc-status-details-bin")).Details[1].TryUnpack<RetryInfo>(out var retry));

        server.Clock.Advance(retry.RetryDelay.ToTimeSpan());
        Assert.Equal("KEY_UNKNOWN", KeyServer.Reason(await RefusedAsync(server, KeyServer.Bearer(Made(100)))));
        Assert.Equal(TooOften, KeyServer.Reason(await RefusedAsync(server, KeyServer.Bearer(Made(101)))));
    }

    [Fact]
    public async Task Keys_known_to_be_good_are_taken_from_an_address_that_tries_others_out_and_new_ones_when_it_rests()
    {
        await using var server = await ServerAsync();
        var fresh = KeyServer.Bearer((await server.CreateAsync("fresh", [Api.Scope.Admin])).Text);
        for (var i = 0; i < Burst; i++)
        {
            await RefusedAsync(server, KeyServer.Bearer(Made(i)));
        }

        Assert.NotEmpty((await server.Keys.ListAsync(new(), server.Admin)).Keys);
        Assert.Equal(TooOften, KeyServer.Reason(await RefusedAsync(server, fresh)));

        server.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotEmpty((await server.Keys.ListAsync(new(), fresh)).Keys);
    }

    [Fact]
    public async Task A_wrong_secret_of_a_known_key_counts_and_the_right_one_goes_on()
    {
        await using var server = await ServerAsync();
        await server.Keys.ListAsync(new(), server.Admin);
        var wrong = KeyServer.Bearer(server.AdminText[..16] + Made(1)[16..]);

        var told = new List<string>();
        for (var i = 0; i <= Burst; i++)
        {
            told.Add(KeyServer.Reason(await RefusedAsync(server, wrong)));
        }

        Assert.Equal([.. Enumerable.Repeat("KEY_UNKNOWN", Burst), TooOften], told);
        Assert.NotEmpty((await server.Keys.ListAsync(new(), server.Admin)).Keys);
    }

    [Fact]
    public async Task Credentials_that_nobody_tries_out_spend_nothing_however_often_they_are_refused()
    {
        await using var server = await ServerAsync();
        var (revoked, expired, elsewhere) = (
            await server.CreateAsync("revoked", [Api.Scope.Admin]),
            await server.CreateAsync("expired", [Api.Scope.Admin], key => key.ExpiresAt = (server.Clock.GetUtcNow() + TimeSpan.FromMinutes(1)).ToTimestamp()),
            await server.CreateAsync("elsewhere", [Api.Scope.Admin], key => key.Origins.Add("https://shop.example")));
        await server.Keys.RevokeAsync(new() { Id = revoked.Key.Id }, server.Admin);
        server.Clock.Advance(TimeSpan.FromMinutes(2));

        foreach (var (reason, credential) in new[]
        {
            ("CREDENTIAL_MALFORMED", "nonsense"), ("KEY_REVOKED", revoked.Text), ("KEY_EXPIRED", expired.Text), ("ORIGIN_NOT_ALLOWED", elsewhere.Text),
        })
        {
            for (var i = 0; i <= Burst; i++)
            {
                Assert.Equal(reason, KeyServer.Reason(await RefusedAsync(server, [.. KeyServer.Bearer(credential), new("origin", "https://else.example")])));
            }
        }

        Assert.Equal("KEY_UNKNOWN", KeyServer.Reason(await RefusedAsync(server, KeyServer.Bearer(Made(1)))));
    }

    [Fact]
    public async Task Callers_behind_a_trusted_proxy_have_their_own_addresses_and_cannot_choose_them()
    {
        await using var server = await ServerAsync(access => access.Proxies.Add("127.0.0.0/8"));
        using var http = new HttpClient { BaseAddress = server.Http1 };
        for (var i = 0; i < Burst; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(http, Made(i), $"198.51.100.{i}, 203.0.113.9"));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await AskAsync(http, Made(50), "198.51.100.77, 203.0.113.9"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await AskAsync(http, Made(51), "203.0.113.9, 127.0.0.2"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await AskAsync(http, Made(53), "203.0.113.9:50123"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await AskAsync(http, Made(54), "203.0.113.9:50123, [::ffff:127.0.0.2]:443"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(http, Made(52), Elsewhere(i => $"203.0.113.{i}")));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(http, Made(55), $"[{Elsewhere(i => $"2001:db8:0:{i:x}::9")}]:50123"));

        // One of 4,096 shares its row with another, a different one in each run.
        static string Elsewhere(Func<int, string> address) =>
            Enumerable.Range(10, 100).Select(address).First(other => FailedCredentials.RowOf(IPAddress.Parse(other)) != FailedCredentials.RowOf(IPAddress.Parse("203.0.113.9")));
    }

    [Fact]
    public async Task An_address_that_good_credentials_and_too_many_bad_ones_come_from_is_told_of_now_and_then_with_the_setting()
    {
        var log = new KeptLog();
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = new KeyServer(services =>
        {
            Configure(services, null);
            services.Configure<TokenOptions>(token => (token.Authority, token.Audience, token.Roles["desk"]) = (issuer.Address, TestIssuer.Audience, "admin"));
            services.AddSingleton<ILoggerProvider>(log);
        });
        await server.InitializeAsync();
        var token = KeyServer.Bearer(issuer.Token(server.Clock.GetUtcNow(), made => made.Expires = server.Clock.GetUtcNow().AddDays(1).UtcDateTime));
        await server.Keys.ListAsync(new(), token);
        await server.Keys.ListAsync(new(), server.Admin);
        Assert.Equal(0, Warnings());

        foreach (var (credential, warnings) in new[] { (token, 1), (server.Admin, 2) })
        {
            for (var i = 0; i <= Burst; i++)
            {
                await RefusedAsync(server, KeyServer.Bearer(Made(i)));
            }

            // Once, however many come.
            await server.Keys.ListAsync(new(), credential);
            await server.Keys.ListAsync(new(), credential);
            Assert.Equal(warnings, Warnings());
            server.Clock.Advance(TimeSpan.FromMinutes(5));
            await server.Keys.ListAsync(new(), credential);
            Assert.Equal(warnings, Warnings());
        }

        int Warnings() => log.Lines.Count(line => line.Contains("`Decisioning:Access:Proxies`", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tokens_that_prove_nothing_count_and_one_that_was_good_goes_on()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = new KeyServer(services =>
        {
            Configure(services, null);
            services.Configure<TokenOptions>(token => (token.Authority, token.Audience, token.Roles["desk"]) = (issuer.Address, TestIssuer.Audience, "admin"));
        });
        await server.InitializeAsync();
        var good = KeyServer.Bearer(issuer.Token(server.Clock.GetUtcNow()));
        await server.Keys.ListAsync(new(), good);
        var forged = KeyServer.Bearer(issuer.Token(server.Clock.GetUtcNow(), token => token.SigningCredentials = issuer.Forged));

        var told = new List<string>();
        for (var i = 0; i <= Burst; i++)
        {
            told.Add(KeyServer.Reason(await RefusedAsync(server, forged)));
        }

        Assert.Equal([.. Enumerable.Repeat("TOKEN_INVALID", Burst), TooOften], told);
        Assert.NotEmpty((await server.Keys.ListAsync(new(), good)).Keys);
    }

    private static async Task<KeyServer> ServerAsync(Action<AccessOptions>? configure = null)
    {
        var server = new KeyServer(services => Configure(services, configure));
        await server.InitializeAsync();
        await server.Keys.ListAsync(new(), server.Admin);
        return server;
    }

    // The clock stands still unless it is moved: what is spent stays spent.
    private static void Configure(IServiceCollection services, Action<AccessOptions>? configure) => services.Configure<AccessOptions>(access =>
    {
        (access.FailuresPerAddressPerSecond, access.FailuresPerAddressBurst) = (1, Burst);
        configure?.Invoke(access);
    });

    private static string Made(int number)
    {
        var random = new byte[KeyText.RandomBytes];
        new Random(number).NextBytes(random);
        return KeyText.Make(random).Text;
    }

    private static Task<RpcException> RefusedAsync(KeyServer server, Metadata credential) =>
        Assert.ThrowsAsync<RpcException>(async () => await server.Keys.ListAsync(new(), credential));

    private static async Task<HttpStatusCode> AskAsync(HttpClient http, string key, string forwardedFor)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/customers") { Headers = { { "x-api-key", key }, { "X-Forwarded-For", forwardedFor } } };
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
