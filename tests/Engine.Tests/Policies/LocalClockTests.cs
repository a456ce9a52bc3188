using System.Globalization;
using Decisioning.Engine.Policies;
using NodaTime;
using Xunit;

namespace Decisioning.Engine.Tests.Policies;

public sealed class LocalClockTests
{
    private const int Steps = 600;

    // In 2026 the clocks change in Berlin on 29 March and 25 October at 01:00Z, in New York on 8 March at 07:00Z and 1 November at 06:00Z.
    [Theory]
    [InlineData("a winter's night", "Europe/Berlin", "21:00", "08:00", "2026-01-10T22:00", "2026-01-11T07:00")]
    [InlineData("the minute it ends", "Europe/Berlin", "21:00", "08:00", "2026-01-11T07:00", "2026-01-11T07:00")]
    [InlineData("the minute it begins", "Europe/Berlin", "21:00", "08:00", "2026-01-11T20:00", "2026-01-12T07:00")]
    [InlineData("the night an hour is skipped", "Europe/Berlin", "21:00", "08:00", "2026-03-28T21:00", "2026-03-29T06:00")]
    [InlineData("its end is skipped", "Europe/Berlin", "22:00", "02:30", "2026-03-28T23:00", "2026-03-29T01:00")]
    [InlineData("all of it is skipped: before", "Europe/Berlin", "02:00", "03:00", "2026-03-29T00:59", "2026-03-29T00:59")]
    [InlineData("all of it is skipped: after", "Europe/Berlin", "02:00", "03:00", "2026-03-29T01:00", "2026-03-29T01:00")]
    [InlineData("its beginning is skipped", "Europe/Berlin", "02:30", "05:00", "2026-03-29T01:00", "2026-03-29T03:00")]
    [InlineData("the night an hour comes twice", "Europe/Berlin", "21:00", "08:00", "2026-10-24T20:00", "2026-10-25T07:00")]
    [InlineData("its end comes twice: before the first", "Europe/Berlin", "22:00", "02:30", "2026-10-24T23:00", "2026-10-25T00:30")]
    [InlineData("its end comes twice: between", "Europe/Berlin", "22:00", "02:30", "2026-10-25T00:40", "2026-10-25T00:40")]
    [InlineData("its end comes twice: before the second", "Europe/Berlin", "22:00", "02:30", "2026-10-25T01:10", "2026-10-25T01:30")]
    [InlineData("the clock goes back out of it", "Europe/Berlin", "02:30", "04:00", "2026-10-25T00:45", "2026-10-25T01:00")]
    [InlineData("and it begins again", "Europe/Berlin", "02:30", "04:00", "2026-10-25T01:30", "2026-10-25T03:00")]
    [InlineData("the night an hour is skipped", "America/New_York", "21:00", "08:00", "2026-03-08T04:00", "2026-03-08T12:00")]
    [InlineData("its end is skipped", "America/New_York", "22:00", "02:30", "2026-03-08T05:00", "2026-03-08T07:00")]
    [InlineData("the night an hour comes twice", "America/New_York", "21:00", "08:00", "2026-11-01T03:00", "2026-11-01T13:00")]
    [InlineData("its end comes twice: before the first", "America/New_York", "22:00", "01:30", "2026-11-01T05:10", "2026-11-01T05:30")]
    [InlineData("its end comes twice: before the second", "America/New_York", "22:00", "01:30", "2026-11-01T06:10", "2026-11-01T06:30")]
    [InlineData("half an hour beside the others, no change", "Asia/Kolkata", "21:00", "08:00", "2026-03-29T16:00", "2026-03-30T02:30")]
    [InlineData("no change", "Asia/Ho_Chi_Minh", "21:00", "08:00", "2026-10-25T00:59", "2026-10-25T01:00")]
    [InlineData("a day that never was", "Pacific/Apia", "21:00", "08:00", "2011-12-30T09:30", "2011-12-30T18:00")]
    [InlineData("half an hour of change", "Australia/Lord_Howe", "01:45", "02:15", "2026-10-03T15:15", "2026-10-03T15:30")]
    [InlineData("until midnight", "UTC", "22:00", "00:00", "2026-01-10T23:59", "2026-01-11T00:00")]
    [InlineData("within a day", "UTC", "12:00", "14:00", "2026-01-10T13:00", "2026-01-10T14:00")]
    public void Quiet_hours_end_when_the_customers_clock_says_so(string row, string zone, string from, string until, string at, string end)
    {
        var hours = new QuietHours("", Time(from), Time(until), []);
        var found = LocalClock.AfterQuiet(Zone(zone), At(at), [hours], 1);
        Assert.True(At(end) == found, $"{row}: {found:s}");
    }

