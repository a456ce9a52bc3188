namespace Decisioning.Engine.Features;

/// <summary>The time axis of windows: ticks from 1970.</summary>
internal static class WindowTime
{
    public static long Ticks(DateTimeOffset at) => at.UtcTicks - DateTime.UnixEpoch.Ticks;

    public static DateTimeOffset Instant(long ticks) =>
        new(Math.Clamp(ticks, -DateTime.UnixEpoch.Ticks, DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks) + DateTime.UnixEpoch.Ticks, TimeSpan.Zero);
}
