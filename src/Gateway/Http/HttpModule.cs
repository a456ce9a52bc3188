using Decisioning.Gateway.Http.CloudEvents;
using Decisioning.Gateway.Http.Json;
using Decisioning.Gateway.Http.Ofrep;
using Decisioning.Gateway.Http.OpenApi;
using Decisioning.Gateway.Http.Segment;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Decisioning.Gateway.Http;

/// <summary>Adds what speaks HTTP: protocols that other tools already have, and ours as JSON.</summary>
internal static class HttpModule
{
    public static IServiceCollection AddHttpApi(this IServiceCollection services)
    {
        services.AddSingleton<HttpOutcomes>();
        services.AddSingleton<RefusedEvents>();
        services.AddSingleton<SegmentEndpoints>();
        services.AddSingleton<JsonEndpoints>();
        services.AddSingleton<CloudEventEndpoints>();
        services.AddSingleton<OfrepEndpoints>();
        services.AddSingleton<KnownPlacements>();
        return services;
    }

    public static void MapHttpApi(this IEndpointRouteBuilder routes)
    {
        routes.ServiceProvider.GetRequiredService<JsonEndpoints>().Map(routes);
        routes.ServiceProvider.GetRequiredService<SegmentEndpoints>().Map(routes);
        routes.ServiceProvider.GetRequiredService<CloudEventEndpoints>().Map(routes);
        routes.ServiceProvider.GetRequiredService<OfrepEndpoints>().Map(routes);
        OpenApiEndpoint.Map(routes);
    }
}
