using System.Globalization;
using System.Text.RegularExpressions;
using Decisioning.Engine.Strategies.Written;
using NodaTime;

namespace Decisioning.Engine.Strategies.Checking;

/// <summary>Reads days and instants; null when they are none, which is then reported.</summary>
internal static partial class Dates
{
    /// <summary>
    /// An instant. A day without a time is its beginning, or the beginning of the next day where it is the last day that counts.
    /// A time without an offset is local to the zone; one that a clock change skips is moved forward.
    /// </summary>
    public static DateTimeOffset? Instant(WrittenNode? node, string path, Mistakes mistakes, DateTimeZone zone, bool lastDay)
    {
        if (node is null || Literals.Text(node, path, mistakes) is not { } text)
        {
            return null;
        }

        if (TryInstant(text, zone, lastDay) is { } instant)
        {
            return instant;
        }

        mistakes.Add(node.Place, path, $"`{Shape.Short(text)}` is not a date or time; write one such as `2026-12-31`, `2026-12-31T18:00` or `2026-12-31T18:00+01:00`");
        return null;
    }

    /// <summary>The instant that a text names, as <see cref="Instant"/>; null when it is none.</summary>
    public static DateTimeOffset? TryInstant(string text, DateTimeZone zone, bool lastDay)
    {
        var match = InstantForm().Match(text);
        if (!match.Success
            || Day(match.Groups["year"].Value, match.Groups["month"].Value, match.Groups["day"].Value) is not { } day
            || Time(match) is not { } time)
        {
            return null;
        }

        if (!match.Groups["hour"].Success)
        {
            return zone.AtStartOfDay(lastDay ? day.PlusDays(1) : day).ToInstant().ToDateTimeOffset();
        }

        var local = day.At(time);
        return Offset(match) is { } offset
            ? local.WithOffset(offset).ToInstant().ToDateTimeOffset()
            : zone.AtLeniently(local).ToInstant().ToDateTimeOffset();
    }

    /// <summary>A day written <c>2026-12-24</c>, from 1900 to 9990; null for anything else.</summary>
    public static LocalDate? Day(string text) =>
        text.Length == 10 && text[4] == '-' && text[7] == '-' && text.All(c => char.IsAsciiDigit(c) || c == '-') && text.Count(c => c == '-') == 2
            ? Day(text[..4], text[5..7], text[8..])
            : null;

    private static LocalDate? Day(string year, string month, string day)
    {
        var (y, m, d) = (Number(year), Number(month), Number(day));
        return y is >= 1900 and <= 9990 && m is >= 1 and <= 12 && d >= 1 && d <= CalendarSystem.Iso.GetDaysInMonth(y, m) ? new LocalDate(y, m, d) : null;
    }

    private static LocalTime? Time(Match match)
    {
        if (!match.Groups["hour"].Success)
        {
            return LocalTime.Midnight;
        }

        var (hour, minute) = (Number(match.Groups["hour"].Value), Number(match.Groups["minute"].Value));
        var second = match.Groups["second"].Success ? Number(match.Groups["second"].Value) : 0;
        return hour <= 23 && minute <= 59 && second <= 59 ? new LocalTime(hour, minute, second) : null;
    }

    private static Offset? Offset(Match match)
    {
        var text = match.Groups["offset"].Value;
        if (text.Length == 0)
        {
            return null;
        }

        var minutes = text == "Z" ? 0 : (Number(text[1..3]) * 60) + Number(text[4..6]);
        return NodaTime.Offset.FromSeconds(minutes * (text[0] == '-' ? -60 : 60));
    }

    private static int Number(string digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<year>[0-9]{4})-(?<month>[0-9]{2})-(?<day>[0-9]{2})([T ](?<hour>[0-9]{2}):(?<minute>[0-9]{2})(:(?<second>[0-9]{2}))?(?<offset>Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])?)?\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InstantForm();
}
