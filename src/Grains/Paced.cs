namespace Decisioning.Grains;

/// <summary>Lets one of many through in each interval: for what a thousand callers a second would otherwise write to the log of a silo in trouble.</summary>
internal sealed class Paced(TimeProvider clock, TimeSpan every)
{
    private long _next = long.MinValue;

    /// <summary>Whether it is time again; true for one caller per interval, the first one at once. Safe for concurrent use.</summary>
    public bool IsDue()
    {
        var (now, next) = (clock.GetTimestamp(), Volatile.Read(ref _next));
        return now >= next && Interlocked.CompareExchange(ref _next, now + (long)(every.TotalSeconds * clock.TimestampFrequency), next) == next;
    }
}
