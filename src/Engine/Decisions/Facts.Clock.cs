using NodaTime;

namespace Decisioning.Engine.Decisions;

/// <summary>How fine a reading of the local time is.</summary>
internal enum LocalUnit : byte
{
    /// <summary>Changes with the minute.</summary>
    Minute = 1,

    /// <summary>Changes with the hour.</summary>
    Hour = 2,

    /// <summary>Changes at midnight: the day, the weekday, the month, the year, calendars, ages.</summary>
    Day = 3,
}

// When the customer's local time changes.
public sealed partial class Facts
{
    /// <summary>
    /// The first instant after now at which a reading of the local time may be another: where the next minute, hour or day begins, or
    /// where the clocks are changed before that. <see cref="DateTimeOffset.MaxValue"/> at the end of the calendar.
    /// </summary>
    internal DateTimeOffset NextLocal(LocalUnit unit)
    {
        if (Now >= _latest)
        {
            return DateTimeOffset.MaxValue;
        }

        var local = Local;
        var begun = unit switch
        {
            LocalUnit.Minute => local.PlusTicks(-(local.TickOfDay % NodaConstants.TicksPerMinute)).PlusMinutes(1),
            LocalUnit.Hour => local.PlusTicks(-(local.TickOfDay % NodaConstants.TicksPerHour)).PlusHours(1),
            _ => local.Date.PlusDays(1).AtMidnight(),
        };

        // Within an interval of the zone local time runs as the instant does.
        var instant = Instant.FromDateTimeOffset(Now);
        var interval = _zone!.GetZoneInterval(instant);
        var next = begun.WithOffset(interval.WallOffset).ToInstant();
        return (interval.HasEnd && interval.End < next ? interval.End : next).ToDateTimeOffset();
    }
}
