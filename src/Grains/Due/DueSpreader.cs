using Decisioning.Grains.Strategies;
using Decisioning.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Decisioning.Grains.Due;

/// <summary>
/// Has all customers of a tenant looked at once when a new version of its strategy comes into force, so that those nobody hears
/// from meet its rules too. Each silo asks for it; the store does it once for each version.
/// </summary>
public sealed partial class DueSpreader(
    StrategyCatalog strategies, DueServices services, IOptions<GrainsOptions> options, ILogger<DueSpreader> logger) : BackgroundService
{
    /// <summary>
    /// After how many looks of a silo at the store for a newer version this is done: by then all silos have the version, and none
    /// plans a customer's next look by the one before it.
    /// </summary>
    private const int LooksBefore = 3;

    private readonly Dictionary<string, (long Version, int Looks)> _known = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.StrategyPollEvery, services.Clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var tenant in strategies.Tenants)
            {
                if (strategies.Of(tenant).Current is { } strategy && IsTime(tenant, strategy.Version))
                {
                    await SpreadAsync(tenant, strategy.Version, stoppingToken);
                }
            }
        }
    }

    private bool IsTime(string tenant, long version)
    {
        var (known, looks) = _known.GetValueOrDefault(tenant);
        _known[tenant] = (version, known == version ? Math.Min(looks + 1, LooksBefore + 1) : 1);
        return _known[tenant].Looks == LooksBefore;
    }

    private async Task SpreadAsync(string tenant, long version, CancellationToken cancellationToken)
    {
        try
        {
            var spread = new DueSpread(tenant, version, services.Clock.GetUtcNow(), services.Options.SpreadOver, services.Options.SpreadEach);
            if (await services.Table.SpreadAsync(spread, cancellationToken) is > 0 and var customers)
            {
                LogSpread(tenant, customers, version);
            }
        }
        catch (StorageUnavailableException e)
        {
            // The next look tries again.
            _known[tenant] = (version, LooksBefore - 1);
            LogNotSpread(tenant, version, e.Message);
        }
    }

    [LoggerMessage(EventId = 163, Level = LogLevel.Information, Message = "tenant {Tenant}: {Customers} customers are looked at one after another for version {Version} of the strategy")]
    private partial void LogSpread(string tenant, long customers, long version);

    [LoggerMessage(EventId = 164, Level = LogLevel.Warning, Message = "tenant {Tenant}: the customers could not be told of version {Version} of the strategy, the next try is soon: {Reason}")]
    private partial void LogNotSpread(string tenant, long version, string reason);
}
