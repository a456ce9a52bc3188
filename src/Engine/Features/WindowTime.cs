namespace Decisioning.Engine.Features;

/// <summary>
/// The time axis of windows: ticks from 1970, cut into buckets of a 64th of the window whose edges are multiples of that
/// width from 1970. At an instant a window holds the bucket of that instant and the 63 before it (and, where a caller's
/// clock runs ahead of ours, what follows it): everything younger than 63/64 of the window is in, nothing older than
/// the window is, and what lies between is in or out by whole buckets.
/// </summary>
internal static class WindowTime
{
    // 1,000 years: the arithmetic below stays far from overflow at the ends of the calendar.
    private const long WithinTicksMax = 1_000L * 366 * TimeSpan.TicksPerDay;

    public static long Ticks(DateTimeOffset at) => at.UtcTicks - DateTime.UnixEpoch.Ticks;

    public static DateTimeOffset Instant(long ticks) =>
        new(Math.Clamp(ticks, -DateTime.UnixEpoch.Ticks, DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks) + DateTime.UnixEpoch.Ticks, TimeSpan.Zero);

    public static long Length(TimeSpan within) => Math.Clamp(within.Ticks, Limits.WindowBuckets, WithinTicksMax);

    public static long Width(TimeSpan within) => Length(within) / Limits.WindowBuckets;

    public static long Bucket(long ticks, long width)
    {
        var (quotient, remainder) = Math.DivRem(ticks, width);
        return remainder < 0 ? quotient - 1 : quotient;
    }

    /// <summary>The newest bucket that is out of the window at an instant.</summary>
    public static long Edge(long now, long width) => Bucket(now, width) - Limits.WindowBuckets;

    /// <summary>From when a bucket is out of the window.</summary>
    public static long LeavesAt(long bucket, long width) => (bucket + Limits.WindowBuckets) * width;
}
