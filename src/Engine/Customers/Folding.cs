using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Customers;

/// <summary>
/// Events become state. INVARIANT (deterministic): one by one, in batches and after a restart give the same state; all ways,
/// <see cref="Recorder.Plan"/> included, take the same step per event.
/// </summary>
public static class Folding
{
    /// <summary>The state after one recorded event.</summary>
    /// <exception cref="ArgumentException">The event is not the one that follows the state.</exception>
    public static CustomerState Apply(CustomerState state, RecordedEvent recorded, Strategy strategy) => Replay(state, [recorded], strategy);

    /// <summary>The state after the tail of a log.</summary>
    /// <param name="snapshot">The state up to the first event.</param>
    /// <param name="events">What follows, in sequence order without a gap.</param>
    /// <param name="strategy">The strategy that runs.</param>
    /// <exception cref="ArgumentException">The events do not follow the snapshot without a gap.</exception>
    public static CustomerState Replay(CustomerState snapshot, IEnumerable<RecordedEvent> events, Strategy strategy) =>
        Replay(snapshot, events, _ => strategy);

    /// <summary>The state after the tail of a log that several versions of the strategy wrote: each event with the one it became state with.</summary>
    /// <param name="snapshot">The state up to the first event.</param>
    /// <param name="events">What follows, in sequence order without a gap.</param>
    /// <param name="strategies">
    /// Gives the strategy for a <see cref="RecordedEvent.StrategyVersion"/>, asked once for each run of events of one version.
    /// </param>
    /// <exception cref="ArgumentException">The events do not follow the snapshot without a gap.</exception>
    public static CustomerState Replay(CustomerState snapshot, IEnumerable<RecordedEvent> events, Func<long, Strategy> strategies)
    {
        var state = snapshot;
        Fold? fold = null;
        var version = 0L;
        foreach (var recorded in events)
        {
            if (fold is null || recorded.StrategyVersion != version)
            {
                state = End(fold, state);
                version = recorded.StrategyVersion;
                fold = Fold.Rent(strategies(version));
                fold.Begin(state, null);
            }

            if (recorded.Sequence != fold.Sequence + 1)
            {
                throw new ArgumentException($"event {recorded.Sequence} cannot follow sequence {fold.Sequence}", nameof(events));
            }

            fold.Apply(recorded, SeenMessages.HashOf(recorded.Event.MessageId));
        }

        return End(fold, state);
    }

    private static CustomerState End(Fold? fold, CustomerState before)
    {
        if (fold is null)
        {
            return before;
        }

        var next = fold.End();
        Fold.Return(fold);
        return next;
    }
}