    [Theory]
    [InlineData("later today", "Europe/Berlin", 18, "2026-01-10T12:00", "2026-01-10T17:00")]
    [InlineData("tomorrow", "Europe/Berlin", 8, "2026-01-10T12:00", "2026-01-11T07:00")]
    [InlineData("now already", "Europe/Berlin", 13, "2026-01-10T12:34", "2026-01-10T12:34")]
    [InlineData("over the night an hour is skipped", "Europe/Berlin", 8, "2026-03-28T21:00", "2026-03-29T06:00")]
    [InlineData("the hour that is skipped: at the change", "Europe/Berlin", 2, "2026-03-28T21:00", "2026-03-29T01:00")]
    [InlineData("over the night an hour comes twice", "Europe/Berlin", 8, "2026-10-24T20:00", "2026-10-25T07:00")]
    [InlineData("the hour that comes twice: the first", "Europe/Berlin", 2, "2026-10-24T20:00", "2026-10-25T00:00")]
    [InlineData("the hour that is skipped", "America/New_York", 2, "2026-03-08T05:00", "2026-03-08T07:00")]
    [InlineData("the hour that comes twice, the second time", "America/New_York", 1, "2026-11-01T06:10", "2026-11-01T06:10")]
    [InlineData("no change", "Asia/Ho_Chi_Minh", 8, "2026-10-25T02:00", "2026-10-26T01:00")]
    [InlineData("midnight", "Asia/Kolkata", 0, "2026-10-25T02:00", "2026-10-25T18:30")]
    public void Next_hour_is_when_the_customers_clock_shows_it(string row, string zone, int hour, string at, string next)
    {
        var found = LocalClock.NextHour(Zone(zone), At(at), hour);
        Assert.True(At(next) == found, $"{row}: {found:s}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Clock_of_any_zone_is_found_as_by_looking_at_it_minute_by_minute(int seed)
    {
        var random = new Random(seed);
        var zones = DateTimeZoneProviders.Tzdb.Ids.ToList();
        for (var step = 0; step < Steps; step++)
        {
            var id = zones[random.Next(zones.Count)];
            var zone = Zone(id);

            // Half of the instants lie in the day before a change of the clock.
            var at = Instant.FromUtc(random.Next(2000, 2036), 1, 1, 0, 0).Plus(Duration.FromMinutes(random.Next(525_000)));
            at = random.Next(2) == 0 && zone.GetZoneInterval(at) is { HasEnd: true } interval ? interval.End.Minus(Duration.FromMinutes(random.Next(1440))) : at;
            var hours = new QuietHours("", new LocalTime(random.Next(24), random.Next(2) * 30), new LocalTime(random.Next(24), 15), []);
            var hour = random.Next(24);
            var row = $"seed {seed}, step {step}: {id} {at} {hours.From}-{hours.Until}";

            var quiet = at;
            while (LocalClock.IsQuiet(hours, quiet.InZone(zone).TimeOfDay))
            {
                quiet = quiet.Plus(Duration.FromMinutes(1));
            }

            Assert.True(quiet.ToDateTimeOffset() == LocalClock.AfterQuiet(zone, at.ToDateTimeOffset(), [hours], 1), row);

            var shown = at;
            for (var before = shown.InZone(zone).LocalDateTime; shown.InZone(zone).Hour != hour; before = shown.InZone(zone).LocalDateTime)
            {
                shown = shown.Plus(Duration.FromMinutes(1));
                var (from, to) = (before.PlusMinutes(1), shown.InZone(zone).LocalDateTime);
                var skipped = from.Date.At(new LocalTime(hour, 0)) is var today && today < from ? today.PlusDays(1) : today;
                if (skipped < to)
                {
                    break;
                }
            }

            Assert.True(shown.ToDateTimeOffset() == LocalClock.NextHour(zone, at.ToDateTimeOffset(), hour), $"{row}, hour {hour}: {shown}");
        }
    }

    [Fact]
    public void Quiet_hours_that_leave_no_gap_never_end()
    {
        QuietHours[] hours = [new("", Time("00:00"), Time("12:00"), []), new("", Time("12:00"), Time("00:00"), [])];
        Assert.Null(LocalClock.AfterQuiet(Zone("Europe/Berlin"), At("2026-03-28T21:00"), [.. hours], 3));
        Assert.Equal(At("2026-01-10T11:00"), LocalClock.AfterQuiet(Zone("Europe/Berlin"), At("2026-01-10T06:00"), [.. hours], 1));
    }

    [Fact]
    public void Clock_at_the_ends_of_time_is_no_failure()
    {
        QuietHours[] hours = [new("", Time("00:00"), Time("23:59"), [])];
        foreach (var at in new[] { DateTimeOffset.MinValue, DateTimeOffset.MaxValue })
        {
            LocalClock.AfterQuiet(Zone("Pacific/Apia"), at, [.. hours], 1);
            LocalClock.NextHour(Zone("Pacific/Apia"), at, 5);
        }
    }

    private static DateTimeZone Zone(string id) => DateTimeZoneProviders.Tzdb[id];

    private static LocalTime Time(string text) => LocalTime.FromTicksSinceMidnight(TimeSpan.Parse(text, CultureInfo.InvariantCulture).Ticks);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text + "Z", CultureInfo.InvariantCulture);
}
