using System.Collections.Immutable;
using System.Globalization;
using Decisioning.Engine.Calendars;
using Decisioning.Engine.Strategies.Written;
using NodaTime;

namespace Decisioning.Engine.Strategies.Checking;

/// <summary>Reads recurrences as iCalendar writes them: `FREQ=MONTHLY;BYDAY=-1FR`. Null when it is none, which is then reported.</summary>
internal static class Recurrences
{
    private const int IntervalMax = 1_000;
    private const int CountMax = 1_000;

    // As far as a recurrence with a count is followed: 100 years of days.
    private const int DaysMax = 36_525;

    private static readonly ImmutableArray<string> Weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
    private static readonly ImmutableArray<string> Parts = ["FREQ", "INTERVAL", "UNTIL", "COUNT", "BYMONTH", "BYMONTHDAY", "BYDAY"];
    private static readonly ImmutableArray<string> Frequencies = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"];

    public static DayRule? Read(WrittenNode node, string path, LocalDate? start, Mistakes mistakes)
    {
        if (Literals.Text(node, path, mistakes) is not { } text)
        {
            return null;
        }

        var (rule, problem) = Read(text, start);
        if (rule is null)
        {
            mistakes.Add(node.Place, path, $"`{Shape.Short(text)}` is not a recurrence: {problem}");
        }

        return rule;
    }

    private static (DayRule? Rule, string Problem) Read(string text, LocalDate? start)
    {
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in text.Split(';', StringSplitOptions.TrimEntries))
        {
            var sign = part.IndexOf('=', StringComparison.Ordinal);
            var name = sign < 0 ? part : part[..sign];
            if (sign < 0 || !Parts.Contains(name))
            {
                return (null, $"`{Shape.Short(part)}` is no part of one{Cures.For(name, Parts, $"; write such as `FREQ=MONTHLY;BYDAY=-1FR` with {Cures.List(Parts)}")}");
            }

            if (!parts.TryAdd(name, part[(sign + 1)..]))
            {
                return (null, $"`{name}` stands in it twice");
            }
        }

        if (!parts.TryGetValue("FREQ", out var written) || Frequencies.IndexOf(written) is not (>= 0 and var frequency))
        {
            return (null, $"it wants a `FREQ` of {Cures.List(Frequencies)}");
        }

        return Read(parts, (Frequency)frequency, start);
    }

    private static (DayRule? Rule, string Problem) Read(Dictionary<string, string> parts, Frequency frequency, LocalDate? start)
    {
        var months = Numbers(parts, "BYMONTH", 1, 12);
        var monthDays = Numbers(parts, "BYMONTHDAY", -31, 31);
        var days = parts.TryGetValue("BYDAY", out var written) ? written.Split(',').Select(Day).ToList() : [];
        var interval = Number(parts, "INTERVAL", IntervalMax);
        var count = Number(parts, "COUNT", CountMax);
        var until = parts.TryGetValue("UNTIL", out var end) ? Dates.Day(end.Length == 8 ? $"{end[..4]}-{end[4..6]}-{end[6..]}" : end) : null;
        var hasOrdinals = days.Exists(day => day is { Ordinal: not 0 });
        var isOpen = monthDays is { Count: 0 } && days.Count == 0 && frequency != Frequency.Daily;
        var problem =
            months is null ? "`BYMONTH` wants numbers from 1 to 12, such as `BYMONTH=3,9`"
            : monthDays is null || monthDays.Contains(0) ? "`BYMONTHDAY` wants days from 1 to 31, or from -31 to -1 counted from the end"
            : days.Contains(null) ? "`BYDAY` wants days such as `MO`, `2TU` or `-1FR`"
            : interval is null ? $"`INTERVAL` wants a number from 1 to {IntervalMax}"
            : count is null ? $"`COUNT` wants a number from 1 to {CountMax}"
            : parts.ContainsKey("UNTIL") && until is null ? "`UNTIL` wants a day such as `20261231`"
            : parts.ContainsKey("UNTIL") && parts.ContainsKey("COUNT") ? "it ends by `UNTIL` or by `COUNT`, not by both"
            : hasOrdinals && frequency is Frequency.Daily or Frequency.Weekly ? "numbers before days, as in `2TU`, go with `FREQ=MONTHLY` and `FREQ=YEARLY`"
            : monthDays.Count > 0 && frequency == Frequency.Weekly ? "`BYMONTHDAY` does not go with `FREQ=WEEKLY`"
            : start is null && (interval > 1 || parts.ContainsKey("COUNT") || isOpen) ? $"it wants a first day, from which {(isOpen ? "the day is taken" : "it counts")}: write `from: 2026-01-01` beside `every`"
            : "";
        if (problem.Length > 0)
        {
            return (null, problem);
        }

        var rule = new Recurrence
        {
            Frequency = frequency,
            Interval = interval!.Value,
            Start = start,
            Until = until,
            Months = [.. months!],
            MonthDays = [.. monthDays!],
            Days = [.. days.Select(day => day!.Value)],
        };
        return (new DayRule.Recurring(parts.ContainsKey("COUNT") ? rule with { Until = Last(rule, count!.Value) } : rule), "");
    }

    private static LocalDate Last(Recurrence rule, int count)
    {
        var day = rule.Start!.Value;
        var last = day;
        for (var i = 0; i < DaysMax && count > 0 && day.Year < 9990; i++, day = day.PlusDays(1))
        {
            if (rule.Includes(day))
            {
                last = day;
                count--;
            }
        }

        return last;
    }

    private static RecurringDay? Day(string text)
    {
        var weekday = text.Length >= 2 ? Weekdays.IndexOf(text[^2..]) : -1;
        var ordinal = 0;
        var isRead = text.Length == 2 || (text.Length <= 5 && text.Length > 2 && int.TryParse(text.AsSpan(0, text.Length - 2), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out ordinal) && ordinal is not 0 and >= -53 and <= 53);
        return weekday >= 0 && isRead ? new RecurringDay((IsoDayOfWeek)(weekday + 1), ordinal) : null;
    }

    // 1 where the part is not there.
    private static int? Number(Dictionary<string, string> parts, string name, int max) =>
        !parts.TryGetValue(name, out var text) ? 1 : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= max ? number : null;

    private static List<int>? Numbers(Dictionary<string, string> parts, string name, int min, int max)
    {
        var numbers = new List<int>();
        foreach (var text in parts.TryGetValue(name, out var written) ? written.Split(',') : [])
        {
            if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || number < min || number > max)
            {
                return null;
            }

            numbers.Add(number);
        }

        return numbers;
    }
}
