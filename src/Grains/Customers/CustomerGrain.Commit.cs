using System.Collections.Immutable;
using Decisioning.Contracts.Messages;
using Decisioning.Engine;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Strategies;
using Decisioning.Storage;

namespace Decisioning.Grains.Customers;

// How events become part of the log and of the state.
public sealed partial class CustomerGrain
{
    private static readonly Func<CustomerGrain, Recording, TimeSpan, RecordReply> _recorded = static (grain, recording, took) => grain.Recorded(recording, took);

    [Flags]
    private enum Commit
    {
        /// <summary>Events, for a method that holds the turn.</summary>
        None = 0,

        /// <summary>No events of callers: the due row had the customer woken.</summary>
        Wake = 1,

        /// <summary>Events that wait for their turn go along.</summary>
        Shared = 2,

        /// <summary>It is a turn by itself.</summary>
        IsTurn = 4,
    }

    /// <summary>Records events, and before them what time brought about; or, when woken, that alone.</summary>
    /// <remarks>
    /// One frame from the call to the store: each frame that waits within a grain costs a task, its continuation and another task that
    /// runs it, and every event waits here.
    /// </remarks>
    /// <param name="events">The events.</param>
    /// <param name="hashes">The content hashes of events that another log held before; default for those of callers.</param>
    /// <param name="commit">How.</param>
    /// <param name="reply">Makes the answer of the recording, which has an outcome for each event given, and of how long it took.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    private async Task<T> CommitAsync<T>(
        ImmutableArray<CustomerEvent> events, ImmutableArray<ulong> hashes, Commit commit, Func<CustomerGrain, Recording, TimeSpan, T> reply, CancellationToken cancellationToken)
    {
        (_isWriting, _isCommitting) = (true, true);
        List<WaitingWrite>? along = null;
        try
        {
            RequireLoaded();
            var started = services.Clock.GetTimestamp();
            if (_isInDoubt)
            {
                await LoadAsync(cancellationToken);
            }

            if ((commit & Commit.Shared) != Commit.None && _waiting?.TakeAlong(services.Options.CustomerCommitEventsMax - events.Length) is { } waiting)
            {
                // Who began it may go: the others wait.
                (along, cancellationToken) = (waiting, CancellationToken.None);
            }

            Dictionary<string, (long Sequence, ulong ContentHash)>? known = null;
            while (true)
            {
                var (strategy, now) = (Strategy, services.Clock.GetUtcNow());
                var recording = Plan(State, events, hashes, strategy, now, known, (commit & Commit.Wake) != Commit.None);
                var all = along is null ? recording : PlanAlong(recording, along, strategy, now, known);
                if (known is null && all.Outcomes.Any(static outcome => outcome.Status == RecordStatus.Rejected))
                {
                    // What cannot be applied now may have been applied when the clock or the strategy was another: a repeat is known for ever.
                    known = ById(await FindMessagesAsync(all.Outcomes, cancellationToken));
                    continue;
                }

                if (!all.Accepted.IsEmpty)
                {
                    var dueAt = RowFor(all, strategy, now, (commit & Commit.Wake) != Commit.None);
                    _commitReaches = all.Next.Sequence;
                    switch (await services.Log.AppendAsync(_key, State.Sequence, all.Accepted, dueAt, cancellationToken))
                    {
                        case AppendResult.Appended:
                            _dueAt = dueAt ?? _dueAt;
                            Swap(all);
                            break;
                        case AppendResult.KnownMessages repeats when known is null:
                            known = ById(repeats.Messages);
                            continue;
                        case AppendResult.Busy busy:
                            throw Overloaded(busy.RetryAfter);
                        default:
                            throw LostOwnership(State.Sequence);
                    }
                }

                along?.ForEach(write => write.SetResult(Recorded(write.Recording!, services.Clock.GetElapsedTime(write.Arrived))));
                return reply(this, recording, services.Clock.GetElapsedTime(started));
            }
        }
        catch (StorageUnavailableException e)
        {
            // Whether it was written is unknown. Decisions go on from the state held; the next write loads first.
            _isInDoubt = true;
            var failure = Unavailable(e);
            along?.ForEach(write => write.TrySetException(failure));
            throw failure;
        }
        catch (Exception e) when (along is not null)
        {
            along.ForEach(write => write.TrySetException(e));
            throw;
        }
        finally
        {
            EndCommit();
            if ((commit & Commit.IsTurn) != Commit.None)
            {
                EndTurn();
            }
        }
    }

    private static Dictionary<string, (long Sequence, ulong ContentHash)> ById(ImmutableArray<KnownMessage> messages) =>
        messages.ToDictionary(message => message.MessageId, message => (message.Sequence, message.ContentHash));

    private RecordReply Recorded(Recording recording, TimeSpan took)
    {
        services.Meter.Recorded(recording, took);
        return new(State.Sequence, recording.Outcomes);
    }

    private Task<RecordReply> RecordHereAsync(ImmutableArray<CustomerEvent> events, ImmutableArray<ulong> hashes, CancellationToken cancellationToken) =>
        CommitAsync(events, hashes, Commit.None, _recorded, cancellationToken);

    private Recording Plan(
        CustomerState state,
        ImmutableArray<CustomerEvent> events,
        ImmutableArray<ulong> hashes,
        Strategy strategy,
        DateTimeOffset now,
        IReadOnlyDictionary<string, (long Sequence, ulong ContentHash)>? known,
        bool isWake)
    {
        if (isWake)
        {
            return now < _quietUntil ? Recorder.Plan(state, [], strategy, now) : Waking.Plan(state, strategy, now, now, Limits.WakesAtOnceMax);
        }

        var passed = PassedBefore(state, events, strategy, now);
        var recording = Recorder.Plan(passed?.Next ?? state, events, strategy, now, known, hashes);
        if (!hashes.IsDefault)
        {
            // Answers and signals were told when they came.
            recording = recording with { Changes = recording.Changes.RemoveAll(static change => change.Kind is ChangeKind.Response or ChangeKind.Triggered) };
        }

        // Where none is recorded, what time brought about is left to the sweep.
        return passed is null ? recording
            : recording.Accepted.IsEmpty ? recording with { Next = state }
            : new(recording.Outcomes, [.. passed.Accepted, .. recording.Accepted], recording.Next, [.. passed.Changes, .. recording.Changes]);
    }

    // Each is planned on the state that those before it leave, as if they were committed one after another; none knows of the others' mistakes.
    private Recording PlanAlong(
        Recording first,
        List<WaitingWrite> along,
        Strategy strategy,
        DateTimeOffset now,
        Dictionary<string, (long Sequence, ulong ContentHash)>? known)
    {
        // The state's window of message ids may be too small for all of them, and the log does not have them yet.
        var ids = known is null ? new(StringComparer.Ordinal) : new Dictionary<string, (long Sequence, ulong ContentHash)>(known, StringComparer.Ordinal);
        var all = ImmutableArray.CreateBuilder<Recording>(along.Count + 1);
        Add(first);
        foreach (var write in along)
        {
            write.Recording = Plan(all[^1].Next, write.Events, hashes: default, strategy, now, ids, isWake: false);
            Add(write.Recording);
        }

        return Recording.Together(all.MoveToImmutable());

        void Add(Recording recording)
        {
            all.Add(recording);
            foreach (var accepted in recording.Accepted)
            {
                ids[accepted.Event.MessageId] = (accepted.Sequence, accepted.ContentHash);
            }
        }
    }

    private void Swap(Recording recording)
    {
        State = recording.Next;
        foreach (var change in recording.Changes)
        {
            _offers = change.Response is { } response ? _offers.Answered(response) : _offers;
        }

        Publish(recording.Changes);
        KeepSnapshot(services.Options.SnapshotEvery);
    }
}
