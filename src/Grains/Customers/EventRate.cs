namespace Decisioning.Grains.Customers;

/// <summary>
/// How many events are taken of one customer: so many per second, and so many at once. What a customer used of it is one number in its
/// grain: nothing is held for who is not in memory.
/// </summary>
/// <param name="perSecond">Events per second in the long run; 0 for no limit.</param>
/// <param name="burst">Events at once.</param>
/// <param name="clock">What time is measured with.</param>
internal sealed class EventRate(int perSecond, int burst, TimeProvider clock)
{
    private readonly long _each = perSecond == 0 ? 0 : Math.Max(1, clock.TimestampFrequency / perSecond);

    /// <summary>Takes events, or tells how long to wait before as many are taken.</summary>
    /// <param name="used">Until when the customer has used what it may, as a timestamp of the clock; 0 at first.</param>
    /// <param name="events">How many.</param>
    /// <returns>Null when they are taken.</returns>
    public TimeSpan? Refuses(ref long used, int events)
    {
        if (_each == 0)
        {
            return null;
        }

        var now = clock.GetTimestamp();
        var room = _each * burst;

        // Further ahead than all of it together, it can only be that the clock was set back.
        var until = (used > now + room ? now : Math.Max(used, now)) + (_each * events);
        if (until - now > room)
        {
            return clock.GetElapsedTime(now, until - room);
        }

        used = until;
        return null;
    }
}
