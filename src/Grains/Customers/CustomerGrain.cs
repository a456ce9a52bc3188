using System.Collections.Immutable;
using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Storage;
using Orleans;

namespace Decisioning.Grains.Customers;

/// <summary>One customer. INVARIANT (single writer): only this activation writes the customer's log; the log refuses a second one.</summary>
public sealed partial class CustomerGrain(CustomerServices services) : Grain, ICustomerGrain
{
    private CustomerKey _key;

    // INVARIANT (memory follows disk): the state held has always been committed. Readers take the reference once.
    private CustomerState _state = CustomerState.Empty;
    private OpenOffers _offers = OpenOffers.Empty;
    private bool _isInDoubt;

    // Decisions recorded since one said the offers; 0 when the next one has to.
    private byte _offersFollow;

    /// <inheritdoc/>
    public async Task<RecordReply> RecordAsync(RecordRequest request, CancellationToken cancellationToken = default)
    {
        var started = services.Clock.GetTimestamp();
        var recording = await WhileCommittingAsync(request.Events, cancellationToken);
        services.Meter.Recorded(recording, services.Clock.GetElapsedTime(started));
        return new(_state.Sequence, recording.Outcomes);
    }

    /// <inheritdoc/>
    public ValueTask<DecideReply> DecideAsync(DecideRequest request, CancellationToken cancellationToken = default) =>
        _state.Sequence >= request.MinSequence ? new(Decide(request.Request)) : DecideWhenReachedAsync(request, cancellationToken);

    /// <inheritdoc/>
    public async Task<RecordAndDecideReply> RecordAndDecideAsync(RecordRequest record, DecideRequest decide, CancellationToken cancellationToken = default)
    {
        var recorded = await RecordAsync(record, cancellationToken);
        return new(recorded, await DecideAsync(decide, cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask<ViewReply> ViewAsync(ViewRequest request, CancellationToken cancellationToken = default) =>
        await ReachAsync(request.MinSequence, cancellationToken)
            ? new(_state.Sequence, CustomerViews.Of(_state, Strategy, services.Clock.GetUtcNow()))
            : new(_state.Sequence, null);

    /// <inheritdoc/>
    public ValueTask KeepWatchedAsync(TimeSpan lease)
    {
        var now = services.Clock.GetUtcNow();
        _watchedUntil = now + (lease < services.Options.WatchLeaseMax ? lease : services.Options.WatchLeaseMax);
        return default;
    }

    private async Task<Recording> CommitAsync(ImmutableArray<CustomerEvent> events, CancellationToken cancellationToken)
    {
        if (_isInDoubt)
        {
            await LoadAsync(cancellationToken);
        }

        Dictionary<string, (long Sequence, ulong ContentHash)>? known = null;
        while (true)
        {
            var recording = Recorder.Plan(_state, events, Strategy, services.Clock.GetUtcNow(), known);
            if (recording.Accepted.IsEmpty)
            {
                return recording;
            }

            switch (await AppendAsync(recording, cancellationToken))
            {
                case AppendResult.Appended:
                    Swap(recording);
                    return recording;
                case AppendResult.KnownMessages repeats when known is null:
                    known = repeats.Messages.ToDictionary(message => message.MessageId, message => (message.Sequence, message.ContentHash));
                    break;
                case AppendResult.Busy busy:
                    throw Overloaded(busy.RetryAfter);
                default:
                    throw LostOwnership(_state.Sequence);
            }
        }
    }

    private void Swap(Recording recording)
    {
        _state = recording.Next;
        foreach (var change in recording.Changes)
        {
            _offers = change.Response is { } response ? _offers.Answered(response) : _offers;
        }

        Publish(recording.Changes);
        KeepSnapshot(services.Options.SnapshotEvery);
    }

    private async ValueTask<DecideReply> DecideWhenReachedAsync(DecideRequest request, CancellationToken cancellationToken) =>
        await ReachAsync(request.MinSequence, cancellationToken) ? Decide(request.Request) : new(_state.Sequence, null);

    private DecideReply Decide(DecisionRequest request)
    {
        var started = services.Clock.GetTimestamp();
        var now = services.Clock.GetUtcNow();
        var offers = _offers.At(now);
        var decision = Decider.Decide(_key, _state, offers, Strategy, request, now);
        if (!request.DryRun)
        {
            _offers = offers.With(decision);
            var isTaken = services.Decisions.TryWrite(new DecisionRecord(_key, request, decision, OffersCounted.Of(offers, _offersFollow == 0)));
            _offersFollow = isTaken && _offersFollow < Limits.DecisionsUntilOffersSaid ? (byte)(_offersFollow + 1) : (byte)0;
            Publish([new CustomerChange(ChangeKind.Decision, decision.Sequence, decision.DecisionId, now)]);
        }

        services.Meter.Decided(services.Clock.GetElapsedTime(started));
        return new(decision.Sequence, decision);
    }
}
