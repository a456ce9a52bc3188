using System.Text.Json;
using Decisioning.Gateway.Throttling;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Decisioning.Gateway.Telemetry;

/// <summary>Whether more decisions are asked for than can be answered.</summary>
internal sealed class LoadCheck(CallLimits limits) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(limits.IsFull ? HealthCheckResult.Unhealthy("decisions are refused") : HealthCheckResult.Healthy());
}

/// <summary>Says of each check whether it holds, and nothing of why: anybody may ask.</summary>
internal static class Readiness
{
    public static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";
        using var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteString("status", report.Status == HealthStatus.Unhealthy ? "not ready" : "ready");
        writer.WriteStartObject("checks");
        foreach (var (name, entry) in report.Entries)
        {
            writer.WriteString(name, entry.Status == HealthStatus.Unhealthy ? "failing" : "ok");
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        return Task.CompletedTask;
    }
}
