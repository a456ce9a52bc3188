using System.Net;
using Decisioning.Gateway.Tests.Support;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;
using Grpc.Reflection.V1;
using Api = Decisioning.V1;
using Decisioning.Tests.Shared;

namespace Decisioning.Gateway.Tests.Services;

[Collection(typeof(SharedServer))]
public sealed class ProtocolTests(GatewayServer server)
{
    [Fact]
    public async Task Reflection_lists_all_services()
    {
        using var call = new ServerReflection.ServerReflectionClient(server.Channel).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" });
        Assert.True(await call.ResponseStream.MoveNext());
        var names = call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name).ToList();
        Assert.All(["decisioning.v1.Events", "decisioning.v1.Decisions", "decisioning.v1.Customers", "decisioning.v1.Strategies", "grpc.health.v1.Health"], name => Assert.Contains(name, names));
    }

    [Theory]
    [InlineData(true, HttpStatusCode.OK, HealthCheckResponse.Types.ServingStatus.Serving)]
    [InlineData(false, HttpStatusCode.ServiceUnavailable, HealthCheckResponse.Types.ServingStatus.NotServing)]
    public async Task Health_says_alive_at_once_and_ready_only_when_all_it_stands_on_is(bool isReady, HttpStatusCode ready, HealthCheckResponse.Types.ServingStatus serving)
    {
        await using var own = new GatewayServer(null) { IsReady = isReady };
        await own.StartAsync();
        using var http = new HttpClient { BaseAddress = own.Http1 };
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/healthz", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(ready, (await http.GetAsync("/readyz", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(serving, (await new Health.HealthClient(own.Channel).CheckAsync(new HealthCheckRequest())).Status);
    }

    [Theory]
    [InlineData(GrpcWebMode.GrpcWeb)]
    [InlineData(GrpcWebMode.GrpcWebText)]
    public async Task A_browser_tracks_and_asks_over_grpc_web(GrpcWebMode mode)
    {
        using var channel = GrpcChannel.ForAddress(server.Http1, new GrpcChannelOptions { HttpHandler = new GrpcWebHandler(mode, new SocketsHttpHandler()), HttpVersion = HttpVersion.Version11 });
        var user = GatewayServer.NewCustomer("web");
        var question = new Api.NextBestActionRequest { Customer = GatewayServer.User(user), Channel = "web", Events = { Events.Good("m1", user) } };
        Assert.Equal("welcome", (await new Api.Decisions.DecisionsClient(channel).NextBestActionAsync(question)).Decision.Items[0].Action);
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await new Api.Events.EventsClient(channel).TrackAsync(new Api.TrackRequest()));
        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
    }
}
