using Decisioning.Gateway;
using Decisioning.Grains.Strategies;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Decisioning.Silo;

/// <summary>Ready means: started, not stopping, and a strategy is in force.</summary>
internal sealed class ReadyCheck(StrategyCatalog strategies, IOptions<GatewayOptions> gateway, IHostApplicationLifetime lifetime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var tenant = gateway.Value.Tenant;
        var result = !lifetime.ApplicationStarted.IsCancellationRequested ? HealthCheckResult.Unhealthy("starting")
            : lifetime.ApplicationStopping.IsCancellationRequested ? HealthCheckResult.Unhealthy("stopping")
            : strategies.Of(tenant).Current is null ? HealthCheckResult.Unhealthy($"no strategy is in force for tenant `{tenant}`")
            : HealthCheckResult.Healthy();
        return Task.FromResult(result);
    }
}
