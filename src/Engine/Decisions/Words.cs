using System.Globalization;
using Decisioning.Engine.Actions;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;
using NodaTime;

namespace Decisioning.Engine.Decisions;

/// <summary>How reasons put values into words: lower case, what an author wrote in backticks.</summary>
internal static class Words
{
    private const int ExpressionCharsMax = 200;
    private const int ValueCharsMax = 64;

    /// <summary>What a condition sees, by name.</summary>
    public static PropertyMap Seen(Condition condition, Facts facts) =>
        PropertyMap.From(condition.Expression.Describe(facts, facts.Strategy.TermReaders).Select(seen => KeyValuePair.Create(seen.Name, seen.Seen)));

    /// <summary><c>features.visits is 2, profile.nps is null</c></summary>
    public static string Of(PropertyMap seen) => string.Join(", ", seen.Entries.Select(entry => $"{entry.Key} is {Short(entry.Value.ToString(), ValueCharsMax)}"));

    /// <summary>A value as an author writes it; null is <c>nothing</c>.</summary>
    public static string Of(Value value) => value.IsNull ? "nothing" : Short(value.ToString(), ValueCharsMax);

    /// <summary>An expression on one line, in backticks.</summary>
    public static string Of(Condition condition) => $"`{Short(string.Join(' ', condition.Expression.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), ExpressionCharsMax)}`";

    /// <summary><c>2026-11-02T10:00Z</c></summary>
    public static string Of(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);

    /// <summary><c>21:00</c></summary>
    public static string Of(LocalTime time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary><c>7d</c>, <c>36h</c>, <c>90m</c> or <c>45s</c></summary>
    public static string Of(TimeSpan span)
    {
        if (span.Ticks % TimeSpan.TicksPerDay == 0)
        {
            return $"{span.Ticks / TimeSpan.TicksPerDay}d";
        }

        if (span.Ticks % TimeSpan.TicksPerHour == 0)
        {
            return $"{span.Ticks / TimeSpan.TicksPerHour}h";
        }

        return span.Ticks % TimeSpan.TicksPerMinute == 0 ? $"{span.Ticks / TimeSpan.TicksPerMinute}m" : $"{span.TotalSeconds:0.###}s";
    }

    /// <summary>A number with at most six decimals.</summary>
    public static string Of(double number) => Math.Round(number, 6).ToString(CultureInfo.InvariantCulture);

    /// <summary><c>at most 2 impressions of group `check-up` on `email` within 7d</c>, <c>rest of 30d after a rejection of group `check-up`</c></summary>
    public static string Of(ContactCap cap, ActionDefinition action, string channel)
    {
        var scope = cap.Scope switch
        {
            CapScope.All or CapScope.Channel => "",
            CapScope.Issue => $" of issue `{action.Issue}`",
            CapScope.Group => $" of group `{action.Group}`",
            _ => $" of action `{action.Name}`",
        };
        var on = cap.Channel is not null || cap.Scope == CapScope.Channel ? $" on `{channel}`" : "";
        return cap.IsCoolOff
            ? $"rest of {Of(cap.Within)} after {Single(cap.Outcome)}{scope}{on}"
            : $"at most {cap.AtMost} {Plural(cap.Outcome, cap.AtMost)}{scope}{on} within {Of(cap.Within)}";
    }

    private static string Single(Outcome outcome) => Plural(outcome, 1) is var word && word[0] is 'a' or 'i' ? $"an {word}" : $"a {word}";

    private static string Plural(Outcome outcome, int count)
    {
        var (one, many) = outcome switch
        {
            Outcome.Impression => ("impression", "impressions"),
            Outcome.Clicked => ("click", "clicks"),
            Outcome.Accepted => ("acceptance", "acceptances"),
            Outcome.Rejected => ("rejection", "rejections"),
            Outcome.Dismissed => ("dismissal", "dismissals"),
            Outcome.NoResponse => ("silence", "silences"),
            Outcome.Converted => ("conversion", "conversions"),
            _ => ("contact", "contacts"),
        };
        return count == 1 ? one : many;
    }

    private static string Short(string text, int charsMax) => text.Length <= charsMax ? text : text[..charsMax] + "…";
}
