using System.Buffers;
using System.Globalization;
using System.Text;

namespace Decisioning.Engine.Expressions.Runtime;

/// <summary>Instants (RFC 3339) and spans (`1h30m`, `90s`; of ours: `d` and `w`) as text.</summary>
internal static class TimeText
{
    /// <summary>CEL's bound of a duration either way: about 10,000 years.</summary>
    public const long DurationTicksMax = 315_576_000_000 * TimeSpan.TicksPerSecond;

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    private static readonly (string Name, decimal Ticks)[] Units =
    [
        ("ns", 0.01m), ("us", 10), ("µs", 10), ("ms", TimeSpan.TicksPerMillisecond), ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute),
        ("h", TimeSpan.TicksPerHour), ("d", TimeSpan.TicksPerDay), ("w", 7 * TimeSpan.TicksPerDay),
    ];

    public static bool TryParse(string text, out DateTimeOffset instant)
    {
        instant = default;
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || text[10] is not ('T' or 't') || text[13] != ':' || text[16] != ':')
        {
            return false;
        }

        var at = 19;
        var ticks = 0L;
        if (text[at] == '.')
        {
            var digits = text.AsSpan(at + 1).IndexOfAnyExceptInRange('0', '9');
            if (digits is < 1 or > 9)
            {
                return false;
            }

            ticks = long.Parse(text.Substring(at + 1, digits).PadRight(9, '0').AsSpan(0, 7), NumberStyles.None, CultureInfo.InvariantCulture);
            at += 1 + digits;
        }

        if (!TryOffset(text.AsSpan(at), out var offset)
            || !DateTime.TryParseExact(text.AsSpan(0, 19), "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            return false;
        }

        return TryInstant(local.Ticks + ticks, -offset.Ticks, out instant);
    }

    /// <summary>Adds ticks to an instant's ticks, within the years 1 to 9999.</summary>
    public static bool TryInstant(long utcTicks, long ticks, out DateTimeOffset instant)
    {
        var sum = (Int128)utcTicks + ticks;
        var valid = sum >= 0 && sum <= DateTime.MaxValue.Ticks;
        instant = valid ? new DateTimeOffset((long)sum, TimeSpan.Zero) : default;
        return valid;
    }

    public static string Format(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    public static bool TryParse(string text, out TimeSpan span)
    {
        span = default;
        var sign = text.StartsWith('-') ? -1 : 1;
        var at = text.StartsWith('-') || text.StartsWith('+') ? 1 : 0;
        if (text.AsSpan(at) is "0")
        {
            return true;
        }

        decimal ticks = 0;
        if (at == text.Length || text.Length > 64)
        {
            return false;
        }

        while (at < text.Length)
        {
            var number = text.AsSpan(at).IndexOfAnyExcept(NumberCharacters);
            if (number <= 0 || !decimal.TryParse(text.AsSpan(at, number), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
            {
                return false;
            }

            at += number;
            var letters = text.AsSpan(at).IndexOfAnyInRange('0', '9') is >= 0 and var next ? next : text.Length - at;
            var unit = Array.FindIndex(Units, candidate => text.AsSpan(at, letters).SequenceEqual(candidate.Name));
            if (unit < 0 || amount > DurationTicksMax)
            {
                return false;
            }

            ticks += amount * Units[unit].Ticks;
            at += letters;
            if (ticks > DurationTicksMax)
            {
                return false;
            }
        }

        span = new TimeSpan(sign * (long)ticks);
        return true;
    }

    /// <summary>In seconds with their fraction: `5400s`, `0.5s`.</summary>
    public static string Format(TimeSpan span)
    {
        var to = new StringBuilder();
        to.Append(span < TimeSpan.Zero ? "-" : "");
        to.Append(CultureInfo.InvariantCulture, $"{Math.Abs((decimal)span.Ticks) / TimeSpan.TicksPerSecond:0.#######}s");
        return to.ToString();
    }

    /// <summary>`Z`, `+02:00`, `-8:00` or `02:00`.</summary>
    public static bool TryOffset(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = default;
        if (text is "Z" or "z")
        {
            return true;
        }

        var sign = text.StartsWith("-") ? -1 : 1;
        var digits = text.StartsWith("-") || text.StartsWith("+") ? text[1..] : text;
        var colon = digits.IndexOf(':');
        if (colon is < 1 or > 2 || digits.Length != colon + 3
            || !int.TryParse(digits[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
            || !int.TryParse(digits[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes)
            || hours > 23 || minutes > 59)
        {
            return false;
        }

        offset = new TimeSpan(sign * hours, sign * minutes, 0);
        return true;
    }
}
