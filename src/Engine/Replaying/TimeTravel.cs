using System.Collections.Immutable;
using Decisioning.Engine.Customers;

namespace Decisioning.Engine.Replaying;

/// <summary>What a log had at an instant.</summary>
public static class TimeTravel
{
    /// <summary>
    /// The events that were there at an instant: all up to the first that was received after it, by the clock of the silo that received it.
    /// Where that clock was set back, what follows the first later event is later too: a log has one order.
    /// </summary>
    /// <param name="events">Events in sequence order.</param>
    /// <param name="at">The instant; what was received exactly then was there.</param>
    public static ImmutableArray<RecordedEvent> UpTo(ImmutableArray<RecordedEvent> events, DateTimeOffset at)
    {
        var count = 0;
        while (count < events.Length && events[count].Event.ReceivedAt <= at)
        {
            count++;
        }

        return events[..count];
    }
}
