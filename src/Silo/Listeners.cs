using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;

namespace Decisioning.Silo;

/// <summary>Where callers reach the engine.</summary>
internal static class Listeners
{
    /// <summary>
    /// Two listeners: in the clear HTTP/2 and HTTP/1.1 cannot share a port. With a certificate both speak both, and which one a caller
    /// takes is the same.
    /// </summary>
    public static WebApplicationBuilder ListenAsSet(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ConnectionEnds>();
        builder.Services.AddOptions<KestrelServerOptions>().Configure<IOptions<SiloOptions>, TimeProvider, ILoggerFactory, ConnectionEnds>((kestrel, silo, clock, loggers, ends) =>
        {
            var options = silo.Value;
            var certificate = options.Tls.IsOn ? new TlsCertificate(options.Tls, clock, loggers.CreateLogger("Decisioning.Silo")) : null;
            Listen(kestrel, options, options.GrpcPort, HttpProtocols.Http2, certificate, ends);
            Listen(kestrel, options, options.HttpPort, HttpProtocols.Http1, certificate, ends);
        });
        return builder;
    }

    private static void Listen(KestrelServerOptions kestrel, SiloOptions options, int port, HttpProtocols cleartext, TlsCertificate? certificate, ConnectionEnds ends)
    {
        switch (options.Listen)
        {
            case SiloOptions.Loopback when port != 0:
                kestrel.ListenLocalhost(port, Configure);
                break;
            case SiloOptions.Any:
                kestrel.ListenAnyIP(port, Configure);
                break;
            default:
                kestrel.Listen(options.Address!, port, Configure);
                break;
        }

        void Configure(ListenOptions listen)
        {
            listen.Use(ends.Of);
            listen.Protocols = certificate is null ? cleartext : HttpProtocols.Http1AndHttp2;
            if (certificate is not null)
            {
                listen.UseHttps(new TlsHandshakeCallbackOptions
                {
                    OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = certificate.Current() }),
                });
            }
        }
    }
}
