using System.Collections.Immutable;
using System.Threading.Channels;
using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Customers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using Orleans.Streams;

namespace Decisioning.Grains.Customers;

/// <summary>
/// Publishes changes on the streams of <see cref="Streams"/>, behind the turns of the grains. What somebody watches goes out at once. What is
/// only counted waits: its queue is looked at in short intervals instead of being woken by each change, since handing one over then
/// costs a decision a few tens of nanoseconds.
/// </summary>
public sealed partial class ChangePublisher : BackgroundService
{
    private const int BatchItemsMax = 500;

    private readonly Channel<CustomerChanges> _watched;
    private readonly Channel<CustomerChanges> _results;
    private readonly IServiceProvider _services;
    private readonly GrainMeter _meter;
    private readonly TimeSpan _every;
    private readonly ILogger<ChangePublisher> _logger;

    /// <summary>Makes the publisher; it publishes from the host's start.</summary>
    public ChangePublisher(IServiceProvider services, GrainMeter meter, IOptions<GrainsOptions> options, ILogger<ChangePublisher> logger)
    {
        (_services, _meter, _every, _logger) = (services, meter, options.Value.ChangeFlushEvery, logger);
        var queue = new BoundedChannelOptions(options.Value.ChangeQueueMax) { SingleReader = true };
        (_watched, _results) = (Channel.CreateBounded<CustomerChanges>(queue), Channel.CreateBounded<CustomerChanges>(queue));
    }

    /// <summary>Takes changes to be published; never waits. When too many wait they are dropped and counted.</summary>
    /// <param name="customer">Whose changes.</param>
    /// <param name="changes">The changes.</param>
    /// <param name="isWatched">Whether someone watches the customer.</param>
    public void Publish(CustomerKey customer, ImmutableArray<CustomerChange> changes, bool isWatched)
    {
        var isCounted = changes.Any(IsResult);
        if (!isWatched && !isCounted)
        {
            return;
        }

        var published = new CustomerChanges(customer, changes);
        if ((isWatched && !_watched.Writer.TryWrite(published)) | (isCounted && !_results.Writer.TryWrite(published)))
        {
            _meter.ChangesDropped(changes.Length);
        }
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(TellWatchersAsync(stoppingToken), TellResultsAsync(stoppingToken));

    private async Task TellWatchersAsync(CancellationToken stoppingToken)
    {
        var isRunning = true;
        while (isRunning)
        {
            try
            {
                isRunning = await _watched.Reader.WaitToReadAsync(stoppingToken);
            }
            catch (OperationCanceledException)
            {
                // What waits when the host stops is published once more: the silo stops after this service.
                isRunning = false;
            }

            while (_watched.Reader.TryRead(out var next))
            {
                await PublishAsync(Streams.Customer, next.Customer.Value, next, next.Changes.Length);
            }
        }
    }

    private async Task TellResultsAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_every);
        var isRunning = true;
        while (isRunning)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
            }
            catch (OperationCanceledException)
            {
                isRunning = false;
            }

            await FlushResultsAsync();
        }
    }

    private async Task FlushResultsAsync()
    {
        var results = new Dictionary<string, List<CustomerChanges>>();
        while (_results.Reader.TryRead(out var next))
        {
            var tenant = next.Customer.Tenant;
            if (!results.TryGetValue(tenant, out var batch))
            {
                results.Add(tenant, batch = []);
            }

            batch.Add(ResultsOf(next));
            if (batch.Count == BatchItemsMax)
            {
                await PublishResultsAsync(tenant, batch);
            }
        }

        foreach (var (tenant, batch) in results.Where(result => result.Value.Count > 0))
        {
            await PublishResultsAsync(tenant, batch);
        }
    }

    private async Task PublishResultsAsync(string tenant, List<CustomerChanges> batch)
    {
        await PublishAsync(Streams.Results, tenant, new ResultsBatch([.. batch]), batch.Count);
        batch.Clear();
    }

    private async Task PublishAsync<T>(string streamNamespace, string key, T message, int count)
    {
        try
        {
            var provider = _services.GetRequiredKeyedService<IStreamProvider>(Streams.Provider);
            await provider.GetStream<T>(StreamId.Create(streamNamespace, key)).OnNextAsync(message);
        }
#pragma warning disable CA1031 // Whatever a stream provider throws: changes are news, and decisions go on without them.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _meter.ChangesDropped(count);
            LogNotPublished(count, e);
        }
    }

    private static CustomerChanges ResultsOf(CustomerChanges changes)
    {
        var counted = changes.Changes.RemoveAll(change => !IsResult(change));
        return counted.Length == changes.Changes.Length ? changes : changes with { Changes = counted };
    }

    private static bool IsResult(CustomerChange change) =>
        change.Kind is ChangeKind.Decision or ChangeKind.Response or ChangeKind.StageEntered or ChangeKind.StageExited;

    [LoggerMessage(EventId = 130, Level = LogLevel.Warning, Message = "{Count} changes were not published")]
    private partial void LogNotPublished(int count, Exception exception);
}
