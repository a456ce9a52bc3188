using System.Collections.Immutable;
using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Strategies;
using Decisioning.Storage;
using Orleans;

namespace Decisioning.Grains.Customers;

/// <summary>One customer. INVARIANT (single writer): only this activation writes the customer's log; the log refuses a second one.</summary>
public sealed partial class CustomerGrain(CustomerServices services) : Grain, ICustomerGrain
{
    private CustomerKey _key;

    private readonly HeldState _held = new(services.OpenStates);
    private OpenOffers _offers = OpenOffers.Empty;
    private bool _isInDoubt;

    // Decisions recorded since one said the offers; 0 when the next one has to.
    private byte _offersFollow;

    private long _rateUsed;

    // INVARIANT (memory follows disk): the state held has always been committed. Readers take the reference once.
    private CustomerState State
    {
        get => _held.Value;
        set => _held.Value = value;
    }

    /// <inheritdoc/>
    public Task<RecordReply> RecordAsync(RecordRequest request, CancellationToken cancellationToken = default)
    {
        _isAsked = true;
        if (services.Rate.Refuses(ref _rateUsed, request.Events.Length) is { } delay)
        {
            services.Meter.RateExceeded(request.Events.Length);
            throw new TooManyEventsException("more events of one customer came than are taken; none of these was recorded: repeat in a while with the same ids", delay);
        }

        return _isInDoubt || State.MovedTo is not null || !request.Identities.IsEmpty
            ? RecordOrPassOnAsync(request, cancellationToken)
            : RecordHereAsync(request.Events, hashes: default, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<DecideReply> DecideAsync(DecideRequest request, CancellationToken cancellationToken = default)
    {
        // What nobody waits for any more must not count as offered.
        cancellationToken.ThrowIfCancellationRequested();
        return State.MovedTo is { } moved ? DecideElsewhere(moved, request, cancellationToken)
            : _notLoaded is null && State.Sequence >= request.MinSequence ? new(Decide(request.Request))
            : DecideWhenReachedAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<RecordAndDecideReply> RecordAndDecideAsync(RecordRequest record, DecideRequest decide, CancellationToken cancellationToken = default)
    {
        var recorded = await RecordAsync(record, cancellationToken);
        return new(recorded, await DecideAsync(decide, cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask<ViewReply> ViewAsync(ViewRequest request, CancellationToken cancellationToken = default)
    {
        RequireLoaded();
        _isAsked = true;
        var isReached = State.MovedTo is null && await ReachAsync(request.MinSequence, cancellationToken);
        return State.MovedTo is { } moved ? await Grain(moved.To).ViewAsync(request, cancellationToken)
            : isReached ? new(State.Sequence, CustomerViews.Of(State, Strategy, services.Clock.GetUtcNow()))
            {
                Customer = _key,
                Identities = [.. State.Identities.Select(identity => identity.Key)],
            }
            : new(State.Sequence, null);
    }

    /// <inheritdoc/>
    public ValueTask KeepWatchedAsync(TimeSpan lease)
    {
        _isAsked = true;
        var now = services.Clock.GetUtcNow();
        _watchedUntil = now + (lease < services.Options.WatchLeaseMax ? lease : services.Options.WatchLeaseMax);
        return default;
    }

    /// <summary>Records events, and before them what time brought about; or, when woken, that alone.</summary>
    /// <remarks>
    /// One frame from the call to the store: each frame that waits within a grain costs a task, its continuation and another task that
    /// runs it, and every event waits here.
    /// </remarks>
    /// <param name="events">The events.</param>
    /// <param name="hashes">The content hashes of events that another log held before; default for those of callers.</param>
    /// <param name="isWake">Whether the due row had the customer woken.</param>
    /// <param name="reply">Makes the answer of the recording, which has an outcome for each event given, and of how long it took.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    private async Task<T> CommitAsync<T>(
        ImmutableArray<CustomerEvent> events, ImmutableArray<ulong> hashes, bool isWake, Func<CustomerGrain, Recording, TimeSpan, T> reply, CancellationToken cancellationToken)
    {
        RequireLoaded();
        var started = services.Clock.GetTimestamp();
        _isCommitting = true;
        try
        {
            if (_isInDoubt)
            {
                await LoadAsync(cancellationToken);
            }

            Dictionary<string, (long Sequence, ulong ContentHash)>? known = null;
            while (true)
            {
                var (strategy, now) = (Strategy, services.Clock.GetUtcNow());
                var recording = Plan(events, hashes, strategy, now, known, isWake);
                if (known is null && recording.Outcomes.Any(static outcome => outcome.Status == RecordStatus.Rejected))
                {
                    // What cannot be applied now may have been applied when the clock or the strategy was another: a repeat is known for ever.
                    known = ById(await FindMessagesAsync(events, cancellationToken));
                    continue;
                }

                if (recording.Accepted.IsEmpty)
                {
                    return reply(this, recording, services.Clock.GetElapsedTime(started));
                }

                var dueAt = RowFor(recording, strategy, now, isWake);
                _commitReaches = recording.Next.Sequence;
                switch (await services.Log.AppendAsync(_key, State.Sequence, recording.Accepted, dueAt, cancellationToken))
                {
                    case AppendResult.Appended:
                        _dueAt = dueAt ?? _dueAt;
                        Swap(recording);
                        return reply(this, recording, services.Clock.GetElapsedTime(started));
                    case AppendResult.KnownMessages repeats when known is null:
                        known = ById(repeats.Messages);
                        break;
                    case AppendResult.Busy busy:
                        throw Overloaded(busy.RetryAfter);
                    default:
                        throw LostOwnership(State.Sequence);
                }
            }
        }
        catch (StorageUnavailableException e)
        {
            // Whether it was written is unknown. Decisions go on from the state held; the next write loads first.
            _isInDoubt = true;
            throw Unavailable(e);
        }
        finally
        {
            EndCommit();
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
        CommitAsync(events, hashes, isWake: false, static (grain, recording, took) => grain.Recorded(recording, took), cancellationToken);

    private Recording Plan(
        ImmutableArray<CustomerEvent> events,
        ImmutableArray<ulong> hashes,
        Strategy strategy,
        DateTimeOffset now,
        Dictionary<string, (long Sequence, ulong ContentHash)>? known,
        bool isWake)
    {
        if (isWake)
        {
            return now < _quietUntil ? Recorder.Plan(State, [], strategy, now) : Waking.Plan(State, strategy, now, now, Limits.WakesAtOnceMax);
        }

        var passed = PassedBefore(events, strategy, now);
        var recording = Recorder.Plan(passed?.Next ?? State, events, strategy, now, known, hashes);
        if (!hashes.IsDefault)
        {
            // Answers and signals were told when they came.
            recording = recording with { Changes = recording.Changes.RemoveAll(static change => change.Kind is ChangeKind.Response or ChangeKind.Triggered) };
        }

        return passed is null || recording.Accepted.IsEmpty
            ? recording
            : new(recording.Outcomes, [.. passed.Accepted, .. recording.Accepted], recording.Next, [.. passed.Changes, .. recording.Changes]);
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

    private async ValueTask<DecideReply> DecideWhenReachedAsync(DecideRequest request, CancellationToken cancellationToken)
    {
        RequireLoaded();
        return await ReachAsync(request.MinSequence, cancellationToken) is var isReached && State.MovedTo is { } moved
            ? await DecideElsewhere(moved, request, cancellationToken)
            : isReached ? Decide(request.Request) : new(State.Sequence, null);
    }

    private DecideReply Decide(DecisionRequest request)
    {
        _isAsked = true;
        using var span = DecisionSpan.Start();
        var started = services.Clock.GetTimestamp();
        var now = services.Clock.GetUtcNow();
        var offers = _offers.At(now);
        var decision = Decider.Decide(_key, State, offers, Strategy, request, now);
        if (!request.DryRun)
        {
            _offers = offers.With(decision);
            var isTaken = services.Decisions.TryWrite(new DecisionRecord(_key, request, decision, OffersCounted.Of(offers, _offersFollow == 0)));
            _offersFollow = isTaken && _offersFollow < Limits.DecisionsUntilOffersSaid ? (byte)(_offersFollow + 1) : (byte)0;
            Publish([new CustomerChange(ChangeKind.Decision, decision.Sequence, decision.DecisionId, now)]);
        }

        if (span is not null)
        {
            DecisionSpan.Say(span, decision);
        }

        services.Meter.Decided(services.Clock.GetElapsedTime(started));
        return new(decision.Sequence, decision);
    }
}
