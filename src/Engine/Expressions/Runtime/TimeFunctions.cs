using NodaTime;

namespace Decisioning.Engine.Expressions.Runtime;

/// <summary>Parts of instants and spans. Without a time zone, instants are read in UTC.</summary>
internal static class TimeFunctions
{
    [Cel("getFullYear", CallStyle.Member)]
    public static long Year(DateTimeOffset at) => at.UtcDateTime.Year;

    [Cel("getMonth", CallStyle.Member)]
    public static long Month(DateTimeOffset at) => at.UtcDateTime.Month - 1;

    [Cel("getDate", CallStyle.Member)]
    public static long Date(DateTimeOffset at) => at.UtcDateTime.Day;

    [Cel("getDayOfMonth", CallStyle.Member)]
    public static long DayOfMonth(DateTimeOffset at) => at.UtcDateTime.Day - 1;

    [Cel("getDayOfWeek", CallStyle.Member)]
    public static long DayOfWeek(DateTimeOffset at) => (long)at.UtcDateTime.DayOfWeek;

    [Cel("getDayOfYear", CallStyle.Member)]
    public static long DayOfYear(DateTimeOffset at) => at.UtcDateTime.DayOfYear - 1;

    [Cel("getHours", CallStyle.Member)]
    public static long Hours(DateTimeOffset at) => at.UtcDateTime.Hour;

    [Cel("getMinutes", CallStyle.Member)]
    public static long Minutes(DateTimeOffset at) => at.UtcDateTime.Minute;

    [Cel("getSeconds", CallStyle.Member)]
    public static long Seconds(DateTimeOffset at) => at.UtcDateTime.Second;

    [Cel("getMilliseconds", CallStyle.Member)]
    public static long Milliseconds(DateTimeOffset at) => at.UtcDateTime.Millisecond;

    [Cel("getFullYear", CallStyle.Member)]
    public static Fault Year(DateTimeOffset at, string zone, out long part) => In(zone, at, static local => local.Year, out part);

    [Cel("getMonth", CallStyle.Member)]
    public static Fault Month(DateTimeOffset at, string zone, out long part) => In(zone, at, static local => local.Month - 1, out part);

    [Cel("getDate", CallStyle.Member)]
    public static Fault Date(DateTimeOffset at, string zone, out long part) => In(zone, at, static local => local.Day, out part);

    [Cel("getDayOfMonth", CallStyle.Member)]
    public static Fault DayOfMonth(DateTimeOffset at, string zone, out long part) => In(zone, at, static local => local.Day - 1, out part);

    [Cel("getDayOfWeek", CallStyle.Member)]
    public static Fault DayOfWeek(DateTimeOffset at, string zone, out long part) => In(zone, at, static local => (long)local.DayOfWeek, out part);

    [Cel("getDayOfYear", CallStyle.Member)]
    public static Fault DayOfYear(DateTimeOffset at, string zone, out long part) => In(zone, at, static local => local.DayOfYear - 1, out part);

    [Cel("getHours", CallStyle.Member)]
    public static Fault Hours(DateTimeOffset at, string zone, out long part) => In(zone, at, static local => local.Hour, out part);

    [Cel("getMinutes", CallStyle.Member)]
    public static Fault Minutes(DateTimeOffset at, string zone, out long part) => In(zone, at, static local => local.Minute, out part);

    [Cel("getSeconds", CallStyle.Member)]
    public static Fault Seconds(DateTimeOffset at, string zone, out long part) => In(zone, at, static local => local.Second, out part);

    [Cel("getMilliseconds", CallStyle.Member)]
    public static Fault Milliseconds(DateTimeOffset at, string zone, out long part) => In(zone, at, static local => local.Millisecond, out part);

    [Cel("getHours", CallStyle.Member)]
    public static long Hours(TimeSpan span) => span.Ticks / TimeSpan.TicksPerHour;

    [Cel("getMinutes", CallStyle.Member)]
    public static long Minutes(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMinute;

    [Cel("getSeconds", CallStyle.Member)]
    public static long Seconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerSecond;

    [Cel("getMilliseconds", CallStyle.Member)]
    public static long Milliseconds(TimeSpan span) => span.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMillisecond;

    private static Fault In(string zone, DateTimeOffset at, Func<DateTime, long> part, out long value)
    {
        value = 0;
        if (!TimeText.TryOffset(zone, out var offset))
        {
            if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is not { } found)
            {
                return Fault.BadZone;
            }

            offset = found.GetUtcOffset(Instant.FromDateTimeOffset(at)).ToTimeSpan();
        }

        if (!TimeText.TryInstant(at.UtcTicks, offset.Ticks, out var local))
        {
            return Fault.Overflow;
        }

        value = part(local.UtcDateTime);
        return Fault.None;
    }
}
