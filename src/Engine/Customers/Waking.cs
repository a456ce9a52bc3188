using System.Collections.Immutable;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Timing;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Customers;

/// <summary>What happens when nothing happens: the events by which a customer's log says that time passed.</summary>
public static class Waking
{
    private const string IdPrefix = "time-passed-";

    /// <summary>In place of an instant that never comes.</summary>
    public static readonly DateTimeOffset Never = DateTimeOffset.MaxValue;

    private static readonly DateTimeOffset LatestInstant = DateTimeOffset.MaxValue.AddSeconds(-1);

    /// <summary>
    /// The next instant at which time alone may change a stage, a segment, a tag, a grade, or whether a rule holds that does something:
    /// after the instant the state stands at (<see cref="CustomerState.AsOf"/>), in whole microseconds, and never later than the true one but where a
    /// condition computes with time in a way that is not foreseen (<see cref="Limits.UnforeseenStep"/>). It may be earlier: then a wake changes nothing.
    /// </summary>
    /// <param name="state">The customer.</param>
    /// <param name="strategy">The strategy that runs.</param>
    /// <param name="now">The silo's clock: when a customer is due who has not met this strategy yet.</param>
    /// <returns>The instant, which may be in the past: due at once. Null for never.</returns>
    public static DateTimeOffset? NextAt(CustomerState state, Strategy strategy, DateTimeOffset now) => NextAt(state, strategy, now, LatestInstant);

    /// <summary>The same as far as a last instant, that included; null for none up to it. Costs less the nearer it is.</summary>
    internal static DateTimeOffset? NextAt(CustomerState state, Strategy strategy, DateTimeOffset now, DateTimeOffset last, ulong[]? touched = null)
    {
        if (state.AsOf() is not { } asOf)
        {
            return null;
        }

        var next = state.FoldedWith == strategy.Hash ? UpToMicrosecond(ForesightSearch.Rent(strategy).Find(state, asOf, last.AddTicks(1), touched))
            : now > asOf ? now
            : asOf + Limits.FollowUp;
        return next > last ? null : next;
    }

    /// <summary>
    /// The next instant if it is before a known one, at which the customer is looked at anyway. Costs far less than
    /// <see cref="NextAt(CustomerState, Strategy, DateTimeOffset)"/>: what the events did not touch is not asked, since for that the known instant
    /// is early enough.
    /// </summary>
    /// <param name="recording">What is recorded of the customer.</param>
    /// <param name="strategy">The strategy that it was planned with.</param>
    /// <param name="now">The silo's clock.</param>
    /// <param name="before">
    /// The known instant, not later than the next one of the customer before the recording, <see cref="Never"/> where there was none; null for not known: all is asked.
    /// </param>
    /// <returns>The instant; null when there is none before the known one.</returns>
    public static DateTimeOffset? NextBefore(Recording recording, Strategy strategy, DateTimeOffset now, DateTimeOffset? before) =>
        before is not { } known ? NextAt(recording.Next, strategy, now)
        : recording.Next.AsOf() >= known ? null
        : NextAt(recording.Next, strategy, now, known == Never ? LatestInstant : known.AddTicks(-TimeSpan.TicksPerMicrosecond), recording.Touched);

    /// <summary>
    /// Plans what time brought about up to an instant: an event for each instant at which something changes, in their order, and after
    /// <paramref name="instantsMax"/> of them one for the last instant, where the rest is looked at once.
    /// </summary>
    /// <param name="state">The committed state.</param>
    /// <param name="strategy">The strategy that runs.</param>
    /// <param name="until">The last instant, that included; not ahead of <paramref name="now"/>.</param>
    /// <param name="now">The silo's clock.</param>
    /// <param name="instantsMax">How many instants are looked at each by itself.</param>
    /// <returns>The events as they are to be recorded, with an outcome each; none when nothing is due.</returns>
    public static Recording Plan(CustomerState state, Strategy strategy, DateTimeOffset until, DateTimeOffset now, int instantsMax)
    {
        var outcomes = ImmutableArray.CreateBuilder<RecordOutcome>();
        var accepted = ImmutableArray.CreateBuilder<RecordedEvent>();
        var changes = ImmutableArray.CreateBuilder<CustomerChange>();
        while (outcomes.Count <= instantsMax && NextAt(state, strategy, until, until) is { } next)
        {
            var one = Recorder.Plan(state, [EventAt(outcomes.Count < instantsMax ? next : until, now)], strategy, now);
            outcomes.AddRange(one.Outcomes);
            accepted.AddRange(one.Accepted);
            changes.AddRange(one.Changes);
            state = one.Next;
        }

        return new(outcomes.DrainToImmutable(), accepted.DrainToImmutable(), state, changes.DrainToImmutable());
    }

    /// <summary>Whether a message id is one that only <see cref="EventAt"/> gives.</summary>
    public static bool IsWakeId(string messageId) => messageId.StartsWith(IdPrefix, StringComparison.Ordinal);

    /// <summary>The event that says so: record it as any other. Given twice for one instant it is applied once.</summary>
    /// <param name="at">The instant as of which everything is looked at again; at most <see cref="Limits.ClockSkewMax"/> ahead of the silo's clock.</param>
    /// <param name="now">The silo's clock.</param>
    public static CustomerEvent EventAt(DateTimeOffset at, DateTimeOffset now) => new(
        $"{IdPrefix}{at.UtcTicks / TimeSpan.TicksPerMicrosecond}", EventType.Wake, EventNames.TimePassed, at, now, PropertyMap.Empty, PropertyMap.Empty);

    // Recorded instants are in whole microseconds, cut: one that lies between two is reached by the later of them.
    private static DateTimeOffset UpToMicrosecond(DateTimeOffset at) =>
        at < LatestInstant && at.UtcTicks % TimeSpan.TicksPerMicrosecond is > 0 and var rest ? at.AddTicks(TimeSpan.TicksPerMicrosecond - rest) : at;
}
