using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Decisioning.Gateway.Telemetry;

/// <summary>Adds what is seen of the engine from outside.</summary>
internal static class TelemetryModule
{
    // A check costs one read of a row at most; watchers of gRPC's health hear of a change within this time.
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(1);

    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<TelemetryOptions>().Bind(configuration.GetSection(TelemetryOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Measurements>();
        services.AddSingleton<RpcTelemetry>();
        services.AddHealthChecks().AddCheck<LoadCheck>("load");
        services.Configure<HealthCheckPublisherOptions>(publisher => (publisher.Delay, publisher.Period) = (CheckEvery, CheckEvery));
        return services;
    }

    /// <summary>Serves <c>/metrics</c>, and measures for it from now on.</summary>
    public static void MapMetrics(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<TelemetryOptions>>().Value.Metrics)
        {
            Measurements.Map(app, app.Services.GetRequiredService<Measurements>());
        }
    }
}
