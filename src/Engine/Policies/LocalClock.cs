using System.Collections.Immutable;
using NodaTime;

namespace Decisioning.Engine.Policies;

/// <summary>
/// Finds instants by what a customer's clock shows. A zone's offset is constant between its changes, so each search goes from
/// change to change: an hour that a change skips, shows twice or cuts short is met as the customer meets it.
/// </summary>
internal static class LocalClock
{
    // A day of quiet and its change of the clock need four steps; more only where quiet hours leave no gap.
    private const int StepsMax = 16;

    private static readonly Instant Earliest = Instant.FromUtc(1, 1, 3, 0, 0);
    private static readonly Instant Latest = Instant.FromUtc(9999, 12, 28, 0, 0);

    /// <summary>Whether a clock shows a time within quiet hours.</summary>
    public static bool IsQuiet(QuietHours hours, LocalTime time) => hours.From < hours.Until
        ? time >= hours.From && time < hours.Until
        : time >= hours.From || time < hours.Until;

    /// <summary>What the clock shows at an instant.</summary>
    public static LocalTime TimeAt(DateTimeZone zone, DateTimeOffset at) => Inside(at).InZone(zone).TimeOfDay;

    /// <summary>The first instant, not before another, at which none of the quiet hours hold; null when they leave no gap.</summary>
    /// <param name="zone">The customer's time zone.</param>
    /// <param name="at">The earliest instant.</param>
    /// <param name="hours">Quiet hours; those not in <paramref name="which"/> are passed over.</param>
    /// <param name="which">A bit per quiet hours.</param>
    public static DateTimeOffset? AfterQuiet(DateTimeZone zone, DateTimeOffset at, ImmutableArray<QuietHours> hours, uint which)
    {
        var instant = Inside(at);
        for (var step = 0; step < StepsMax; step++)
        {
            var interval = zone.GetZoneInterval(instant);
            var time = instant.WithOffset(interval.WallOffset).TimeOfDay;
            if (Quiet(hours, which, time) is not { } quiet)
            {
                return step == 0 ? at : instant.ToDateTimeOffset();
            }

            var end = instant.Plus(Until(time, quiet.Until));
            instant = interval.HasEnd && interval.End < end ? interval.End : end;
            if (instant > Latest)
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>
    /// The first instant, not before another, at which the clock shows an hour. On a day on which a change of the clock skips the
    /// hour, the instant of the change.
    /// </summary>
    /// <param name="zone">The customer's time zone.</param>
    /// <param name="at">The earliest instant.</param>
    /// <param name="hour">The hour, 0 to 23.</param>
    public static DateTimeOffset NextHour(DateTimeZone zone, DateTimeOffset at, int hour)
    {
        var instant = Inside(at);
        for (var step = 0; step < StepsMax; step++)
        {
            var interval = zone.GetZoneInterval(instant);
            var local = instant.WithOffset(interval.WallOffset);
            if (local.Hour == hour)
            {
                return step == 0 ? at : instant.ToDateTimeOffset();
            }

            var wait = Until(local.TimeOfDay, new LocalTime(hour, 0));
            var next = instant.Plus(wait);
            if (!interval.HasEnd || next < interval.End)
            {
                return next > Latest ? at : next.ToDateTimeOffset();
            }

            var after = interval.End.InZone(zone).LocalDateTime;
            if (after.Hour != hour && after > local.LocalDateTime.PlusTicks(wait.BclCompatibleTicks))
            {
                return interval.End.ToDateTimeOffset();
            }

            instant = interval.End;
        }

        return at;
    }

    // At the ends of the calendar the offset of a zone would lead out of it.
    private static Instant Inside(DateTimeOffset at)
    {
        var instant = Instant.FromDateTimeOffset(at);
        return instant < Earliest ? Earliest : instant > Latest ? Latest : instant;
    }

    private static QuietHours? Quiet(ImmutableArray<QuietHours> hours, uint which, LocalTime time)
    {
        for (var i = 0; i < hours.Length; i++)
        {
            if ((which & (1u << i)) != 0 && IsQuiet(hours[i], time))
            {
                return hours[i];
            }
        }

        return null;
    }

    private static Duration Until(LocalTime from, LocalTime to)
    {
        var ticks = to.TickOfDay - from.TickOfDay;
        return Duration.FromTicks(ticks > 0 ? ticks : ticks + NodaConstants.TicksPerDay);
    }
}
