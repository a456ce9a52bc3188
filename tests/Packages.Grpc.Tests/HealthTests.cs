using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Decisioning.Packages.Grpc.Tests;

public sealed class HealthTests : IAsyncLifetime
{
    private EchoServer _server = null!;
    private Health.HealthClient _client = null!;
    private HealthCheckResult _store = HealthCheckResult.Healthy();

    public async ValueTask InitializeAsync()
    {
        _server = await EchoServer.StartAsync(
            build: builder =>
            {
                builder.Services
                    .AddGrpcHealthChecks(options => options.Services.Map("orders", check => check.Tags.Contains("store")))
                    .AddCheck("store", () => _store, ["store"])
                    .AddCheck("self", () => HealthCheckResult.Healthy());
                builder.Services.Configure<HealthCheckPublisherOptions>(options =>
                {
                    options.Delay = TimeSpan.Zero;
                    options.Period = TimeSpan.FromSeconds(1);
                });
            },
            map: app =>
            {
                app.MapGrpcService<EchoService>();
                app.MapGrpcHealthChecksService();
            });
        _client = new Health.HealthClient(_server.Channel);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData("orders")]
    public async Task Check_says_what_the_health_checks_say(string service)
    {
        Assert.Equal(ServingStatus.Serving, await CheckAsync(service));
        _store = HealthCheckResult.Degraded();
        Assert.Equal(ServingStatus.Serving, await CheckAsync(service));
        _store = HealthCheckResult.Unhealthy("gone");
        Assert.Equal(ServingStatus.NotServing, await CheckAsync(service));
    }

    [Fact]
    public async Task Check_of_an_unknown_service_is_not_found()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => CheckAsync("nobody"));
        Assert.Equal(StatusCode.NotFound, error.StatusCode);
    }

    [Fact]
    public async Task Watch_says_the_status_now_and_each_change()
    {
        using var patience = new CancellationTokenSource(Limits.Patience);
        using var call = _client.Watch(new HealthCheckRequest { Service = "orders" });
        Assert.Equal(ServingStatus.Serving, await NextOtherThanAsync(call, null, patience.Token));
        _store = HealthCheckResult.Unhealthy();
        Assert.Equal(ServingStatus.NotServing, await NextOtherThanAsync(call, ServingStatus.Serving, patience.Token));
        _store = HealthCheckResult.Healthy();
        Assert.Equal(ServingStatus.Serving, await NextOtherThanAsync(call, ServingStatus.NotServing, patience.Token));
    }

    [Fact]
    public async Task Watch_of_an_unknown_service_says_so_and_stays()
    {
        using var call = _client.Watch(new HealthCheckRequest { Service = "nobody" });
        Assert.True(await call.ResponseStream.MoveNext());
        Assert.Equal(ServingStatus.ServiceUnknown, call.ResponseStream.Current.Status);
        Assert.False(call.ResponseStream.MoveNext().IsCompleted);
    }

    [Fact]
    public async Task Watch_ends_with_not_serving_when_the_application_stops()
    {
        using var patience = new CancellationTokenSource(Limits.Patience);
        using var call = _client.Watch(new HealthCheckRequest());
        Assert.Equal(ServingStatus.Serving, await NextOtherThanAsync(call, null, patience.Token));
        _server.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        Assert.Equal(ServingStatus.NotServing, await NextOtherThanAsync(call, ServingStatus.Serving, patience.Token));
        Assert.False(await call.ResponseStream.MoveNext(patience.Token));
    }

    private static async Task<ServingStatus> NextOtherThanAsync(
        AsyncServerStreamingCall<HealthCheckResponse> call, ServingStatus? last, CancellationToken patience)
    {
        do
        {
            Assert.True(await call.ResponseStream.MoveNext(patience));
        }
        while (call.ResponseStream.Current.Status == last);
        return call.ResponseStream.Current.Status;
    }

    private async Task<ServingStatus> CheckAsync(string service) =>
        (await _client.CheckAsync(new HealthCheckRequest { Service = service })).Status;
}
