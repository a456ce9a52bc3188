using Decisioning.Gateway;
using Decisioning.Grains.Strategies;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Decisioning.Silo;

/// <summary>A strategy is in force for the engine's own tenant.</summary>
internal sealed class StrategyCheck(StrategyCatalog strategies, IOptions<GatewayOptions> gateway) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(strategies.Of(gateway.Value.Tenant).Current is null ? HealthCheckResult.Unhealthy("none is in force") : HealthCheckResult.Healthy());
}
