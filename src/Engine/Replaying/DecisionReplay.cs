using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Replaying;

/// <summary>
/// Makes the recorded decisions of one customer again, one after another: on the state at their sequence, with the offers that were open
/// then, by their strategy, as of their instant and with their seed. INVARIANT (deterministic): they come out as they were recorded.
/// Not safe for concurrent use.
/// </summary>
public sealed class DecisionReplay
{
    private readonly CustomerKey _customer;
    private readonly CustomerState _start;
    private readonly ImmutableArray<RecordedEvent> _events;
    private readonly Func<long, Strategy> _foldedWith;
    private CustomerState _state;
    private long _answeredTo;

    // Null where an offer is open of which the log does not know.
    private OpenOffers? _offers;

    /// <summary>Starts at the beginning of a log.</summary>
    /// <param name="customer">Whose decisions.</param>
    /// <param name="start">The state that stands for events no longer kept; <see cref="CustomerState.Empty"/> while all are.</param>
    /// <param name="events">Every event after it, in sequence order without a gap.</param>
    /// <param name="foldedWith">The strategy of each <see cref="RecordedEvent.StrategyVersion"/>.</param>
    public DecisionReplay(CustomerKey customer, CustomerState start, ImmutableArray<RecordedEvent> events, Func<long, Strategy> foldedWith)
    {
        (_customer, _start, _events, _foldedWith) = (customer, start, events, foldedWith);
        (_state, _answeredTo) = (start, start.Sequence);
    }

    /// <summary>Makes a decision again as it was recorded. Give them in the order recorded.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="recorded">What was answered.</param>
    /// <param name="counted">Which open offers counted; null in logs of before this was kept.</param>
    /// <param name="strategy">The strategy of <see cref="Decision.StrategyVersion"/>.</param>
    public ReplayedDecision Again(DecisionRequest request, Decision recorded, OffersCounted? counted, Strategy strategy)
    {
        if (!MoveTo(recorded.Sequence))
        {
            _offers = _offers?.With(recorded);
            return ReplayedDecision.Untold($"the events up to sequence {recorded.Sequence} are not kept");
        }

        var offers = OffersAt(recorded, counted);
        _offers = offers?.With(recorded);
        if (offers is null)
        {
            return ReplayedDecision.Untold($"of {counted!.Count} open offers that counted not all are in the log");
        }

        var again = Decider.Decide(_customer, _state, offers, strategy, request, recorded.DecidedAt);
        return new(again, DecisionComparison.Of(recorded, again), "");
    }

    /// <summary>
    /// Makes a decision as another strategy would have, had it been in force from the first event: then what it offered counts, not what
    /// was offered. Give them in the order recorded, and <c>foldedWith</c> gives that strategy for every version.
    /// </summary>
    /// <param name="request">What was asked.</param>
    /// <param name="recorded">What was answered.</param>
    /// <param name="strategy">The other strategy.</param>
    /// <returns>What differs is told of what is offered alone.</returns>
    public ReplayedDecision Otherwise(DecisionRequest request, Decision recorded, Strategy strategy)
    {
        if (!MoveTo(recorded.Sequence))
        {
            return ReplayedDecision.Untold($"the events up to sequence {recorded.Sequence} are not kept");
        }

        var offers = (_offers ?? OpenOffers.Empty).At(recorded.DecidedAt);
        var again = Decider.Decide(_customer, _state, offers, strategy, request, recorded.DecidedAt);
        _offers = offers.With(again);
        return new(again, DecisionComparison.OfOffers(recorded, again), "");
    }

    private OpenOffers? OffersAt(Decision recorded, OffersCounted? counted)
    {
        if (counted?.Said is { } said)
        {
            return OpenOffers.Held(said);
        }

        var known = _offers?.At(recorded.DecidedAt) ?? (counted is null or { Count: 0 } ? OpenOffers.Empty : null);
        return counted is null || counted.Count == known?.Offers.Length ? known : null;
    }

    // Decisions of two activations at once may go back a step: then the state is folded from the start again.
    private bool MoveTo(long sequence)
    {
        if (sequence < _start.Sequence || sequence > _start.Sequence + _events.Length)
        {
            return false;
        }

        var from = sequence < _state.Sequence ? _start : _state;
        var next = _events[(int)(from.Sequence - _start.Sequence)..(int)(sequence - _start.Sequence)];
        _state = next.IsEmpty ? from : Folding.Replay(from, next, _foldedWith);
        foreach (var recorded in next)
        {
            if (recorded.Sequence > _answeredTo && recorded.Event.Response is { } response)
            {
                _offers = _offers?.Answered(response);
            }
        }

        _answeredTo = Math.Max(_answeredTo, sequence);
        return true;
    }
}
