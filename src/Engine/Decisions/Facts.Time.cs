using Decisioning.Engine.Calendars;
using Decisioning.Engine.Strategies;
using NodaTime;

namespace Decisioning.Engine.Decisions;

// The readers of the customer's local time: the zone of the profile's `timezone`, else of the situation's, else the strategy's.
public sealed partial class Facts
{
    private static readonly DateTimeOffset _earliest = new(1, 1, 3, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset _latest = new(9999, 12, 29, 0, 0, 0, TimeSpan.Zero);

    private DateTimeZone? _zone;
    private LocalDateTime _local;
    private bool _localKnown;

    /// <summary>The hour of the day where the customer is, 0 to 23.</summary>
    public long LocalHour => Local.Hour;

    /// <summary>The minute of the hour where the customer is, 0 to 59.</summary>
    public long LocalMinute => Local.Minute;

    /// <summary>The day of the week where the customer is: 1 for Monday to 7 for Sunday (ISO 8601).</summary>
    public long LocalWeekday => (long)Local.DayOfWeek;

    /// <summary>The day of the month where the customer is, 1 to 31.</summary>
    public long LocalDay => Local.Day;

    /// <summary>The month where the customer is, 1 to 12.</summary>
    public long LocalMonth => Local.Month;

    /// <summary>The year where the customer is.</summary>
    public long LocalYear => Local.Year;

    /// <summary>The date where the customer is, as the midnight of that date in UTC: comparable with date attributes.</summary>
    public DateTimeOffset LocalDate => new(Local.Year, Local.Month, Local.Day, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The hour of the day at which the event happened, where the customer is; null in a decision.</summary>
    public long? EventHour => Event is { } e ? ToLocal(e.Timestamp).Hour : null;

    /// <summary>Whether today, where the customer is, is a day of a calendar.</summary>
    /// <param name="index">The calendar's <see cref="StrategyCalendar.Index"/>; so for all calendar readers.</param>
    public bool InCalendar(int index) => Strategy.Calendars[index].Includes(Local.Date);

    /// <summary>Days from today, where the customer is, to the next day of a calendar; 0 on the day, null when none comes within <see cref="StrategyCalendar.YearsMax"/> years.</summary>
    public long? DaysUntil(int index) => Strategy.Calendars[index].DaysUntil(Local.Date);

    /// <summary>Days from the last day of a calendar to today, where the customer is; 0 on the day, null when none was within <see cref="StrategyCalendar.YearsMax"/> years.</summary>
    public long? DaysSince(int index) => Strategy.Calendars[index].DaysSince(Local.Date);

    /// <summary>Days from today, where the customer is, to a date; negative for one that has passed, null for null.</summary>
    /// <param name="date">The date, as its midnight in UTC.</param>
    public long? DaysUntil(DateTimeOffset? date) => date is { } at ? (at.UtcDateTime.Date - Local.Date.ToDateTimeUnspecified()).Days : null;

    /// <summary>Days from today, where the customer is, to the next anniversary of a date, or the date itself while it is to come; 0 on the day, null for null.</summary>
    /// <param name="date">The date, as its midnight in UTC. That of 29 February is 28 February in common years.</param>
    public long? DaysUntilAnnual(DateTimeOffset? date)
    {
        if (date is not { } at)
        {
            return null;
        }

        var (today, first) = (Local.Date, NodaTime.LocalDate.FromDateTime(at.UtcDateTime));
        var next = first >= today ? first : Anniversary(first, today.Year) is var inYear && inYear >= today ? inYear : today.Year < 9999 ? Anniversary(first, today.Year + 1) : inYear;
        return Period.DaysBetween(today, next);
    }

    /// <summary>Whether today, where the customer is, is the day of a date: its day and month, whatever the year, from the date on. False for null.</summary>
    /// <param name="date">As for <see cref="DaysUntilAnnual"/>.</param>
    public bool Birthday(DateTimeOffset? date) => DaysUntilAnnual(date) == 0;

    /// <summary>
    /// Whole years from a date to today where the customer is; 0 for a date to come, null for null. Who was born on
    /// 29 February is a year older on 1 March of a common year.
    /// </summary>
    /// <param name="birth">The date, as its midnight in UTC.</param>
    public long? Age(DateTimeOffset? birth)
    {
        if (birth is not { } at)
        {
            return null;
        }

        var (today, day) = (Local.Date, at.UtcDateTime);
        var before = today.Month < day.Month || (today.Month == day.Month && today.Day < day.Day);
        return Math.Max(0, today.Year - day.Year - (before ? 1 : 0));
    }

    private LocalDateTime Local
    {
        get
        {
            if (!_localKnown)
            {
                _local = ToLocal(Now);
                _localKnown = true;
            }

            return _local;
        }
    }

    /// <summary>The customer's time zone.</summary>
    internal DateTimeZone Zone => _zone ??= ZoneNamed(ProfileString("timezone")) ?? ZoneNamed(ContextString("timezone")) ?? Strategy.TimeZone;

    private void ForgetLocalTime() => (_zone, _localKnown) = (null, false);

    private LocalDateTime ToLocal(DateTimeOffset at)
    {
        // At the ends of the calendar the offset of a zone would lead out of it.
        var inside = at < _earliest ? _earliest : at > _latest ? _latest : at;
        return Instant.FromDateTimeOffset(inside).InZone(Zone).LocalDateTime;
    }

    private static DateTimeZone? ZoneNamed(string? id) => id is { Length: > 0 } ? DateTimeZoneProviders.Tzdb.GetZoneOrNull(id) : null;

    private static LocalDate Anniversary(LocalDate date, int year) => new(year, date.Month, Math.Min(date.Day, CalendarSystem.Iso.GetDaysInMonth(year, date.Month)));
}
