using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Strategies;
using Decisioning.Grains.Strategies;
using Decisioning.Storage;
using Microsoft.Extensions.Logging;
using Orleans;

namespace Decisioning.Grains.Customers;

// How the customer's grain meets the log: loading, appending, and what it tells others behind its turns.
public sealed partial class CustomerGrain
{
    private StrategyHolder _strategies = null!;
    private bool _isCommitting;
    private long _commitReaches;

    // Made by the first who waits for the commit's sequence: mostly nobody does.
    private TaskCompletionSource? _commitWatched;
    private long _snapshotAt;
    private DateTimeOffset _watchedUntil;
    private ExceptionDispatchInfo? _notLoaded;
    private bool _isDamaged;

    private Strategy Strategy => _strategies.Current
        ?? throw new NoStrategyException($"no strategy is in force for tenant `{_key.Tenant}`; publish one first");

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var text = this.GetPrimaryKeyString();
        if (!CustomerKey.TryParse(text, out _key))
        {
            throw new FormatException("the grain was asked for by no customer key; one looks like `tenant/u/id` or `tenant/a/id`");
        }

        _strategies = services.Strategies.Of(_key.Tenant);
        try
        {
            await LoadAsync(cancellationToken);
        }
        catch (Exception e) when (e is StoreUnavailableException or NoStrategyException)
        {
            // The runtime would write the customer's key into the log. Whoever calls is told, and the next call loads again.
            _notLoaded = ExceptionDispatchInfo.Capture(e);
        }
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        KeepSnapshot(services.Options.SnapshotOnLeaveAfter);
        _held.Leave();
        return Task.CompletedTask;
    }

    /// <summary>Ends a call of a customer who could not be loaded.</summary>
    private void RequireLoaded()
    {
        if (_notLoaded is { } failure)
        {
            DeactivateOnIdle();
            failure.Throw();
        }
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await services.Strategies.EnsureAsync(_key.Tenant, cancellationToken);
            var history = await services.Log.LoadAsync(_key, services.Clock.GetUtcNow(), cancellationToken);
            var state = history.Snapshot ?? CustomerState.Empty;
            _snapshotAt = state.Sequence;
            State = history.Tail.IsEmpty
                ? state
                : Folding.Replay(state, history.Tail, await services.Strategies.ForAsync(_key.Tenant, history.Tail, Strategy, cancellationToken));

            // Decisions go on while the log fails and may be missing in it: what is held already stays open.
            _offers = OpenOffers.Of([.. history.OpenOffers, .. _offers.Offers], State.Contacts);
            _dueAt = history.DueAt;
            (_isInDoubt, _foreseesNothing, _offersFollow) = (false, false, 0);

            // A long tail is what a crash leaves behind: without this, each start after it would fold it again until the next event.
            KeepSnapshot(services.Options.SnapshotEvery);
        }
        catch (StorageUnavailableException e)
        {
            _isDamaged = e.IsDamage;
            throw Unavailable(e);
        }
    }

    private async Task<ImmutableArray<KnownMessage>> FindMessagesAsync(ImmutableArray<RecordOutcome> outcomes, CancellationToken cancellationToken)
    {
        try
        {
            return await services.Log.FindMessagesAsync(_key, [.. outcomes.Select(outcome => outcome.MessageId).Distinct()], cancellationToken);
        }
        catch (StorageUnavailableException e)
        {
            throw Unavailable(e);
        }
    }

    /// <summary>Tells those who wait for the commit's sequence that it is over; the state is swapped before.</summary>
    private void EndCommit()
    {
        (_isCommitting, _commitReaches) = (false, 0);
        var watched = _commitWatched;
        _commitWatched = null;
        watched?.SetResult();
    }

    /// <summary>Waits for the commit under way if it brings the sequence asked for.</summary>
    private async ValueTask<bool> ReachAsync(long sequence, CancellationToken cancellationToken)
    {
        if (State.Sequence < sequence && _commitReaches >= sequence)
        {
            _commitWatched ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            try
            {
                await _commitWatched.Task.WaitAsync(services.Options.SequenceWaitMax, services.Clock, cancellationToken);
            }
            catch (TimeoutException)
            {
                // The answer says which sequence is reached: the caller may ask again.
            }
        }

        if (State.Sequence < sequence && !_isCommitting)
        {
            await LeaveIfOutrunAsync(sequence, cancellationToken);
        }

        return State.Sequence >= sequence;
    }

    /// <summary>
    /// Whoever asks for a sequence that was never acknowledged here may have been acknowledged by another activation, which wrote past
    /// this one: then this one leaves, and the next call meets a state loaded from the log.
    /// </summary>
    private async Task LeaveIfOutrunAsync(long sequence, CancellationToken cancellationToken)
    {
        try
        {
            var history = await services.Log.LoadAsync(_key, services.Clock.GetUtcNow(), cancellationToken);
            if (history.Sequence >= sequence && State.Sequence < sequence && !_isCommitting)
            {
                throw LostOwnership(State.Sequence);
            }
        }
        catch (StorageUnavailableException e)
        {
            throw Unavailable(e);
        }
    }

    private void Publish(ImmutableArray<CustomerChange> changes)
    {
        if (!changes.IsEmpty)
        {
            services.Changes.Publish(_key, changes, _watchedUntil != default && _watchedUntil > services.Clock.GetUtcNow());
        }
    }

    private void KeepSnapshot(int afterEvents)
    {
        // A state at rest is opened only to be kept: whoever leaves memory mostly has little new.
        if (_held.Sequence - _snapshotAt >= afterEvents && State is var state && services.Snapshots.TryWrite(_key, state))
        {
            _snapshotAt = state.Sequence;
        }
    }

    private StoreUnavailableException Unavailable(StorageUnavailableException e)
    {
        services.Meter.StoreFailed();
        if (services.Complaints.IsDue())
        {
            LogUnavailable(services.Logger, e.Message);
        }

        return e.IsNewer
            ? new("a newer version of the engine wrote to this customer's log; nothing was acknowledged: ask an engine of that version, or update this one", isOverload: false)
            : new("the log cannot be reached; nothing was acknowledged: repeat with the same ids", isOverload: false) { IsDamage = e.IsDamage };
    }

    private StoreUnavailableException Overloaded(TimeSpan retryAfter)
    {
        services.Meter.StoreFailed();
        return new($"too many events wait for the log; nothing was written: repeat in {retryAfter.TotalMilliseconds:0} ms", isOverload: true);
    }

    private StoreUnavailableException LostOwnership(long sequence)
    {
        services.Meter.StoreFailed();
        LogLostOwnership(services.Logger, sequence);

        // Who waits for a turn here has it before this activation ends.
        _isInDoubt = true;
        DeactivateOnIdle();
        return new("another silo writes this customer's log; nothing was written: repeat with the same ids", isOverload: false);
    }

    [LoggerMessage(EventId = 101, Level = LogLevel.Warning, Message = "another activation of a customer wrote past sequence {Sequence}; this one leaves")]
    private static partial void LogLostOwnership(ILogger logger, long sequence);

    [LoggerMessage(EventId = 102, Level = LogLevel.Warning, Message = "the log of a customer cannot be reached: {Reason}")]
    private static partial void LogUnavailable(ILogger logger, string reason);
}
