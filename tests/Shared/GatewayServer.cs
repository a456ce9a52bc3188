using System.Net;
using System.Net.Sockets;
using Api = Decisioning.V1;
using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Gateway;
using Decisioning.Grains;
using Decisioning.Storage;
using Decisioning.Storage.Memory;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using StrategyFile = Decisioning.Contracts.Messages.StrategyFile;

namespace Decisioning.Tests.Shared;

/// <summary>The gateway on real listeners with a silo in the same host, on a store in memory.</summary>
public sealed class GatewayServer : IAsyncLifetime
{
    private readonly WebApplication _app;
    private static int _customers;

    /// <summary>For the tests that share one server.</summary>
    public GatewayServer()
        : this(null)
    {
    }

    internal GatewayServer(Action<GatewayOptions>? configure, Action<IServiceCollection>? services = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.AddMemoryStorage(Store);
        builder.Services.AddHealthChecks().AddCheck("test", () => IsReady ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("not yet"));
        builder.Services.AddDecisioningGateway(builder.Configuration);
        builder.Services.Configure<GatewayOptions>(options => configure?.Invoke(options));
        services?.Invoke(builder.Services);
        // Each server is a cluster of its own: several run at once.
        var port = FreePort();
        builder.UseOrleans(silo => silo.UseLocalhostClustering(siloPort: port, gatewayPort: 0, serviceId: "gateway-tests", clusterId: $"gateway-tests-{port}").AddDecisioningGrains());
        builder.Services.Configure<GrainsOptions>(options => options.ChangeFlushEvery = TimeSpan.FromMilliseconds(5));
        _app = builder.Build();
        _app.MapDecisioningGateway();
    }

    internal bool IsReady { get; init; } = true;

    internal TestClock Clock { get; } = new();

    internal MemoryStore Store { get; } = new();

    internal IServiceProvider Services => _app.Services;

    internal GrpcChannel Channel { get; private set; } = null!;

    private CallInvoker Calls => Channel.Intercept(new BoundedCalls());

    internal Uri Http1 { get; private set; } = null!;

    internal Uri Http2 { get; private set; } = null!;

    internal Api.Events.EventsClient Events => new(Calls);

    internal Api.Decisions.DecisionsClient Decisions => new(Calls);

    internal Api.Customers.CustomersClient Customers => new(Calls);

    internal Api.Histories.HistoriesClient Histories => new(Calls);

    internal Api.Strategies.StrategiesClient Strategies => new(Calls);

    /// <summary>A customer no other test has.</summary>
    internal static string NewCustomer(string name = "customer") => $"{name}-{Interlocked.Increment(ref _customers):0000}";

    internal static Api.CustomerIdentity User(string id) => new() { UserId = id };

    /// <summary>Starts it without a strategy.</summary>
    internal async Task StartAsync()
    {
        await _app.StartAsync();
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address)).ToArray();
        (Http2, Http1) = (addresses[0], addresses[1]);
        Channel = GrpcChannel.ForAddress(Http2);
    }

    public async ValueTask InitializeAsync()
    {
        await StartAsync();
        await PublishAsync([new StrategyFile("strategy.yaml", TestStrategies.Shop)]);
    }

    internal async Task PublishAsync(IEnumerable<StrategyFile> files)
    {
        var reply = await _app.Services.GetRequiredService<IGrainFactory>().GetGrain<IStrategyGrain>("default").PublishAsync(new PublishStrategy([.. files], ""));
        Assert.Empty(reply.Mistakes);
    }

    /// <summary>Tracks events and gives back how each ended, e.g. <c>Applied 1</c>.</summary>
    internal async Task<List<string>> TrackAsync(params Api.Event[] events)
    {
        var request = new Api.TrackRequest();
        request.Events.AddRange(events);
        return [.. (await Events.TrackAsync(request)).Acks.Select(Text)];
    }

    internal static string Text(Api.EventAck ack) => $"{ack.Status} {ack.Sequence}{string.Concat(ack.Violations.Select(v => " " + v.Field))}";

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    public async ValueTask DisposeAsync()
    {
        Channel?.Dispose();
        await _app.DisposeAsync();
    }
}

/// <summary>Tests that share one server.</summary>
[CollectionDefinition]
public sealed class SharedServer : ICollectionFixture<GatewayServer>;
