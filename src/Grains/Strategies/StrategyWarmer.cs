using System.Runtime.CompilerServices;
using Decisioning.Engine.Strategies;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Decisioning.Grains.Strategies;

/// <summary>
/// Makes what customers of a strategy need once it is in force, whoever published it, one strategy at a time and behind all else: the first
/// customers wait only for what is not made yet.
/// </summary>
public sealed partial class StrategyWarmer(StrategyCatalog strategies, ILogger<StrategyWarmer> logger) : BackgroundService
{
    private readonly ConditionalWeakTable<Strategy, object> _warmed = [];

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => WarmAsync(stoppingToken), stoppingToken);

    private async Task WarmAsync(CancellationToken stoppingToken)
    {
        await foreach (var _ in strategies.Swaps.ReadAllAsync(stoppingToken))
        {
            foreach (var tenant in strategies.Tenants)
            {
                if (strategies.Of(tenant).Current is { } strategy && _warmed.TryAdd(strategy, tenant))
                {
                    Warm(tenant, strategy, stoppingToken);
                }
            }
        }
    }

    private void Warm(string tenant, Strategy strategy, CancellationToken stoppingToken)
    {
        try
        {
            strategy.Warm(stoppingToken);
            LogWarm(tenant, strategy.Version);
        }
        catch (Exception e)
        {
            // It is in force all the same: whoever needs what could not be made fails by themselves.
            LogNotWarm(e, tenant, strategy.Version);
        }
    }

    [LoggerMessage(EventId = 145, Level = LogLevel.Debug, Message = "tenant {Tenant}: version {Version} of the strategy is warm")]
    private partial void LogWarm(string tenant, long version);

    [LoggerMessage(EventId = 144, Level = LogLevel.Error, Message = "tenant {Tenant}: version {Version} of the strategy could not be made ready ahead; it is in force all the same")]
    private partial void LogNotWarm(Exception exception, string tenant, long version);
}
