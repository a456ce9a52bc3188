using System.Collections.Immutable;
using System.Globalization;
using Decisioning.Engine.Values;
using NodaTime;

namespace Decisioning.Engine.Actions;

/// <summary>How a value is written.</summary>
internal enum TemplateHelper : byte
{
    /// <summary>As it is.</summary>
    None,

    /// <summary><c>{{default profile.first_name "friend"}}</c>: the text where there is no value.</summary>
    Default,

    /// <summary><c>{{date features.last_visit}}</c>: the day in the reader's zone and language, or by a pattern.</summary>
    Date,

    /// <summary><c>{{time features.last_visit}}</c>: hour and minute in the reader's zone.</summary>
    Time,

    /// <summary><c>{{number features.spend 2}}</c>: a number in the reader's language, rounded to so many decimals.</summary>
    Number,

    /// <summary><c>{{url features.topic}}</c>: as a part of a URL.</summary>
    Url,
}

/// <summary>The helpers of content templates.</summary>
internal static class TemplateHelpers
{
    private const int DecimalsMax = 6;

    /// <summary>The helpers by the names authors know them by.</summary>
    public static ImmutableArray<(string Name, TemplateHelper Helper)> All { get; } =
    [
        ("default", TemplateHelper.Default), ("date", TemplateHelper.Date), ("time", TemplateHelper.Time), ("number", TemplateHelper.Number), ("url", TemplateHelper.Url),
    ];

    /// <summary>Checks a helper and its argument; returns what is wrong, or null.</summary>
    public static string? Check(string name, string argument)
    {
        var helper = All.FirstOrDefault(known => known.Name == name).Helper;
        return helper switch
        {
            TemplateHelper.None when name.Length > 0 => $"`{name}` is no helper: there are {string.Join(", ", All.Select(known => $"`{known.Name}`"))}",
            TemplateHelper.None when argument.Length > 0 => $"`{argument}` stands beside a name: write a helper before it, such as `{{{{default profile.first_name \"friend\"}}}}`",
            TemplateHelper.Default when argument.Length == 0 => "`default` needs a text: write such as `{{default profile.first_name \"friend\"}}`",
            TemplateHelper.Number when argument.Length > 0 && (!int.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out var decimals) || decimals > DecimalsMax) =>
                $"`{argument}` is no number of decimals: write 0 to {DecimalsMax}",
            TemplateHelper.Date when argument.Length > 0 && !LocaleForms.IsPattern(argument) =>
                $"`{argument}` is no pattern of a date: write days as `d` or `dd`, months as `M`, `MM` or `MMMM`, years as `yy` or `yyyy`, weekdays as `dddd`, hours as `H` or `HH`, minutes as `mm`",
            TemplateHelper.Time or TemplateHelper.Url when argument.Length > 0 => $"`{name}` takes a name alone; leave `{argument}` out",
            _ => null,
        };
    }

    /// <summary>A value as templates see it: texts, numbers, instants, maps and lists; null for what is missing and for false.</summary>
    public static object? Plain(Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Map:
                var map = new TemplateMap();
                foreach (var (name, inner) in value.AsMap().Entries)
                {
                    map[name] = Plain(inner);
                }

                return map;
            case ValueKind.List:
                var list = new TemplateList();
                list.AddRange(value.AsList().Take(Limits.TemplateItemsMax).Select(Plain));
                return list;
            default:
                return value.Kind switch
                {
                    ValueKind.Bool => value.AsBool() ? "true" : null,
                    ValueKind.Int => value.AsInt(),
                    ValueKind.UInt => value.AsUInt(),
                    ValueKind.Double => value.AsDouble(),
                    ValueKind.String => Cut(value.AsString()),
                    ValueKind.Timestamp => new TemplateInstant(value.AsTimestamp()),
                    ValueKind.Duration => value.ToString(),
                    _ => null,
                };
        }
    }

    /// <summary>A value as a helper writes it; empty for what is missing.</summary>
    public static string Write(TemplateHelper helper, object? value, string? argument, TemplateReader reader) => helper switch
    {
        TemplateHelper.Default => Text(value) is { Length: > 0 } text ? text : argument!,
        TemplateHelper.Date when value is TemplateInstant date => LocaleForms.Of(reader.Locale).Date(Local(date.At, reader.Zone), argument),
        TemplateHelper.Time when value is TemplateInstant time => LocaleForms.Of(reader.Locale).Date(Local(time.At, reader.Zone), "HH:mm"),
        TemplateHelper.Number when Number(value) is { } number => LocaleForms.Of(reader.Locale).Number(number, argument is null ? null : int.Parse(argument, CultureInfo.InvariantCulture)),
        _ => Text(value),
    };

    private static string Text(object? value) => value switch
    {
        string text => text,
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        TemplateInstant instant => instant.ToString(),
        _ => "",
    };

    private static double? Number(object? value) => value switch
    {
        long number => number,
        ulong number => number,
        double number when double.IsFinite(number) => number,
        _ => null,
    };

    private static string Cut(string text)
    {
        if (text.Length <= Limits.TemplateValueCharsMax)
        {
            return text;
        }

        // A pair of surrogates is never parted: half of one is not text.
        var end = Limits.TemplateValueCharsMax;
        return text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)];
    }

    // A date is its midnight in UTC, wherever the reader is.
    private static LocalDateTime Local(DateTimeOffset at, DateTimeZone? zone)
    {
        var utc = Instant.FromDateTimeOffset(at).InUtc().LocalDateTime;
        return zone is null || utc.TimeOfDay == LocalTime.Midnight || utc.Year is < 2 or > 9998 ? utc : Instant.FromDateTimeOffset(at).InZone(zone).LocalDateTime;
    }
}

/// <summary>An instant as templates see it: shown in UTC unless a helper says otherwise, a midnight as the day alone.</summary>
internal sealed record TemplateInstant(DateTimeOffset At)
{
    public override string ToString() =>
        At.UtcDateTime.ToString(At.UtcDateTime.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
