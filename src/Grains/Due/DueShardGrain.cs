using Decisioning.Contracts;
using Decisioning.Storage;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Decisioning.Grains.Due;

/// <summary>
/// Sweeps one part of the due table by a timer, as long as it has the lease of the part. The lease saves work only: two sweepers
/// that wake one customer wake it once, because the customer's log takes each instant once.
/// </summary>
public sealed partial class DueShardGrain : Grain, IDueShardGrain
{
    private readonly IPersistentState<DueLease> _lease;
    private readonly DueServices _services;
    private string _name = "";
    private DueSweep _sweep = null!;

    /// <summary>Makes the grain.</summary>
    public DueShardGrain([PersistentState("lease", GrainStorages.LowRate)] IPersistentState<DueLease> lease, DueServices services) =>
        (_lease, _services) = (lease, services);

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _name = $"{RuntimeIdentity}/{GrainContext.ActivationId}";
        _sweep = new((int)this.GetPrimaryKeyLong(), _services);
        this.RegisterGrainTimer(TickAsync, new GrainTimerCreationOptions(TimeSpan.Zero, _services.Options.SweepEvery));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        var isKept = _services.LeasesOutliveSilo || reason.ReasonCode != DeactivationReasonCode.ShuttingDown;
        if (isKept && IsMine(_services.Clock.GetUtcNow()))
        {
            // Whoever takes over need not wait for the end of the lease.
            await TryWriteAsync(new DueLease());
        }
    }

    /// <inheritdoc/>
    public Task KeepAsync() => Task.CompletedTask;

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _services.Stopping);
        if (stop.IsCancellationRequested)
        {
            return;
        }

        if (!await HoldAsync())
        {
            DeactivateOnIdle();
            return;
        }

        try
        {
            await _sweep.RunAsync(HoldAsync, stop.Token);
        }
        catch (StorageUnavailableException e)
        {
            LogNotSwept(_services.Logger, this.GetPrimaryKeyLong(), e.Message);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The silo stops: what is still due is swept by the next one.
        }
    }

    /// <summary>Takes the lease or renews it; false when another has it.</summary>
    private async Task<bool> HoldAsync()
    {
        var now = _services.Clock.GetUtcNow();
        if (IsMine(now) && _lease.State.Until - now > _services.Options.LeaseFor * 2 / 3)
        {
            return true;
        }

        return (IsMine(now) || (await TryReadAsync() && !IsAnothers(now)))
            && await TryWriteAsync(new DueLease { Holder = _name, Until = now + _services.Options.LeaseFor });
    }

    private bool IsMine(DateTimeOffset now) => _lease.State.Holder == _name && _lease.State.Until > now;

    // A lease that ends later than any given now was given by a clock that stood elsewhere.
    private bool IsAnothers(DateTimeOffset now) =>
        _lease.State.Holder.Length > 0 && _lease.State.Holder != _name && _lease.State.Until > now && _lease.State.Until <= now + _services.Options.LeaseFor;

    private Task<bool> TryReadAsync() => TryAsync(() => _lease.ReadStateAsync());

    private Task<bool> TryWriteAsync(DueLease lease) => TryAsync(() =>
    {
        _lease.State = lease;
        return _lease.WriteStateAsync();
    });

    private async Task<bool> TryAsync(Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (InconsistentStateException)
        {
            // Another activation took it between our reading and writing.
            _lease.State = new();
            return false;
        }
#pragma warning disable CA1031 // Whatever a storage provider throws: without the lease there is no sweep, and the next tick tries again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _lease.State = new();
            LogNotSwept(_services.Logger, this.GetPrimaryKeyLong(), e.Message);
            return false;
        }
    }

    [LoggerMessage(EventId = 160, Level = LogLevel.Warning, Message = "part {Shard} of the due table was not swept, the next try is soon: {Reason}")]
    private static partial void LogNotSwept(ILogger logger, long shard, string reason);
}
