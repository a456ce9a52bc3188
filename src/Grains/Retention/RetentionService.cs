using Decisioning.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Decisioning.Grains.Retention;

/// <summary>Makes the log smaller in intervals, one silo at a time.</summary>
public sealed partial class RetentionService(
    RetentionPass pass, TimeProvider clock, IOptions<StorageOptions> options, ILogger<RetentionService> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Retention.Every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await RunAsync(stoppingToken);
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var started = clock.GetTimestamp();
            if (await pass.RunAsync(cancellationToken) is { } done && (done.Events > 0 || done.Decisions > 0))
            {
                LogDone(done.Events, done.Customers, done.Decisions, (long)clock.GetElapsedTime(started).TotalMilliseconds);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // An exception that leaves a background service stops the engine, and retention is no reason for that.
            LogFailed(e.Message);
        }
    }

    [LoggerMessage(EventId = 150, Level = LogLevel.Information,
        Message = "retention: the contents of {Events} events of {Customers} customers and {Decisions} decisions are gone, in {Milliseconds} ms")]
    private partial void LogDone(long events, int customers, long decisions, long milliseconds);

    [LoggerMessage(EventId = 153, Level = LogLevel.Warning, Message = "retention stopped, the next pass goes on: {Reason}")]
    private partial void LogFailed(string reason);
}
