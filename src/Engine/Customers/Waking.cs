using Decisioning.Engine.Values;

namespace Decisioning.Engine.Customers;

/// <summary>What happens when nothing happens: the events by which a customer's log says that time passed.</summary>
public static class Waking
{
    /// <summary>The event that says so: record it as any other. Given twice for one instant it is applied once.</summary>
    /// <param name="at">The instant as of which everything is looked at again; at most <see cref="Limits.ClockSkewMax"/> ahead of the silo's clock.</param>
    /// <param name="now">The silo's clock.</param>
    public static CustomerEvent EventAt(DateTimeOffset at, DateTimeOffset now) => new(
        $"time-passed-{at.UtcTicks / TimeSpan.TicksPerMicrosecond}", EventType.Wake, EventNames.TimePassed, at, now, PropertyMap.Empty, PropertyMap.Empty);
}
