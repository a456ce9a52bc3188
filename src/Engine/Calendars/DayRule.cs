using NodaTime;

namespace Decisioning.Engine.Calendars;

/// <summary>Which days are meant. A closed set.</summary>
public abstract record DayRule
{
    private protected DayRule()
    {
    }

    /// <summary>Whether a day is meant.</summary>
    public abstract bool Includes(LocalDate day);

    /// <summary>Days of every year, from one to another, both meant; over the end of the year when the second is before the first.</summary>
    /// <param name="From">The first; 29 February comes in leap years only.</param>
    /// <param name="To">The last.</param>
    public sealed record Annual(AnnualDate From, AnnualDate To) : DayRule
    {
        /// <inheritdoc/>
        public override bool Includes(LocalDate day)
        {
            var (from, to, one) = (Number(From.Month, From.Day), Number(To.Month, To.Day), Number(day.Month, day.Day));
            return from <= to ? one >= from && one <= to : one >= from || one <= to;
        }

        private static int Number(int month, int day) => (month * 100) + day;
    }

    /// <summary>Days that come once, from one to another, both meant.</summary>
    /// <param name="From">The first.</param>
    /// <param name="To">The last.</param>
    public sealed record Once(LocalDate From, LocalDate To) : DayRule
    {
        /// <inheritdoc/>
        public override bool Includes(LocalDate day) => day >= From && day <= To;
    }

    /// <summary>A day of the week: each, or the n-th of the month.</summary>
    /// <param name="Day">The day of the week.</param>
    /// <param name="Ordinal">1 for the first of the month, -1 for the last; null for each.</param>
    /// <param name="Month">The month; null for every month.</param>
    public sealed record Weekday(IsoDayOfWeek Day, int? Ordinal, int? Month) : DayRule
    {
        /// <inheritdoc/>
        public override bool Includes(LocalDate day) =>
            day.DayOfWeek == Day && (Month ?? day.Month) == day.Month
            && Ordinal switch
            {
                null => true,
                > 0 => ((day.Day - 1) / 7) + 1 == Ordinal,
                _ => ((CalendarSystem.Iso.GetDaysInMonth(day.Year, day.Month) - day.Day) / 7) + 1 == -Ordinal,
            };
    }

    /// <summary>A day of the month.</summary>
    /// <param name="Day">1 for the first, -1 for the last.</param>
    /// <param name="Month">The month; null for every month that has the day.</param>
    public sealed record OfMonth(int Day, int? Month) : DayRule
    {
        /// <inheritdoc/>
        public override bool Includes(LocalDate day) =>
            (Month ?? day.Month) == day.Month && day.Day == (Day > 0 ? Day : CalendarSystem.Iso.GetDaysInMonth(day.Year, day.Month) + 1 + Day);
    }

    /// <summary>Easter Sunday of the western churches.</summary>
    public sealed record Easter : DayRule
    {
        /// <inheritdoc/>
        public override bool Includes(LocalDate day) => day.Month is 3 or 4 && day == Of(day.Year);

        /// <summary>The day in a year of the Gregorian calendar, by the rule of Meeus, Jones and Butcher.</summary>
        public static LocalDate Of(int year)
        {
            var (golden, century, rest) = (year % 19, year / 100, year % 100);
            var correction = (century - ((century + 8) / 25) + 1) / 3;
            var moon = ((19 * golden) + century - (century / 4) - correction + 15) % 30;
            var weekday = (32 + (2 * (century % 4)) + (2 * (rest / 4)) - moon - (rest % 4)) % 7;
            var late = (golden + (11 * moon) + (22 * weekday)) / 451;
            var days = moon + weekday - (7 * late) + 114;
            return new LocalDate(year, days / 31, (days % 31) + 1);
        }
    }

    /// <summary>So many days after another rule's days; before them when negative.</summary>
    /// <param name="Rule">The other rule.</param>
    /// <param name="Days">How many days, within a year.</param>
    public sealed record Shifted(DayRule Rule, int Days) : DayRule
    {
        // At the ends of the calendar there is no day so far away.
        /// <inheritdoc/>
        public override bool Includes(LocalDate day) => day.Year is > 2 and < 9998 && Rule.Includes(day.PlusDays(-Days));
    }

    /// <summary>A recurrence in the manner of iCalendar.</summary>
    /// <param name="Rule">The recurrence.</param>
    public sealed record Recurring(Recurrence Rule) : DayRule
    {
        /// <inheritdoc/>
        public override bool Includes(LocalDate day) => Rule.Includes(day);
    }
}
