using System.Net;
using System.Net.Sockets;
using Decisioning.Grains;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Orleans.Hosting;

namespace Decisioning.Silo;

/// <summary>The parts of the host that are its own: options, addresses, cluster, health.</summary>
internal static class SiloModule
{
    public static WebApplicationBuilder AddSiloOptions(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<SiloOptions>().BindConfiguration(SiloOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<SiloOptions>, SiloOptionsValidator>();
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<SiloOptions>>((host, silo) => host.ShutdownTimeout = silo.Value.StopWaitMax);
        return builder;
    }

    /// <summary>Two loopback listeners: without TLS, HTTP/2 and HTTP/1.1 cannot share a port.</summary>
    public static WebApplicationBuilder ListenOnLoopback(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<KestrelServerOptions>().Configure<IOptions<SiloOptions>>((kestrel, silo) =>
        {
            Listen(kestrel, silo.Value.GrpcPort, HttpProtocols.Http2);
            Listen(kestrel, silo.Value.HttpPort, HttpProtocols.Http1);
        });
        return builder;

        static void Listen(KestrelServerOptions kestrel, int port, HttpProtocols protocols)
        {
            if (port == 0)
            {
                kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols);
            }
            else
            {
                kestrel.ListenLocalhost(port, listen => listen.Protocols = protocols);
            }
        }
    }

    /// <summary>A cluster of its own for every engine: its ids hold its port, so that two engines on one host never meet.</summary>
    public static WebApplicationBuilder UseOwnCluster(this WebApplicationBuilder builder)
    {
        var options = builder.Configuration.GetSection(SiloOptions.Section).Get<SiloOptions>() ?? new SiloOptions();
        var port = options.ClusterPort == 0 ? FreePort() : options.ClusterPort;
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(siloPort: port, gatewayPort: 0, serviceId: "decisioning", clusterId: $"decisioning-{port}")
            .AddDecisioningGrains());
        return builder;
    }

    public static WebApplicationBuilder AddStrategyFolder(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<StrategyFolderWatcher>();
        builder.Services.AddHostedService(services => services.GetRequiredService<StrategyFolderWatcher>());
        builder.Services.AddHealthChecks().AddCheck<ReadyCheck>("ready");
        return builder;
    }

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
