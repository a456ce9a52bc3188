using Decisioning.Engine.Strategies;
using Decisioning.Engine.Timing;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Customers;

/// <summary>What happens when nothing happens: the events by which a customer's log says that time passed.</summary>
public static class Waking
{
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
    internal static DateTimeOffset? NextAt(CustomerState state, Strategy strategy, DateTimeOffset now, DateTimeOffset last)
    {
        if (state.AsOf() is not { } asOf)
        {
            return null;
        }

        var next = state.FoldedWith == strategy.Hash ? UpToMicrosecond(ForesightSearch.Rent(strategy).Find(state, asOf, last.AddTicks(1)))
            : now > asOf ? now
            : asOf + Limits.FollowUp;
        return next > last ? null : next;
    }

    /// <summary>The event that says so: record it as any other. Given twice for one instant it is applied once.</summary>
    /// <param name="at">The instant as of which everything is looked at again; at most <see cref="Limits.ClockSkewMax"/> ahead of the silo's clock.</param>
    /// <param name="now">The silo's clock.</param>
    public static CustomerEvent EventAt(DateTimeOffset at, DateTimeOffset now) => new(
        $"time-passed-{at.UtcTicks / TimeSpan.TicksPerMicrosecond}", EventType.Wake, EventNames.TimePassed, at, now, PropertyMap.Empty, PropertyMap.Empty);

    // Recorded instants are in whole microseconds, cut: one that lies between two is reached by the later of them.
    private static DateTimeOffset UpToMicrosecond(DateTimeOffset at) =>
        at < LatestInstant && at.UtcTicks % TimeSpan.TicksPerMicrosecond is > 0 and var rest ? at.AddTicks(TimeSpan.TicksPerMicrosecond - rest) : at;
}
