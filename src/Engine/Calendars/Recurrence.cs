using System.Collections.Immutable;
using NodaTime;

namespace Decisioning.Engine.Calendars;

/// <summary>How often a recurrence comes, before its other parts choose among the days.</summary>
public enum Frequency
{
    /// <summary>Every day.</summary>
    Daily,

    /// <summary>Every week, which begins on Monday.</summary>
    Weekly,

    /// <summary>Every month.</summary>
    Monthly,

    /// <summary>Every year.</summary>
    Yearly,
}

/// <summary>A day of the week in a recurrence.</summary>
/// <param name="Day">The day of the week.</param>
/// <param name="Ordinal">Which of the month or year: 1 for the first, -1 for the last; 0 for each.</param>
public readonly record struct RecurringDay(IsoDayOfWeek Day, int Ordinal);

/// <summary>Days by the recurrence rules of iCalendar (RFC 5545, 3.3.10), those parts of them that speak of days.</summary>
public sealed record Recurrence
{
    /// <summary>How often.</summary>
    public required Frequency Frequency { get; init; }

    /// <summary>Only every so many days, weeks, months or years from <see cref="Start"/> on. Default: 1.</summary>
    public int Interval { get; init; } = 1;

    /// <summary>The first day that may be meant; gives the day where the other parts leave it open. Null: no first day.</summary>
    public LocalDate? Start { get; init; }

    /// <summary>The last day that may be meant; null for none.</summary>
    public LocalDate? Until { get; init; }

    /// <summary>Only these months; empty for all.</summary>
    public ImmutableArray<int> Months { get; init; } = [];

    /// <summary>Only these days of the month, negative ones from its end; empty for all.</summary>
    public ImmutableArray<int> MonthDays { get; init; } = [];

    /// <summary>Only these days of the week; empty for all.</summary>
    public ImmutableArray<RecurringDay> Days { get; init; } = [];

    /// <summary>Whether a day is meant.</summary>
    public bool Includes(LocalDate day) =>
        (Start is not { } start || day >= start) && (Until is not { } until || day <= until) && IsInInterval(day) && IsChosen(day);

    private bool IsInInterval(LocalDate day)
    {
        if (Interval == 1 || Start is not { } start)
        {
            return true;
        }

        var passed = Frequency switch
        {
            Frequency.Daily => DayNumber(day) - DayNumber(start),
            Frequency.Weekly => (DayNumber(day) - (int)day.DayOfWeek - DayNumber(start) + (int)start.DayOfWeek) / 7,
            Frequency.Monthly => ((day.Year - start.Year) * 12) + day.Month - start.Month,
            _ => day.Year - start.Year,
        };
        return passed % Interval == 0;
    }

    private bool IsChosen(LocalDate day)
    {
        if (!Months.IsEmpty && !Months.Contains(day.Month))
        {
            return false;
        }

        if (!MonthDays.IsEmpty || !Days.IsEmpty)
        {
            return (MonthDays.IsEmpty || IsMonthDay(day)) && (Days.IsEmpty || IsDay(day));
        }

        return Start is not { } start || Frequency switch
        {
            Frequency.Daily => true,
            Frequency.Weekly => day.DayOfWeek == start.DayOfWeek,
            Frequency.Monthly => day.Day == start.Day,
            _ => day.Day == start.Day && (!Months.IsEmpty || day.Month == start.Month),
        };
    }

    private bool IsMonthDay(LocalDate day) =>
        MonthDays.Contains(day.Day) || MonthDays.Contains(day.Day - CalendarSystem.Iso.GetDaysInMonth(day.Year, day.Month) - 1);

    private bool IsDay(LocalDate day)
    {
        // The n-th of a year only where no months are named.
        var isOfYear = Frequency == Frequency.Yearly && Months.IsEmpty;
        var (at, length) = isOfYear ? (day.DayOfYear, CalendarSystem.Iso.GetDaysInYear(day.Year)) : (day.Day, CalendarSystem.Iso.GetDaysInMonth(day.Year, day.Month));
        foreach (var (weekday, ordinal) in Days)
        {
            if (weekday == day.DayOfWeek && (ordinal == 0 || ordinal == ((at - 1) / 7) + 1 || -ordinal == ((length - at) / 7) + 1))
            {
                return true;
            }
        }

        return false;
    }

    private static int DayNumber(LocalDate day) => Period.DaysBetween(new LocalDate(1, 1, 1), day);
}
