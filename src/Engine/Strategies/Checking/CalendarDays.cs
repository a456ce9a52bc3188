using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Decisioning.Engine.Calendars;
using Decisioning.Engine.Strategies.Written;
using NodaTime;

namespace Decisioning.Engine.Strategies.Checking;

/// <summary>
/// Reads one item of a calendar: `12-24`, `2026-11-27`, `07-01..08-31`, `easter+39`, `saturday`, `2nd sunday of may`, `last day`, and
/// `4th thursday of november +1`. Null when it is none, which is then reported.
/// </summary>
internal static partial class CalendarDays
{
    /// <summary>How far a shift may lead from a day: about half a year, Easter to Advent and back.</summary>
    public const int ShiftMax = 200;

    /// <summary>The items as a regular expression, for editors.</summary>
    public const string Form = @"^(([0-9]{4}-)?[0-9]{2}-[0-9]{2}(\.\.([0-9]{4}-)?[0-9]{2}-[0-9]{2})?"
        + @"|(easter|([0-9]{1,2}(st|nd|rd|th)|last) (day|(mon|tues|wednes|thurs|fri|satur|sun)day)( of [a-z]+)?|(mon|tues|wednes|thurs|fri|satur|sun)day( of [a-z]+)?) ?([+-] ?[0-9]{1,3})?)$";

    private const string Cure = "write a day such as `12-24`, `2026-11-27`, `07-01..08-31`, `easter-2`, `saturday`, `2nd sunday of may`, `last day` or `4th thursday of november +1`";

    private static readonly ImmutableArray<string> Months =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

    private static readonly ImmutableArray<string> Weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

    public static DayRule? Read(WrittenNode node, string path, Mistakes mistakes)
    {
        if (Literals.Text(node, path, mistakes) is not { } text)
        {
            return null;
        }

        var problem = "";
        if (Dated(text, ref problem) is { } dated)
        {
            return dated;
        }

        if (problem.Length == 0 && Named(text, ref problem) is { } named)
        {
            return named;
        }

        mistakes.Add(node.Place, path, $"`{Shape.Short(text)}` is not a day{(problem.Length > 0 ? $": {problem}" : "")}; {Cure}");
        return null;
    }

    /// <summary>The number of a month by its name, 1 to 12; null for another word.</summary>
    private static int? Month(string name) => Months.IndexOf(name) is >= 0 and var month ? month + 1 : null;

    private static DayRule? Dated(string text, ref string problem)
    {
        var match = DateForm().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var (from, to) = (match.Groups["from"].Value, match.Groups["to"].Success ? match.Groups["to"].Value : match.Groups["from"].Value);
        if (from.Length != to.Length)
        {
            problem = "both ends of a range have a year or neither has";
            return null;
        }

        if (from.Length == 5)
        {
            // 2000 was a leap year: a day of every year may be the 29th of February.
            return Dates.Day("2000-" + from) is { } a && Dates.Day("2000-" + to) is { } b ? new DayRule.Annual(new AnnualDate(a.Month, a.Day), new AnnualDate(b.Month, b.Day)) : null;
        }

        if (Dates.Day(from) is not { } first || Dates.Day(to) is not { } last)
        {
            return null;
        }

        problem = last < first ? "it ends before it begins" : "";
        return last < first ? null : new DayRule.Once(first, last);
    }

    private static DayRule? Named(string text, ref string problem)
    {
        var match = NameForm().Match(text);
        if (!match.Success || Core(match, ref problem) is not { } core)
        {
            return null;
        }

        if (!match.Groups["shift"].Success)
        {
            return core;
        }

        var days = int.Parse(match.Groups["shift"].Value, NumberStyles.None, CultureInfo.InvariantCulture);
        if (days > ShiftMax)
        {
            problem = $"a day is at most {ShiftMax} days from another";
            return null;
        }

        return new DayRule.Shifted(core, match.Groups["sign"].Value == "-" ? -days : days);
    }

    private static DayRule? Core(Match match, ref string problem)
    {
        if (match.Groups["easter"].Success)
        {
            return new DayRule.Easter();
        }

        int? month = null;
        if (match.Groups["month"].Success && (month = Month(match.Groups["month"].Value)) is null)
        {
            problem = $"`{match.Groups["month"].Value}` is no month{Cures.For(match.Groups["month"].Value, Months, "")}";
            return null;
        }

        int? ordinal = !match.Groups["ordinal"].Success ? null : match.Groups["ordinal"].Value is "last" ? -1 : int.Parse(match.Groups["number"].Value, NumberStyles.None, CultureInfo.InvariantCulture);
        if (match.Groups["day"].Value == "day")
        {
            var longest = month is { } known ? CalendarSystem.Iso.GetDaysInMonth(2000, known) : 31;
            problem = ordinal is null ? "say which day, such as `last day`" : ordinal == 0 || ordinal > longest ? $"there is no {match.Groups["ordinal"].Value} day" : "";
            return problem.Length > 0 ? null : new DayRule.OfMonth(ordinal!.Value, month);
        }

        if (Weekdays.IndexOf(match.Groups["day"].Value) is not (>= 0 and var weekday))
        {
            problem = Cures.For(match.Groups["day"].Value, Weekdays, "") is { Length: > 0 } near ? $"`{match.Groups["day"].Value}` is no day of the week{near}" : "";
            return null;
        }

        problem = ordinal is 0 or > 5 ? "a month has at most five of a day of the week" : "";
        return problem.Length > 0 ? null : new DayRule.Weekday((IsoDayOfWeek)(weekday + 1), ordinal, month);
    }

    [GeneratedRegex(@"^(?<from>([0-9]{4}-)?[0-9]{2}-[0-9]{2})(\.\.(?<to>([0-9]{4}-)?[0-9]{2}-[0-9]{2}))?\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DateForm();

    [GeneratedRegex(@"^((?<easter>easter)|((?<ordinal>(?<number>[0-9]{1,2})(st|nd|rd|th)|last) )?(?<day>[a-z]*day)( of (?<month>[a-z]+))?)( ?(?<sign>[+-]) ?(?<shift>[0-9]{1,3}))?\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NameForm();
}
