using System.Collections.Immutable;
using Decisioning.Engine.Calendars;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;
using NodaTime;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>The section <c>calendars</c>: a list of days each, or a mapping that also has recurrences, exceptions, a first and a last day.</summary>
internal static class CalendarsSection
{
    private static readonly ValueShape DaysShape = Take.ListOf(Take.Form(CalendarDays.Form), Limits.DaysPerCalendarMax);

    public static KeyTable Keys { get; } = new(
        "a calendar",
        new("days", DaysShape, "Its days: dates, ranges, days of the week or month, days around Easter."),
        new("every", Take.AnyOf(Take.Text, Take.ListOf(Take.Text, Limits.RecurrencesMax)), "Recurrences as iCalendar writes them, such as `FREQ=MONTHLY;BYDAY=-1FR`."),
        new("except", DaysShape, "Days that are left out, whatever the others say."),
        new("from", Take.Form("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), "Its first day; from it `INTERVAL` and `COUNT` count."),
        new("until", Take.Form("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), "Its last day."))
    {
        AtLeastOne = ["days", "every"],
    };

    public static ValueShape Form { get; } = Take.AnyOf(DaysShape, Take.Keys(Keys));

    public static ImmutableArray<StrategyCalendar> Compile(WrittenNode? node, Mistakes mistakes) =>
        [.. Shape.Named(node, "calendars", "the calendars", Limits.CalendarsMax, NameRule.Identifier, mistakes)
            .Select((entry, index) => Calendar(entry, index, $"calendars.{entry.Name}", mistakes))];

    private static StrategyCalendar Calendar(WrittenEntry entry, int index, string path, Mistakes mistakes)
    {
        if (entry.Value is not WrittenNode.Mapping)
        {
            return new StrategyCalendar(index, entry.Name, Days(entry.Value, path, mistakes));
        }

        if (Fields.Of(entry.Value, path, Keys, mistakes) is not { } fields)
        {
            return new StrategyCalendar(index, entry.Name, []);
        }

        if (!fields.Has("days") && !fields.Has("every") && !fields.IsIncomplete)
        {
            mistakes.Add(FindingRules.MissingKey, fields.Place, path, "a calendar wants days; write `days: [12-24]` or `every: FREQ=MONTHLY;BYMONTHDAY=-1`");
        }

        var (from, until) = (Day(fields, "from"), Day(fields, "until"));
        if (until < from)
        {
            mistakes.Add(fields.PlaceOf("until"), fields.PathOf("until"), "the calendar ends before it begins; exchange `from` and `until`");
        }

        var days = Days(fields["days"], fields.PathOf("days"), mistakes).AddRange(Recurring(fields, from, mistakes));
        var except = Days(fields["except"], fields.PathOf("except"), mistakes);
        return new StrategyCalendar(index, entry.Name, days, [.. except, .. Outside(from, until)]);
    }

    private static ImmutableArray<DayRule> Days(WrittenNode? node, string path, Mistakes mistakes) =>
        [.. Shape.Items(node, path, "the days", Limits.DaysPerCalendarMax, mistakes).Select(item => CalendarDays.Read(item, path, mistakes)).OfType<DayRule>()];

    private static List<DayRule> Recurring(Fields fields, LocalDate? from, Mistakes mistakes)
    {
        var path = fields.PathOf("every");
        var items = fields["every"] is WrittenNode.Scalar single ? [single] : Shape.Items(fields["every"], path, "the recurrences", Limits.RecurrencesMax, mistakes);
        return items.Select(item => Recurrences.Read(item, path, from, mistakes)).OfType<DayRule>().ToList();
    }

    private static LocalDate? Day(Fields fields, string key)
    {
        if (fields.Text(key) is not { } text)
        {
            return null;
        }

        if (Dates.Day(text) is { } day)
        {
            return day;
        }

        fields.Mistakes.Add(fields[key]!.Place, fields.PathOf(key), $"`{Shape.Short(text)}` is not a day; write one such as `2026-12-31`");
        return null;
    }

    private static IEnumerable<DayRule> Outside(LocalDate? from, LocalDate? until)
    {
        if (from is { } first)
        {
            yield return new DayRule.Once(new LocalDate(1, 1, 1), first.PlusDays(-1));
        }

        if (until is { } last)
        {
            yield return new DayRule.Once(last.PlusDays(1), new LocalDate(9999, 12, 31));
        }
    }
}
