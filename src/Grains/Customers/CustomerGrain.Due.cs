using System.Collections.Immutable;
using Decisioning.Engine;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Strategies;
using Decisioning.Storage;
using Orleans;

namespace Decisioning.Grains.Customers;

// How time acts on the customer: the due row that says when to look, and what is recorded when it is looked.
public sealed partial class CustomerGrain
{
    // A row that is due may have been moved meanwhile by another activation that was woken and believed itself to be the only one. The
    // margin: how far apart the clocks of two silos may be, and how long a commit may take.
    private static readonly TimeSpan RowTrustedBefore = TimeSpan.FromSeconds(10);

    // Never earlier than the row in the table stands: only so may an instant be left out because the row is earlier already.
    // Null for no row that is known of.
    private DateTimeOffset? _dueAt;
    private DateTimeOffset _quietUntil;

    // All was asked for the state's next instant since it was loaded, and there was none.
    private bool _foreseesNothing;
    private bool _isAsked;

    /// <inheritdoc/>
    public async Task<int> WakeAsync(DateTimeOffset seen, CancellationToken cancellationToken = default)
    {
        using var turn = await TakeTurnAsync(cancellationToken);
        if ((_isInDoubt || State.MovedTo is not null) && await MovedAsync(cancellationToken) is not null)
        {
            await SettleAsync(seen, null, cancellationToken);
            DeactivateOnIdle();
            return 0;
        }

        var recording = await CommitAsync([], hashes: default, Commit.Wake, static (_, recording, _) => recording, cancellationToken);
        var now = services.Clock.GetUtcNow();
        var next = NextLook(State, Strategy, now);
        if (recording.Accepted.IsEmpty || next is null)
        {
            await SettleAsync(seen, next, cancellationToken);
        }

        if (!_isAsked && !(next <= now + services.Due.StayFor))
        {
            // Nobody else asked for this customer: a million wakes must not hold a million customers in memory.
            DeactivateOnIdle();
        }

        return recording.Accepted.Length;
    }

    /// <summary>What time brought about before these events happened, as if the sweep had come by each instant; null for nothing.</summary>
    private Recording? PassedBefore(CustomerState state, ImmutableArray<CustomerEvent> events, Strategy strategy, DateTimeOffset now)
    {
        // The event itself folds with a strategy that is new to the customer. History that is brought in is folded as it comes.
        if (!(_dueAt <= now) || state.FoldedWith != strategy.Hash || state.MovedTo is not null)
        {
            return null;
        }

        var until = now;
        foreach (var e in events)
        {
            until = e.Timestamp < until ? e.Timestamp : until;
        }

        return until >= now - services.Due.QuietAfterHistory
            && Waking.Plan(state, strategy, until, now, Limits.WakesAtOnceMax) is { Accepted.IsEmpty: false } passed ? passed : null;
    }

    /// <summary>Where an append is to set the row; null to leave it as it is.</summary>
    private DateTimeOffset? RowFor(Recording recording, Strategy strategy, DateTimeOffset now, bool isWake)
    {
        if (recording.Next.MovedTo is { } moved)
        {
            return moved.IsDone ? null : now + CarriedOverAfter;
        }

        if (isWake)
        {
            return NextLook(recording.Next, strategy, now);
        }

        if (recording.Next.LatestEventAt < now - services.Due.QuietAfterHistory)
        {
            _quietUntil = now + services.Due.QuietAfterHistory;
        }

        var standsAt = _dueAt > now + RowTrustedBefore ? _dueAt : null;
        var next = Waking.NextBefore(recording, strategy, now, _foreseesNothing ? Waking.Never : standsAt);
        _foreseesNothing = next is null && (_foreseesNothing || standsAt is null);
        var at = NotBeforeQuiet(next, now);
        return standsAt <= at ? null : at;
    }

    private DateTimeOffset? NextLook(CustomerState state, Strategy strategy, DateTimeOffset now)
    {
        var next = Waking.NextAt(state, strategy, now);
        _foreseesNothing = next is null;
        return NotBeforeQuiet(next, now);
    }

    // A customer whose history is being brought in would otherwise be woken between two events of years ago, as of today.
    private DateTimeOffset? NotBeforeQuiet(DateTimeOffset? at, DateTimeOffset now) => now < _quietUntil && at < _quietUntil ? _quietUntil : at;

    private async Task SettleAsync(DateTimeOffset seen, DateTimeOffset? next, CancellationToken cancellationToken)
    {
        // Should it stand elsewhere, or the outcome be unknown, it stands at the later one at most.
        _dueAt = next > _dueAt || next is null ? next : _dueAt;
        try
        {
            await services.DueTable.SettleAsync(_key, State.Sequence, seen, next, cancellationToken);
        }
        catch (StorageUnavailableException e)
        {
            throw Unavailable(e);
        }
    }
}
