using Decisioning.Contracts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;

namespace Decisioning.Grains.Due;

/// <summary>Makes sure in intervals that each part of the due table is swept by somebody in the cluster, from the host's start until it begins to stop.</summary>
public sealed partial class DueKeeper(IGrainFactory grains, DueServices services, ILogger<DueKeeper> logger) : IHostedLifecycleService
{
    private Task _keeping = Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _keeping = KeepAsync();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        services.Stop();
        await _keeping.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task KeepAsync()
    {
        using var timer = new PeriodicTimer(services.Options.KeepEvery, services.Clock);
        do
        {
            await Task.WhenAll(Enumerable.Range(0, services.Table.Shards).Select(KeepAsync));
        }
        while (await IsTimeAgainAsync(timer));
    }

    private async Task<bool> IsTimeAgainAsync(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(services.Stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task KeepAsync(int shard)
    {
        try
        {
            await grains.GetGrain<IDueShardGrain>(shard).KeepAsync();
        }
#pragma warning disable CA1031 // Whatever a cluster in trouble throws: the next tick tries again, and so do the other silos.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogNotKept(shard, e.Message);
        }
    }

    [LoggerMessage(EventId = 162, Level = LogLevel.Warning, Message = "part {Shard} of the due table could not be reached: {Reason}")]
    private partial void LogNotKept(int shard, string reason);
}
