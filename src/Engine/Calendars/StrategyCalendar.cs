using System.Collections.Immutable;
using System.Numerics;
using NodaTime;

namespace Decisioning.Engine.Calendars;

/// <summary>
/// Named days. Which days of a year they are is worked out once, when the year is asked for first, and kept as a bit per day; so a
/// question costs a few nanoseconds however the days are described. Immutable to its users and safe to share between threads.
/// </summary>
/// <param name="index">Its place among the strategy's calendars.</param>
/// <param name="name">Its name.</param>
/// <param name="days">Its days.</param>
/// <param name="except">Days that are none of its own, whatever <paramref name="days"/> says.</param>
public sealed class StrategyCalendar(int index, string name, ImmutableArray<DayRule> days, ImmutableArray<DayRule> except)
{
    /// <summary>How many years <see cref="DaysUntil"/> looks ahead, and <see cref="DaysSince"/> back: a 29 February can be eight years away.</summary>
    public const int YearsMax = 12;

    // The years that are kept, 131 of them at 72 bytes: 9 KB for a calendar that was asked for every one.
    private const int YearFirst = 1970;
    private const int YearLast = 2100;
    private const int Words = 6;

    private readonly ulong[]?[] _years = new ulong[]?[YearLast - YearFirst + 1];

    /// <summary>A calendar without exceptions.</summary>
    public StrategyCalendar(int index, string name, ImmutableArray<DayRule> days)
        : this(index, name, days, [])
    {
    }

    /// <summary>Its place among the strategy's calendars.</summary>
    public int Index => index;

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>Whether a day is one of its days.</summary>
    public bool Includes(LocalDate day)
    {
        var bit = day.DayOfYear - 1;
        return ((YearOf(day.Year)[bit >> 6] >> (bit & 63)) & 1) != 0;
    }

    /// <summary>Days from a day to the next one of its days, 0 when it is one itself; null when none comes within <see cref="YearsMax"/> years.</summary>
    public int? DaysUntil(LocalDate day)
    {
        var from = day.DayOfYear - 1;
        var passed = -from;
        for (var year = day.Year; year <= Math.Min(day.Year + YearsMax, 9998); year++)
        {
            var bits = YearOf(year);
            for (var word = from >> 6; word < Words; word++)
            {
                var left = word == from >> 6 ? bits[word] & (ulong.MaxValue << (from & 63)) : bits[word];
                if (left != 0)
                {
                    return passed + (word << 6) + BitOperations.TrailingZeroCount(left);
                }
            }

            passed += CalendarSystem.Iso.GetDaysInYear(year);
            from = 0;
        }

        return null;
    }

    /// <summary>Days from the last one of its days to a day, 0 when it is one itself; null when none was within <see cref="YearsMax"/> years.</summary>
    public int? DaysSince(LocalDate day)
    {
        var to = day.DayOfYear - 1;
        var passed = to;
        for (var year = day.Year; year >= Math.Max(day.Year - YearsMax, 2); year--)
        {
            var bits = YearOf(year);
            for (var word = to >> 6; word >= 0; word--)
            {
                var left = word == to >> 6 ? bits[word] & (ulong.MaxValue >> (63 - (to & 63))) : bits[word];
                if (left != 0)
                {
                    return passed - ((word << 6) + BitOperations.Log2(left));
                }
            }

            to = CalendarSystem.Iso.GetDaysInYear(year - 1) - 1;
            passed += to + 1;
        }

        return null;
    }

    // Two threads may work a year out at once and come to the same.
    private ulong[] YearOf(int year)
    {
        if (year is < YearFirst or > YearLast)
        {
            return WorkOut(year);
        }

        ref var kept = ref _years[year - YearFirst];
        return Volatile.Read(ref kept) ?? (kept = WorkOut(year));
    }

    private ulong[] WorkOut(int year)
    {
        var bits = new ulong[Words];
        var day = new LocalDate(year, 1, 1);
        for (var bit = 0; bit < CalendarSystem.Iso.GetDaysInYear(year); bit++)
        {
            if (Any(days, day) && !Any(except, day))
            {
                bits[bit >> 6] |= 1UL << (bit & 63);
            }

            // The last day there is has none after it.
            day = bit < 364 || day.Year < 9999 ? day.PlusDays(1) : day;
        }

        return bits;
    }

    private static bool Any(ImmutableArray<DayRule> rules, LocalDate day)
    {
        foreach (var rule in rules)
        {
            if (rule.Includes(day))
            {
                return true;
            }
        }

        return false;
    }
}
