using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Decisioning.Silo;

/// <summary>Says when the engine stops being ready and when it is ready again; not that it stops, which somebody asked for.</summary>
internal sealed partial class ReadyLog(ILogger<ReadyLog> logger) : IHealthCheckPublisher
{
    private string _failing = "";

    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        var failing = string.Join(", ", report.Entries.Where(entry => entry.Key != HostCheck.Name && entry.Value.Status == HealthStatus.Unhealthy).Select(entry => $"{entry.Key}: {entry.Value.Description}"));
        if (failing == _failing)
        {
            return Task.CompletedTask;
        }

        _failing = failing;
        if (failing.Length > 0)
        {
            NotReady(logger, failing);
        }
        else
        {
            ReadyAgain(logger);
        }

        return Task.CompletedTask;
    }

    [LoggerMessage(EventId = 430, Level = LogLevel.Warning, Message = "not ready, callers should go elsewhere: {Failing}")]
    private static partial void NotReady(ILogger logger, string failing);

    [LoggerMessage(EventId = 431, Level = LogLevel.Information, Message = "ready again")]
    private static partial void ReadyAgain(ILogger logger);
}
