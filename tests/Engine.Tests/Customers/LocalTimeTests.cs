using Decisioning.Engine.Calendars;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;
using NodaTime;

namespace Decisioning.Engine.Tests.Customers;

public sealed class LocalTimeTests
{
    private static readonly Strategy _strategy = new StrategyBuilder().Build() with
    {
        TimeZone = DateTimeZoneProviders.Tzdb["Asia/Ho_Chi_Minh"],
        Calendars = [new StrategyCalendar(0, "days", [Annual(1, 1), Annual(2, 29), Once(2026, 11, 14)]), new StrategyCalendar(1, "past", [Once(2020, 5, 1)])],
    };

    [Theory]
    [InlineData("2026-11-21T18:30:00Z", null, null, "2026-11-22 1:30 weekday 7")]
    [InlineData("2026-11-21T18:30:00Z", "Europe/Berlin", null, "2026-11-21 19:30 weekday 6")]
    [InlineData("2026-07-21T18:30:00Z", "Europe/Berlin", "America/New_York", "2026-7-21 20:30 weekday 2")]
    [InlineData("2026-07-21T18:30:00Z", null, "America/New_York", "2026-7-21 14:30 weekday 2")]
    [InlineData("2026-07-21T18:30:00Z", "Mars/Olympus", "", "2026-7-22 1:30 weekday 3")]
    [InlineData("9999-12-31T23:59:59Z", null, null, "9999-12-29 7:0 weekday 3")]
    [InlineData("0001-01-01T00:00:00Z", "America/New_York", null, "1-1-2 19:3 weekday 2")]
    public void Time_is_the_customers_own(string now, string? profile, string? context, string expected)
    {
        var facts = Look(now, profile, context);

        Assert.Equal(expected, $"{facts.LocalYear}-{facts.LocalMonth}-{facts.LocalDay} {facts.LocalHour}:{facts.LocalMinute} weekday {facts.LocalWeekday}");
        Assert.Equal((facts.LocalYear, facts.LocalMonth, facts.LocalDay, TimeSpan.Zero), (facts.LocalDate.Year, facts.LocalDate.Month, facts.LocalDate.Day, facts.LocalDate.TimeOfDay));
    }

    [Theory]
    [InlineData("2026-12-31T16:59:00Z", false, 1)]
    [InlineData("2026-12-31T17:00:00Z", true, 0)]
    [InlineData("2026-11-13T17:00:00Z", true, 0)]
    [InlineData("2027-11-14T10:00:00Z", false, 48)]
    [InlineData("2028-02-28T10:00:00Z", false, 1)]
    [InlineData("2028-02-29T10:00:00Z", true, 0)]
    public void A_calendar_counts_the_customers_days(string now, bool isToday, long until)
    {
        var facts = Look(now, null, null);

        Assert.Equal((isToday, until), (facts.InCalendar(0), facts.DaysUntil(0)));
        Assert.Equal((false, (long?)null), (facts.InCalendar(1), facts.DaysUntil(1)));
    }

    [Theory]
    [InlineData("2000-11-22", "2026-11-21T16:59:00Z", 25)]
    [InlineData("2000-11-22", "2026-11-21T17:00:00Z", 26)]
    [InlineData("2000-02-29", "2026-02-28T10:00:00Z", 25)]
    [InlineData("2000-02-29", "2026-03-01T10:00:00Z", 26)]
    [InlineData("2030-01-01", "2026-03-01T10:00:00Z", 0)]
    [InlineData("0001-01-01", "9999-12-31T10:00:00Z", 9998)]
    [InlineData("nonsense", "2026-03-01T10:00:00Z", null)]
    public void Age_is_in_whole_years(string birth, string now, int? expected)
    {
        var facts = new Facts(_strategy);
        facts.Look(CustomerState.Empty with { Profile = PropertyMap.Of(("birthday", Value.Of(birth))) }, DateTimeOffset.Parse(now), null, PropertyMap.Empty);

        Assert.Equal(expected, facts.Age(facts.ProfileTimestamp("birthday")));
    }

    [Fact]
    public void Reading_facts_allocates_nothing()
    {
        var strategy = RandomHistory.Strategy;
        var state = History.Fold(strategy, RandomHistory.Events(5, 200));
        var facts = new Facts(strategy);
        var context = PropertyMap.Of(("device", Value.Of(PropertyMap.Of(("type", Value.Of("mobile"))))), ("timezone", Value.Of("Europe/Berlin")));
        var sink = 0L;
        void ReadAll()
        {
            facts.Look(state, state.LatestEventAt!.Value, null, context);
            foreach (var feature in strategy.Features)
            {
                sink += facts.FeatureValue(feature.Slot).IsNull ? 1 : 0;
            }

            sink += facts.LocalHour + facts.LocalWeekday + (facts.HasTag("keen") ? 1 : 0) + (long)facts.Score(0) + facts.GradeRank(0) + (facts.InStage(0) ? 1 : 0);
            sink += (facts.DeviceType?.Length ?? 0) + (facts.ContextString("device.type")?.Length ?? 0) + (facts.ConsentGranted("marketing", "email") ? 1 : 0);
            sink += facts.ProfileInt("plan") ?? 0;
            sink += facts.InSegment(0) ? 1 : 0;
        }

        ReadAll();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            ReadAll();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.NotEqual(0, sink);
    }

    private static DayRule.Annual Annual(int month, int day) => new(new AnnualDate(month, day), new AnnualDate(month, day));

    private static DayRule.Once Once(int year, int month, int day) => new(new LocalDate(year, month, day), new LocalDate(year, month, day));

    private static Facts Look(string now, string? profile, string? context)
    {
        var facts = new Facts(_strategy);
        facts.Look(
            CustomerState.Empty with { Profile = PropertyMap.Of(("timezone", Value.Of(profile))) }, DateTimeOffset.Parse(now), null, PropertyMap.Of(("timezone", Value.Of(context))));
        return facts;
    }
}
