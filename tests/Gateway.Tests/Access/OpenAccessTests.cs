using System.Net;
using Decisioning.Gateway.Access;
using Decisioning.Tests.Shared;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Tests.Access;

[Collection(typeof(SharedServer))]
public sealed class OpenAccessTests(GatewayServer server)
{
    private static readonly Api.ListRequest Anything = new();

    [Fact]
    public async Task Without_keys_on_loopback_a_call_without_a_credential_may_do_everything()
    {
        Assert.NotNull(await server.Customers.ListAsync(Anything));
        Assert.NotNull(await server.Strategies.GetAsync(new Api.StrategiesGetRequest()));
    }

    [Theory]
    [InlineData("authorization", "Bearer dk_aaaaaaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "KEY_UNKNOWN")]
    [InlineData("authorization", "Bearer nonsense", "CREDENTIAL_MALFORMED")]
    [InlineData("x-api-key", "nonsense", "CREDENTIAL_MALFORMED")]
    public async Task A_credential_that_is_sent_is_judged_though_access_is_open(string header, string value, string reason)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await server.Customers.ListAsync(Anything, new Metadata { { header, value } }));

        Assert.Equal((StatusCode.Unauthenticated, reason), (refused.StatusCode, Reason(refused)));
    }

    [Theory]
    [InlineData("X-Forwarded-For", "192.0.2.1")]
    [InlineData("Forwarded", "for=192.0.2.1")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Host", "rebound.example")]
    public async Task What_a_proxy_or_a_page_of_another_machine_sends_is_not_open(string header, string value)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Http1, "/no/such/page"));
        request.Headers.TryAddWithoutValidation(header, value);

        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("decide keys create", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:5001 http://localhost:5002", true)]
    [InlineData("http://[::1]:5001", true)]
    [InlineData("http://unix:/run/engine.sock", true)]
    [InlineData("http://0.0.0.0:5001", false)]
    [InlineData("http://[::]:5001", false)]
    [InlineData("http://*:5001", false)]
    [InlineData("http://127.0.0.1:5001 https://192.0.2.1:5002", false)]
    [InlineData("http://localhost.evil.example:5001", false)]
    public void Access_is_open_only_where_every_listener_is_on_loopback(string addresses, bool isOpen) =>
        Assert.Equal(isOpen, OpenAccess.IsLoopback(addresses.Split(' ')));

    [Fact]
    public async Task Where_credentials_are_required_a_call_without_one_is_refused_with_the_cure()
    {
        await using var closed = new GatewayServer(null, services => services.Configure<AccessOptions>(options => options.Mode = AccessMode.Required));
        await closed.StartAsync();

        var refused = await Assert.ThrowsAsync<RpcException>(async () => await closed.Customers.ListAsync(Anything));

        Assert.Equal((StatusCode.Unauthenticated, "CREDENTIAL_MISSING"), (refused.StatusCode, Reason(refused)));
        Assert.Equal("no credential came with the call; send `authorization: Bearer KEY` with a key of `decide keys create`", refused.Status.Detail);
    }

    private static string Reason(RpcException refused) =>
        Google.Rpc.Status.Parser.ParseFrom(refused.Trailers.GetValueBytes("grpc-status-details-bin")).Details.Single().Unpack<ErrorInfo>().Type;
}
