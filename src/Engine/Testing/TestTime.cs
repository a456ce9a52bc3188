using System.Globalization;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;
using NodaTime;

namespace Decisioning.Engine.Testing;

/// <summary>The virtual time of a case while it is read: what <c>+2h</c> counts from.</summary>
/// <param name="zone">The zone of times without an offset.</param>
internal sealed class TestTime(DateTimeZone zone)
{
    /// <summary>The instant of the step before; null at the beginning.</summary>
    public DateTimeOffset? Now { get; set; }

    public DateTimeZone Zone => zone;

    /// <summary>Whether a step was wrong: a time that is missing then may have been in it.</summary>
    public bool IsUnsure { get; set; }

    /// <summary>The instant of a step, which becomes the time of the case; null when it has none or a wrong one, which is then reported.</summary>
    /// <param name="node">What is written behind <c>at</c>; null for nothing: the time of the step before.</param>
    /// <param name="step">Where the step stands.</param>
    /// <param name="path">Its path.</param>
    /// <param name="mayBeLate">Whether it may lie before the time of the case, which then stays.</param>
    /// <param name="mistakes">Where mistakes go.</param>
    public DateTimeOffset? At(WrittenNode? node, Place step, string path, bool mayBeLate, Mistakes mistakes)
    {
        if (node is null)
        {
            if (Now is null && !IsUnsure)
            {
                mistakes.Add(FindingRules.MissingKey, step, path, "the first step of a case has no time to go on from; give it one, such as `at: 2026-11-02T10:00`");
            }

            return Now;
        }

        if (Literals.Text(node, path, mistakes) is not { } text)
        {
            return null;
        }

        if (Instant(text) is not { } at)
        {
            mistakes.Add(node.Place, path, text.StartsWith('+') && Now is null && Literals.TryDuration(text[1..], out _)
                ? $"`{text}` goes on from the step before, and this is the first; write a time such as `2026-11-02T10:00`"
                : $"`{Shape.Short(text)}` is not a time; write one such as `2026-11-02T10:00`, or `+2h` for two hours after the step before");
            return null;
        }

        if (at < Now && !mayBeLate)
        {
            mistakes.Add(node.Place, path, $"`{text}` lies before the step before it, {Print(Now.Value, zone)}; put steps in the order of time, or write `late: true` beside an event that comes late");
            return null;
        }

        Now = Now is { } now && now > at ? now : at;
        return at;
    }

    /// <summary>An instant as written: a date, a time, or <c>+2h</c> and <c>-2h</c> from now; null when it is none.</summary>
    public DateTimeOffset? Instant(string text) => text is ['+' or '-', ..] && Literals.TryDuration(text[1..], out var span)
        ? Now + (text[0] == '-' ? -span : span)
        : Dates.TryInstant(text, zone, lastDay: false);

    /// <summary>An instant in local time, as authors write it: <c>2026-11-02T10:00</c>.</summary>
    public static string Print(DateTimeOffset at, DateTimeZone zone) => NodaTime.Instant.FromDateTimeOffset(at).InZone(zone).LocalDateTime
        .ToDateTimeUnspecified().ToString(at.Second == 0 && at.Millisecond == 0 ? "yyyy-MM-dd'T'HH:mm" : "yyyy-MM-dd'T'HH:mm:ss.FFF", CultureInfo.InvariantCulture);
}
