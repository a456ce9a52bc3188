using System.Globalization;

namespace Grpc.Core.Internal;

/// <summary>The <c>grpc-timeout</c> header: up to eight digits and a unit.</summary>
internal static class Timeouts
{
    /// <summary>99,999,999 seconds, the longest the header can say in seconds; longer ones are cut to it.</summary>
    internal static readonly TimeSpan Max = TimeSpan.FromSeconds(99_999_999);

    internal static bool TryParse(string? text, out TimeSpan timeout)
    {
        timeout = default;
        if (text is null || text.Length < 2
            || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        var ticks = (Int128)number;
        switch (text[^1])
        {
            case 'H':
                ticks *= TimeSpan.TicksPerHour;
                break;
            case 'M':
                ticks *= TimeSpan.TicksPerMinute;
                break;
            case 'S':
                ticks *= TimeSpan.TicksPerSecond;
                break;
            case 'm':
                ticks *= TimeSpan.TicksPerMillisecond;
                break;
            case 'u':
                ticks *= TimeSpan.TicksPerMicrosecond;
                break;
            case 'n':
                ticks /= TimeSpan.NanosecondsPerTick;
                break;
            default:
                return false;
        }

        timeout = ticks > Max.Ticks ? Max : new TimeSpan((long)ticks);
        return true;
    }

    /// <summary>Rounds up to the finest unit that fits in eight digits, so that a deadline is never told too early.</summary>
    internal static string Format(TimeSpan timeout)
    {
        if (timeout <= TimeSpan.Zero)
        {
            return "1n";
        }

        if (timeout > Max)
        {
            timeout = Max;
        }

        return Fits(timeout.Ticks, TimeSpan.TicksPerMicrosecond) ? Text(timeout.Ticks, TimeSpan.TicksPerMicrosecond, 'u')
            : Fits(timeout.Ticks, TimeSpan.TicksPerMillisecond) ? Text(timeout.Ticks, TimeSpan.TicksPerMillisecond, 'm')
            : Text(timeout.Ticks, TimeSpan.TicksPerSecond, 'S');

        static bool Fits(long ticks, long unit) => ticks / unit < 99_999_999;

        static string Text(long ticks, long unit, char name) =>
            string.Create(CultureInfo.InvariantCulture, $"{(ticks + unit - 1) / unit}{name}");
    }
}
