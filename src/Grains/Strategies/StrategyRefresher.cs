using Decisioning.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Decisioning.Grains.Strategies;

/// <summary>Brings what other silos published into force here, by looking at the store in intervals.</summary>
public sealed partial class StrategyRefresher(
    StrategyCatalog strategies, TimeProvider clock, IOptions<GrainsOptions> options, ILogger<StrategyRefresher> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.StrategyPollEvery, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var tenant in strategies.Tenants)
            {
                await RefreshAsync(tenant, stoppingToken);
            }
        }
    }

    private async Task RefreshAsync(string tenant, CancellationToken cancellationToken)
    {
        try
        {
            await strategies.RefreshAsync(tenant, cancellationToken);
        }
        catch (StorageUnavailableException e)
        {
            LogNotRefreshed(tenant, e.Message);
        }
    }

    [LoggerMessage(EventId = 142, Level = LogLevel.Warning, Message = "tenant {Tenant}: could not look for a newer strategy, the one in force stays: {Reason}")]
    private partial void LogNotRefreshed(string tenant, string reason);
}
