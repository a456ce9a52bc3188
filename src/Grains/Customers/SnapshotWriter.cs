using System.Threading.Channels;
using Decisioning.Engine.Customers;
using Decisioning.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Decisioning.Grains.Customers;

/// <summary>
/// Keeps snapshots behind the turns of the grains: one at a time, the newest lost when too many wait. It outlives the
/// silo within the host, so that customers who leave at shutdown are kept too.
/// </summary>
public sealed partial class SnapshotWriter : IHostedLifecycleService
{
    private readonly Channel<(CustomerKey Customer, CustomerState? State, TaskCompletionSource? Reached)> _queue;
    private readonly ICustomerLog _log;
    private readonly GrainMeter _meter;
    private readonly ILogger<SnapshotWriter> _logger;
    private Task _writing = Task.CompletedTask;

    /// <summary>Makes the writer; it writes from the host's start.</summary>
    public SnapshotWriter(ICustomerLog log, GrainMeter meter, IOptions<GrainsOptions> options, ILogger<SnapshotWriter> logger)
    {
        (_log, _meter, _logger) = (log, meter, logger);
        _queue = Channel.CreateBounded<(CustomerKey, CustomerState?, TaskCompletionSource?)>(new BoundedChannelOptions(options.Value.SnapshotQueueMax) { SingleReader = true });
    }

    /// <summary>Takes a committed state to be kept soon; never waits.</summary>
    /// <returns>False when too many wait: this one is dropped and counted.</returns>
    public bool TryWrite(CustomerKey customer, CustomerState state)
    {
        var isTaken = _queue.Writer.TryWrite((customer, state, null));
        if (!isTaken)
        {
            _meter.SnapshotDropped();
        }

        return isTaken;
    }

    /// <summary>Waits until the states that wait now are kept, or given up.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await _queue.Writer.WriteAsync((default, null, reached), cancellationToken);
        }
        catch (ChannelClosedException)
        {
            // The host stops: what waited is kept already, or given up.
            reached.SetResult();
        }

        await reached.Task.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _writing = WriteAsync();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task WriteAsync()
    {
        await foreach (var (customer, state, reached) in _queue.Reader.ReadAllAsync())
        {
            if (state is null)
            {
                reached?.SetResult();
                continue;
            }

            try
            {
                await _log.SaveSnapshotAsync(customer, state, CancellationToken.None);
                _meter.SnapshotKept();
            }
            catch (Exception e) when (e is StorageUnavailableException or ArgumentException)
            {
                // A snapshot may be lost: the next load folds a longer tail. One is ahead of its log when its customer was erased.
                _meter.SnapshotDropped();
                LogNotKept(e.Message);
            }
        }
    }

    [LoggerMessage(EventId = 120, Level = LogLevel.Warning, Message = "a snapshot was not kept, the customer will load slower: {Reason}")]
    private partial void LogNotKept(string reason);
}
