using System.Net;
using Decisioning.Test.V1;
using Grpc.AspNetCore.Server;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Decisioning.Packages.Grpc.Tests;

/// <summary>The echo service on loopback: HTTP/2 in cleartext on one port, HTTP/1.1 on another.</summary>
public sealed class EchoServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EchoServer(WebApplication app)
    {
        _app = app;
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        Address = new Uri(addresses[0]);
        Http1Address = new Uri(addresses[1]);
        Channel = GrpcChannel.ForAddress(Address);
        Client = new Echo.EchoClient(Channel);
    }

    /// <summary>Whether the packages under test are those of fallback/; for the few places where it is stricter.</summary>
    public static bool IsFallback { get; } = typeof(GrpcServiceOptions).Assembly.GetName().Name == "Grpc.AspNetCore";

    public Uri Address { get; }

    public Uri Http1Address { get; }

    public GrpcChannel Channel { get; }

    public Echo.EchoClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<EchoServer> StartAsync(
        Action<GrpcServiceOptions>? options = null, Action<WebApplicationBuilder>? build = null, Action<WebApplication>? map = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddGrpc(options ?? (_ => { }));
        build?.Invoke(builder);
        var app = builder.Build();
        if (map is null)
        {
            app.MapGrpcService<EchoService>();
        }
        else
        {
            map(app);
        }

        await app.StartAsync();
        return new EchoServer(app);
    }

    public Echo.EchoClient ClientWith(GrpcChannelOptions options) => new(GrpcChannel.ForAddress(Address, options));

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await _app.DisposeAsync();
    }
}

/// <summary>One server with default options for all tests of a class.</summary>
public sealed class EchoFixture : IAsyncLifetime
{
    public EchoServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await EchoServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
