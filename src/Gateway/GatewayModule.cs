using System.IO.Compression;
using Decisioning.Contracts;
using Decisioning.Gateway.Access;
using Decisioning.Gateway.Http;
using Decisioning.Gateway.Http.OpenApi;
using Decisioning.Gateway.Privacy;
using Decisioning.Gateway.Services;
using Decisioning.Gateway.Telemetry;
using Decisioning.Gateway.Throttling;
using Grpc.AspNetCore.Web;
using Grpc.Net.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Decisioning.Gateway;

/// <summary>Adds the gateway to a host.</summary>
public static class GatewayModule
{
    /// <summary>Bytes of one message of gRPC at most.</summary>
    internal const int MessageBytesMax = 16 * 1024 * 1024;

    /// <summary>Registers the gateway; needs an Orleans client or silo in the same host, and health checks of what it stands on.</summary>
    public static IServiceCollection AddDecisioningGateway(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<GatewayOptions>().Bind(configuration.GetSection(GatewayOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddAccess(configuration);
        services.AddThrottling(configuration);
        services.AddTelemetry(configuration);
        services.TryAddSingleton(typeof(GrainReferences<>));
        services.AddSingleton<CustomerGrains>();
        services.AddSingleton<CustomerWatch>();
        services.AddSingleton<CustomerIdentities>();
        services.AddSingleton<CustomerErasure>();
        services.AddSingleton<CustomerPrivacy>();
        services.AddSingleton<OutcomeInterceptor>();
        services.AddSingleton<UnreadableMessages>();

        // One of each: they keep nothing, and what speaks HTTP asks them too.
        services.AddSingleton<EventsService>();
        services.AddSingleton<DecisionsService>();
        services.AddSingleton<CustomersService>();
        services.AddHttpApi();
        services.AddGrpc(grpc =>
        {
            grpc.Interceptors.Add<StreamGuard>();
            grpc.Interceptors.Add<OutcomeInterceptor>();

            // 500 events of 32 KB each, or 60 of the largest; a call with more is refused before it is read.
            grpc.MaxReceiveMessageSize = MessageBytesMax;
            grpc.CompressionProviders =
            [
                new LimitedCompression(new GzipCompressionProvider(CompressionLevel.Fastest), MessageBytesMax),
                new LimitedCompression(new DeflateCompressionProvider(CompressionLevel.Fastest), MessageBytesMax),
            ];
            grpc.EnableDetailedErrors = false;
        });
        services.AddGrpcReflection();
        services.AddGrpcHealthChecks();
        return services;
    }

    /// <summary>Maps the services, health and reflection.</summary>
    public static IEndpointRouteBuilder MapDecisioningGateway(this WebApplication app)
    {
        app.UseBodyLimits();
        app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
        app.UseMiddleware<RpcTelemetry>();
        app.UseMiddleware<UnreadableMessages>();
        app.UseAuthentication();
        app.UseMiddleware<CrossOrigin>();
        app.UseAuthorization();
        app.UseCallLimits();
        app.MapGrpcService<EventsService>();
        app.MapGrpcService<DecisionsService>();
        app.MapGrpcService<CustomersService>();
        app.MapGrpcService<StrategiesService>();
        app.MapGrpcService<HistoriesService>();
        app.MapGrpcService<KeysService>();
        app.MapGrpcService<AuditsService>();
        app.MapHttpApi();
        app.MapGrpcReflectionService().RequireAuthorization();
        app.MapGrpcHealthChecksService().AllowAnonymous();

        // Alive as long as it answers at all; ready only when what it stands on is.
        app.MapHealthChecks("/healthz", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous()
            .WithMetadata(new RouteText("Operation", "Answers as long as the engine does."));
        app.MapHealthChecks("/readyz", new HealthCheckOptions { ResponseWriter = Readiness.WriteAsync }).AllowAnonymous()
            .WithMetadata(new RouteText("Operation", "Says whether the engine has all that it stands on."));
        app.MapMetrics();
        return app;
    }
}
