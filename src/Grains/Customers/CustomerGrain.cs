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

        return _isWriting ? RecordInTurnAsync(request, cancellationToken)
            : IsRecordedHere(request) ? CommitAsync(request.Events, hashes: default, Commit.Shared | Commit.IsTurn, _recorded, cancellationToken)
            : RecordOrPassOnInTurnAsync(request, cancellationToken);
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
