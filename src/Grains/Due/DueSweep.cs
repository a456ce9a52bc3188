using System.Collections.Immutable;
using Decisioning.Storage;
using Microsoft.Extensions.Logging;

namespace Decisioning.Grains.Due;

/// <summary>
/// Goes through the rows of one part that are due and wakes their customers, some at once. A customer whose wake fails is left
/// for a while and never keeps the others from being woken.
/// </summary>
public sealed partial class DueSweep
{
    private readonly int _shard;
    private readonly DueServices _services;
    private readonly FailedWakes _failed;
    private int _failuresInRow;

    internal DueSweep(int shard, DueServices services) => (_shard, _services, _failed) = (shard, services, new FailedWakes(services.Options));

    /// <summary>Wakes everybody who is due now.</summary>
    /// <param name="hold">Asked between pages whether the part is still ours.</param>
    /// <param name="cancellationToken">Ends the sweep after the wakes under way.</param>
    /// <exception cref="StorageUnavailableException">The table cannot be read.</exception>
    internal async Task RunAsync(Func<Task<bool>> hold, CancellationToken cancellationToken)
    {
        var until = _services.Clock.GetUtcNow();
        _failuresInRow = 0;
        DueCustomer? last = null;
        ImmutableArray<DueCustomer> page;
        do
        {
            page = await _services.Table.DueAsync(_shard, last, until, _services.Options.PageSize, cancellationToken);
            if (last is null)
            {
                _services.Meter.Swept(page.IsEmpty ? TimeSpan.Zero : until - page[0].DueAt);
            }

            await WakeAsync(page, cancellationToken);
            last = page.IsEmpty ? last : page[^1];
        }
        while (page.Length == _services.Options.PageSize && !IsStoreDown && await hold());
    }

    private bool IsStoreDown => _failuresInRow >= _services.Options.FailuresInRowMax;

    private async Task WakeAsync(ImmutableArray<DueCustomer> page, CancellationToken cancellationToken)
    {
        var wakes = new List<Task>(page.Length);
        try
        {
            foreach (var due in page)
            {
                if (_failed.IsLeft(due.Customer, _services.Clock.GetUtcNow()))
                {
                    continue;
                }

                await _services.Places.WaitAsync(cancellationToken);
                if (IsStoreDown)
                {
                    _services.Places.Release();
                    break;
                }

                wakes.Add(WakeAsync(due, cancellationToken));
            }
        }
        finally
        {
            await Task.WhenAll(wakes);
        }
    }

    private async Task WakeAsync(DueCustomer due, CancellationToken cancellationToken)
    {
        try
        {
            var recorded = await _services.Customers.Of(due.Customer.Value).WakeAsync(due.DueAt, cancellationToken);
            _services.Meter.Woken(recorded);
            _failed.Forget(due.Customer);
            _failuresInRow = 0;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Nothing is lost: the row stands.
        }
#pragma warning disable CA1031 // Whatever keeps one customer from being woken must not keep the others.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _failuresInRow++;
            _failed.Add(due.Customer, _services.Clock.GetUtcNow());
            _services.Meter.WakeFailed();
            if (_services.Complaints.IsDue())
            {
                LogWakeFailed(_services.Logger, e.Message, e);
            }
        }
        finally
        {
            _services.Places.Release();
        }
    }

    [LoggerMessage(EventId = 161, Level = LogLevel.Warning, Message = "a customer who is due was not woken, and is tried again later: {Reason}")]
    private static partial void LogWakeFailed(ILogger logger, string reason, Exception exception);
}
