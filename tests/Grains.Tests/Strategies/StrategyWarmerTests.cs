using System.Collections.Concurrent;
using Decisioning.Grains.Strategies;
using Decisioning.Grains.Tests.Support;
using Decisioning.Storage.Memory;
using Decisioning.Tests.Shared;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StrategyFile = Decisioning.Storage.StrategyFile;

namespace Decisioning.Grains.Tests.Strategies;

public sealed class StrategyWarmerTests
{
    [Fact]
    public async Task Every_strategy_that_comes_into_force_is_made_ready_whatever_its_tenant_and_whenever_it_comes()
    {
        var store = new MemoryStore();
        var log = new WarmLog();
        var strategies = new StrategyCatalog(store, new TestClock(), Options.Create(new GrainsOptions()), NullLogger<StrategyCatalog>.Instance);
        await PublishAsync(strategies, "before", TestStrategies.Shop);

        using var warmer = new StrategyWarmer(strategies, log);
        await warmer.StartAsync(CancellationToken.None);
        await Eventually.HoldsAsync(() => log.Warm.Contains("tenant before: version 1 of the strategy is warm"));

        await PublishAsync(strategies, "one", TestStrategies.Shop);
        await PublishAsync(strategies, "two", TestStrategies.Shop);
        await PublishAsync(strategies, "two", TestStrategies.Sale);
        await Eventually.HoldsAsync(() => log.Warm.Contains("tenant one: version 1 of the strategy is warm") && log.Warm.Contains("tenant two: version 2 of the strategy is warm"));
        await warmer.StopAsync(CancellationToken.None);

        // None of them twice.
        Assert.Equal(log.Warm.Distinct(), log.Warm);
    }

    private static async Task PublishAsync(StrategyCatalog strategies, string tenant, string yaml)
    {
        var (stored, errors) = await strategies.PublishAsync(tenant, [new StrategyFile("strategy.yaml", yaml)], CancellationToken.None);
        Assert.Empty(errors);
        Assert.NotNull(stored);
    }

    private sealed class WarmLog : ILogger<StrategyWarmer>
    {
        public ConcurrentQueue<string> Warm { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Warm.Enqueue(formatter(state, exception));
    }
}
