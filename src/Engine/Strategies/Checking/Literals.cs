using System.Globalization;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Checking;

/// <summary>Reads texts, numbers, switches and durations; null when they are none, which is then reported.</summary>
internal static class Literals
{
    private static readonly (char Unit, TimeSpan Span)[] Units =
    [
        ('y', TimeSpan.FromDays(365)), ('w', TimeSpan.FromDays(7)), ('d', TimeSpan.FromDays(1)),
        ('h', TimeSpan.FromHours(1)), ('m', TimeSpan.FromMinutes(1)), ('s', TimeSpan.FromSeconds(1)),
    ];

    public static string? Text(WrittenNode node, string path, Mistakes mistakes)
    {
        if (node is WrittenNode.Scalar scalar)
        {
            return scalar.Text;
        }

        if (node is not WrittenNode.Broken)
        {
            var hint = node is WrittenNode.Mapping { IsFlow: true } ? "; put a text that begins with `{` between quotes" : "";
            mistakes.Add(FindingRules.Shape, node.Place, path, $"expected a text, but found {node.Kind}{hint}");
        }

        return null;
    }

    public static double? Number(WrittenNode node, string path, Mistakes mistakes, double min, double max)
    {
        if (Text(node, path, mistakes) is not { } text)
        {
            return null;
        }

        if (!TryNumber(text, out var number))
        {
            mistakes.Add(node.Place, path, $"`{Shape.Short(text)}` is not a number; write one such as `40` or `1.5`");
            return null;
        }

        if (number < min || number > max)
        {
            mistakes.Add(node.Place, path, $"`{text}` is out of bounds; {Bounds(min, max)}");
            return null;
        }

        return number;
    }

    public static double? Factor(WrittenNode node, string path, Mistakes mistakes)
    {
        var number = Number(node, path, mistakes, double.MinValue, double.MaxValue);
        if (number is not { } factor || (factor > 0 && factor <= 1000))
        {
            return number;
        }

        mistakes.Add(node.Place, path, $"`{Shape.Seen(node).Trim('`')}` is out of bounds; a weight is above 0 and at most 1000, and 1 changes nothing");
        return null;
    }

    public static int? Whole(WrittenNode node, string path, Mistakes mistakes, int min, int max)
    {
        if (Number(node, path, mistakes, min, max) is not { } number)
        {
            return null;
        }

        if (number == Math.Floor(number))
        {
            return (int)number;
        }

        mistakes.Add(node.Place, path, $"{Shape.Seen(node)} is not a whole number; write one such as `{Math.Round(number)}`");
        return null;
    }

    public static bool? Flag(WrittenNode node, string path, Mistakes mistakes)
    {
        if (Text(node, path, mistakes) is not { } text)
        {
            return null;
        }

        if (text is "true" or "false")
        {
            return text == "true";
        }

        mistakes.Add(node.Place, path, $"`{Shape.Short(text)}` is neither `true` nor `false`; write one of them");
        return null;
    }

    public static TimeSpan? Duration(WrittenNode node, string path, Mistakes mistakes, TimeSpan min, TimeSpan max)
    {
        if (Text(node, path, mistakes) is not { } text)
        {
            return null;
        }

        if (!TryDuration(text, out var span))
        {
            mistakes.Add(node.Place, path, $"`{Shape.Short(text)}` is not a duration; write whole numbers with units, largest first, such as `14d`, `1h30m` or `2y` (y = 365 d, w, d, h, m, s)");
            return null;
        }

        if (span < min || span > max)
        {
            mistakes.Add(node.Place, path, $"`{text}` is out of bounds; at least {Print(min)} and at most {(int)max.TotalDays}d are allowed");
            return null;
        }

        return span;
    }

    public static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number)
        && double.IsFinite(number);

    /// <summary>Reads <c>1h30m</c>: whole numbers with units, each unit at most once, largest first.</summary>
    public static bool TryDuration(string text, out TimeSpan span)
    {
        span = TimeSpan.Zero;
        var unit = -1;
        var at = 0;
        while (at < text.Length)
        {
            var digits = text.AsSpan(at).IndexOfAnyExceptInRange('0', '9');
            if (digits is < 1 or > 9)
            {
                return false;
            }

            var next = Array.FindIndex(Units, known => known.Unit == text[at + digits]);
            if (next <= unit)
            {
                return false;
            }

            var count = int.Parse(text.AsSpan(at, digits), NumberStyles.None, CultureInfo.InvariantCulture);
            if (count > TimeSpan.FromDays(10 * Limits.DurationDaysMax) / Units[next].Span)
            {
                // Beyond every bound, and before any arithmetic overflows.
                span = TimeSpan.FromDays(10 * Limits.DurationDaysMax);
                return true;
            }

            span += count * Units[next].Span;
            unit = next;
            at += digits + 1;
        }

        return unit >= 0;
    }

    public static string Print(TimeSpan span)
    {
        foreach (var (unit, length) in Units.Skip(1))
        {
            if (span >= length && span.Ticks % length.Ticks == 0)
            {
                return $"{span / length}{unit}";
            }
        }

        return "0s";
    }

    private static string Bounds(double min, double max) => (min, max) switch
    {
        (double.MinValue, _) => $"at most {max} is allowed",
        (_, double.MaxValue) => $"at least {min} is allowed",
        _ => $"between {min} and {max} is allowed",
    };
}
