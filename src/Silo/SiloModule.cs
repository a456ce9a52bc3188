using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Decisioning.Silo;

/// <summary>The parts of the host that are its own: options, addresses, health.</summary>
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

    public static WebApplicationBuilder AddStrategyFolder(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<StrategyFolderWatcher>();
        builder.Services.AddHostedService(services => services.GetRequiredService<StrategyFolderWatcher>());
        builder.Services.AddHealthChecks().AddCheck<ReadyCheck>("ready");
        return builder;
    }
}
