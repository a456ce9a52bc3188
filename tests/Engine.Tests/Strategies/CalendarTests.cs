using System.Collections.Immutable;
using System.Globalization;
using Decisioning.Engine.Calendars;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;
using NodaTime;

namespace Decisioning.Engine.Tests.Strategies;

public sealed class CalendarTests
{
    [Theory]
    // Dates and ranges.
    [InlineData("[12-24]", "2026", "2026-12-24")]
    [InlineData("[2026-11-27, 2027-11-26]", "2026", "2026-11-27")]
    [InlineData("[02-29]", "2027", "")]
    [InlineData("[02-29]", "2028", "2028-02-29")]
    [InlineData("[12-30..01-02]", "2026", "2026-01-01 2026-01-02 2026-12-30 2026-12-31")]
    [InlineData("[2026-12-30..2027-01-02]", "2027", "2027-01-01 2027-01-02")]
    [InlineData("[11-14, 11-14..11-15]", "2026", "2026-11-14 2026-11-15")]
    // Days of the week and of the month.
    [InlineData("[4th thursday of november +1]", "2026", "2026-11-27")]
    [InlineData("[4th thursday of november +1]", "2029", "2029-11-23")]
    [InlineData("[2nd sunday of may]", "2026", "2026-05-10")]
    [InlineData("[last monday of may]", "2026", "2026-05-25")]
    [InlineData("[5th friday]", "2026", "2026-01-30 2026-05-29 2026-07-31 2026-10-30")]
    [InlineData("[friday of february]", "2028", "2028-02-04 2028-02-11 2028-02-18 2028-02-25")]
    [InlineData("[last day of february]", "2028", "2028-02-29")]
    [InlineData("[31st day]", "2026", "2026-01-31 2026-03-31 2026-05-31 2026-07-31 2026-08-31 2026-10-31 2026-12-31")]
    [InlineData("[last day of december +1]", "2027", "2027-01-01")]
    // Easter: an early one, a late one, and what hangs on it.
    [InlineData("[easter]", "2008", "2008-03-23")]
    [InlineData("[easter]", "2038", "2038-04-25")]
    [InlineData("[easter-2, easter +1, easter+39, easter + 50]", "2026", "2026-04-03 2026-04-06 2026-05-14 2026-05-25")]
    // Recurrences.
    [InlineData("{ every: FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU }", "2026", "2026-03-29")]
    [InlineData("{ every: FREQ=YEARLY;BYDAY=20MO }", "2026", "2026-05-18")]
    [InlineData("{ every: FREQ=YEARLY, from: 2020-06-05 }", "2026", "2026-06-05")]
    [InlineData("{ every: FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=1TU, from: 2024-01-01 }", "2028", "2028-11-07")]
    [InlineData("{ every: FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=1TU, from: 2024-01-01 }", "2026", "")]
    [InlineData("{ every: FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1, from: 2026-03-01 }", "2026", "2026-03-31 2026-06-30 2026-09-30 2026-12-31")]
    [InlineData("{ every: FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR }", "2026", "2026-02-13 2026-03-13 2026-11-13")]
    [InlineData("{ every: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;UNTIL=20260130', from: 2026-01-07 }", "2026", "2026-01-09 2026-01-19 2026-01-23")]
    [InlineData("{ every: FREQ=WEEKLY;COUNT=3, from: 2026-12-29 }", "2027", "2027-01-05 2027-01-12")]
    [InlineData("{ every: FREQ=DAILY;INTERVAL=10;COUNT=4, from: 2026-02-25 }", "2026", "2026-02-25 2026-03-07 2026-03-17 2026-03-27")]
    [InlineData("{ every: [FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1, FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=1] }", "2026", "2026-01-01 2026-05-01")]
    // Exceptions and ends.
    [InlineData("{ days: [1st day], except: [easter, 01-01..06-30], until: 2026-10-01 }", "2026", "2026-07-01 2026-08-01 2026-09-01 2026-10-01")]
    [InlineData("{ days: [12-24], from: 2027-01-01 }", "2026", "")]
    [InlineData("[]", "2026", "")]
    public void A_calendar_has_the_days_it_says(string written, string year, string expected)
    {
        var calendar = Compile(written);
        var first = new LocalDate(int.Parse(year, CultureInfo.InvariantCulture), 1, 1);

        var days = Enumerable.Range(0, CalendarSystem.Iso.GetDaysInYear(first.Year)).Select(first.PlusDays).Where(calendar.Includes);

        Assert.Equal(expected, string.Join(' ', days.Select(day => day.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture))));
    }

    [Theory]
    [InlineData("[12-24]", "2026-12-24", 0, 0)]
    [InlineData("[12-24]", "2026-12-25", 364, 1)]
    [InlineData("[12-24]", "2027-12-25", 365, 1)]
    [InlineData("[02-29]", "2096-03-01", 2_920, 1)]
    [InlineData("[02-29]", "2104-02-28", 1, 2_920)]
    [InlineData("[2026-11-27]", "2010-01-01", null, null)]
    [InlineData("[2026-11-27]", "2038-11-27", null, 4_383)]
    [InlineData("[2026-11-27]", "2039-01-01", null, null)]
    [InlineData("[01-01, 12-31]", "2026-12-31", 0, 0)]
    [InlineData("[03-05]", "2026-03-04", 1, 364)]
    [InlineData("[]", "2026-03-04", null, null)]
    public void Days_are_counted_to_the_next_and_from_the_last(string written, string today, int? until, int? since)
    {
        var calendar = Compile(written);
        var day = LocalDate.FromDateTime(DateTime.Parse(today, CultureInfo.InvariantCulture));

        Assert.Equal((until, since), (calendar.DaysUntil(day), calendar.DaysSince(day)));
    }

    [Theory]
    [InlineData("[13-24]", "`13-24` is not a day; write a day such as")]
    [InlineData("[02-30]", "`02-30` is not a day")]
    [InlineData("[2026-02-29]", "`2026-02-29` is not a day")]
    [InlineData("[2026-05-02..2026-05-01]", "it ends before it begins")]
    [InlineData("[05-02..2026-05-01]", "both ends of a range have a year or neither has")]
    [InlineData("[6th monday]", "a month has at most five")]
    [InlineData("[30th day of february]", "there is no 30th day")]
    [InlineData("[2nd sunday of mai]", "`mai` is no month")]
    [InlineData("[1st mondday]", "did you mean `monday`?")]
    [InlineData("[easter+300]", "at most 200 days")]
    [InlineData("[yesterday]", "is not a day")]
    [InlineData("{ every: FREQ=HOURLY }", "it wants a `FREQ` of `DAILY`")]
    [InlineData("{ every: FREQ=DAILY;BYHOUR=3 }", "`BYHOUR=3` is no part of one")]
    [InlineData("{ every: FREQ=DAILY;FREQ=DAILY }", "twice")]
    [InlineData("{ every: FREQ=WEEKLY;INTERVAL=2;BYDAY=MO }", "write `from: 2026-01-01` beside `every`")]
    [InlineData("{ every: FREQ=MONTHLY }", "it wants a first day, from which the day is taken")]
    [InlineData("{ every: FREQ=WEEKLY;BYDAY=2MO }", "go with `FREQ=MONTHLY`")]
    [InlineData("{ every: FREQ=MONTHLY;BYMONTHDAY=0 }", "`BYMONTHDAY` wants")]
    [InlineData("{ every: FREQ=MONTHLY;BYMONTHDAY=1;UNTIL=2026, from: 2026-01-01 }", "`UNTIL` wants a day")]
    [InlineData("{ from: 2026-01-01 }", "a calendar wants days")]
    [InlineData("{ days: [12-24], from: 2026-02-01, until: 2026-01-01 }", "ends before it begins")]
    [InlineData("{ dais: [12-24] }", "did you mean `days`?")]
    public void A_day_that_is_none_is_refused_with_its_place_and_cure(string written, string message)
    {
        var (strategy, errors) = StrategyCompiler.Compile(Source($"calendars:\n  c: {written}"), 1);

        Assert.Null(strategy);
        Assert.Contains(message, Assert.Single(errors).Message, StringComparison.Ordinal);
        Assert.Equal(3, errors[0].Line);
    }

    [Theory]
    // The day begins at the customer's midnight, be the night 23 hours long or 25.
    [InlineData("calendar.sundays", "2026-03-28T22:59:59Z", "false")]
    [InlineData("calendar.sundays", "2026-03-28T23:00:00Z", "true")]
    [InlineData("calendar.sundays", "2026-03-29T21:59:59Z", "true")]
    [InlineData("calendar.sundays", "2026-03-29T22:00:00Z", "false")]
    [InlineData("calendar.sundays", "2026-10-24T22:00:00Z", "true")]
    [InlineData("calendar.sundays", "2026-10-25T22:59:59Z", "true")]
    [InlineData("calendar.sundays", "2026-10-25T23:00:00Z", "false")]
    [InlineData("calendar.days_until(\"xmas\")", "2026-10-24T23:30:00Z", "60")]
    [InlineData("calendar.days_since(\"xmas\")", "2026-12-31T23:30:00Z", "8")]
    [InlineData("birthday(profile.born)", "2026-02-27T22:59:59Z", "false")]
    [InlineData("birthday(profile.born)", "2026-02-27T23:00:00Z", "true")]
    [InlineData("birthday(profile.born)", "2028-02-28T12:00:00Z", "false")]
    [InlineData("birthday(profile.born)", "2028-02-29T12:00:00Z", "true")]
    [InlineData("birthday(profile.unknown)", "2028-02-29T12:00:00Z", "false")]
    [InlineData("days_until_annual(profile.born)", "2026-02-20T12:00:00Z", "8")]
    [InlineData("days_until_annual(profile.born)", "2026-03-01T12:00:00Z", "364")]
    [InlineData("days_until_annual(profile.born)", "2027-03-01T12:00:00Z", "365")]
    [InlineData("days_until_annual(profile.expires)", "2026-12-01T12:00:00Z", "151")]
    [InlineData("days_until(profile.expires)", "2027-04-30T21:59:00Z", "1")]
    [InlineData("days_until(profile.expires)", "2027-04-30T22:00:00Z", "0")]
    [InlineData("days_until(profile.expires)", "2027-05-31T12:00:00Z", "-30")]
    [InlineData("days_until(profile.unknown)", "2027-05-31T12:00:00Z", "null")]
    public void Conditions_see_days_where_the_customer_is(string expression, string now, string expected)
    {
        var strategy = Whole($"profile:\n  born: date\n  expires: date\n  unknown: date\ncalendars:\n  sundays: [sunday]\n  xmas: [12-24]\nsegments:\n  one: string({expression.Replace("null", "", StringComparison.Ordinal)}) == \"{expected}\"");
        var facts = new Facts(strategy);
        var profile = PropertyMap.Of(("timezone", Value.Of("Europe/Berlin")), ("born", Value.Of("1988-02-29")), ("expires", Value.Of("2027-05-01")));
        facts.Look(CustomerState.Empty with { Profile = profile }, DateTimeOffset.Parse(now, CultureInfo.InvariantCulture), null, PropertyMap.Empty);

        // A missing date gives null, which no text is: the condition cannot be told.
        Assert.Equal(expected == "null" ? Truth.Error : Truth.True, strategy.Segments[0].When.Test(facts));
    }

    [Fact]
    public void Asking_a_calendar_allocates_nothing_once_its_year_is_known()
    {
        var calendar = Compile("[easter-2, 4th thursday of november +1]");
        var day = new LocalDate(2026, 4, 3);
        var sink = calendar.DaysUntil(day) + calendar.DaysSince(day);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            sink += (calendar.Includes(day) ? 1 : 0) + calendar.DaysUntil(day.PlusDays(i)) + calendar.DaysSince(day.PlusDays(i));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.NotEqual(0, sink);
    }

    private static StrategyCalendar Compile(string written) => Whole($"calendars:\n  c: {written}").Calendars[0];

    private static Strategy Whole(string text)
    {
        var (strategy, errors) = StrategyCompiler.Compile(Source(text), 1);
        Assert.True(errors.IsEmpty, string.Join('\n', errors));
        return strategy!;
    }

    private static StrategySource Source(string text) => new(ImmutableSortedDictionary<string, string>.Empty.Add("strategy.yaml", $"strategy: days\n{text}\n"));
}
