using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Decisioning.Silo;

/// <summary>The engine has started and does not stop. It is the first to know of a stop: before anything else ends.</summary>
internal sealed class HostCheck(IHostApplicationLifetime lifetime) : IHealthCheck
{
    public const string Name = "host";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        !lifetime.ApplicationStarted.IsCancellationRequested ? HealthCheckResult.Unhealthy("starting")
        : lifetime.ApplicationStopping.IsCancellationRequested ? HealthCheckResult.Unhealthy("stopping")
        : HealthCheckResult.Healthy());
}
