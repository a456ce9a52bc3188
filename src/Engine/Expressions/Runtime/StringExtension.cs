using System.Text;

namespace Decisioning.Engine.Expressions.Runtime;

/// <summary>CEL's extension of functions of texts. Places are counted in code points from 0; a place outside of the text is a fault.</summary>
internal static class StringExtension
{
    [Cel("charAt", CallStyle.Member)]
    public static Fault CharAt(string text, long index, out string character)
    {
        var inside = CodePoints.TryPlace(text, index, out var place);
        character = inside && place < text.Length ? text.Substring(place, CodePoints.LengthAt(text, place)) : "";
        return inside ? Fault.None : Fault.IndexOutOfRange;
    }

    [Cel("indexOf", CallStyle.Member)]
    public static long IndexOf(string text, string part) => NumberOf(text, text.IndexOf(part, StringComparison.Ordinal));

    [Cel("indexOf", CallStyle.Member)]
    public static Fault IndexOf(string text, string part, long from, out long index)
    {
        var inside = CodePoints.TryPlace(text, from, out var place);
        index = inside ? NumberOf(text, text.IndexOf(part, place, StringComparison.Ordinal)) : -1;
        return inside ? Fault.None : Fault.IndexOutOfRange;
    }

    [Cel("lastIndexOf", CallStyle.Member)]
    public static long LastIndexOf(string text, string part) => NumberOf(text, LastPlace(text, part, text.Length));

    [Cel("lastIndexOf", CallStyle.Member)]
    public static Fault LastIndexOf(string text, string part, long from, out long index)
    {
        var inside = CodePoints.TryPlace(text, from, out var place);
        index = inside ? NumberOf(text, LastPlace(text, part, place)) : -1;
        return inside ? Fault.None : Fault.IndexOutOfRange;
    }

    [Cel("substring", CallStyle.Member)]
    public static Fault Substring(string text, long from, out string part)
    {
        var inside = CodePoints.TryPlace(text, from, out var place);
        part = inside ? text[place..] : "";
        return inside ? Fault.None : Fault.IndexOutOfRange;
    }

    [Cel("substring", CallStyle.Member)]
    public static Fault Substring(string text, long from, long to, out string part)
    {
        var inside = CodePoints.TryPlace(text, from, out var start) & CodePoints.TryPlace(text, to, out var end) && start <= end;
        part = inside ? text[start..end] : "";
        return inside ? Fault.None : Fault.IndexOutOfRange;
    }

    [Cel("reverse", CallStyle.Member)]
    public static string Reverse(string text) => string.Create(text.Length, text, static (to, from) =>
    {
        for (var (at, end) = (0, to.Length); at < from.Length;)
        {
            var length = CodePoints.LengthAt(from, at);
            from.AsSpan(at, length).CopyTo(to[(end - length)..]);
            (at, end) = (at + length, end - length);
        }
    });

    [Cel("replace", CallStyle.Member, Grows = true)]
    public static Fault Replace(string text, string part, string with, out string replaced) => Replace(text, part, with, -1, out replaced);

    /// <summary>The first so many; all when the number is negative.</summary>
    [Cel("replace", CallStyle.Member, Grows = true)]
    public static Fault Replace(string text, string part, string with, long times, out string replaced)
    {
        var to = new StringBuilder(text.Length);
        replaced = "";
        var at = 0;
        for (var left = times < 0 ? long.MaxValue : times; left > 0; left--)
        {
            var next = at > text.Length ? -1 : text.IndexOf(part, at, StringComparison.Ordinal);
            if (next < 0)
            {
                break;
            }

            to.Append(text, at, next - at).Append(with);
            at = next + part.Length;
            if (part.Length == 0)
            {
                // The empty text is found before each character and at the end.
                var length = at < text.Length ? CodePoints.LengthAt(text, at) : 0;
                to.Append(text, at, length);
                at += Math.Max(length, 1);
            }

            if (to.Length > ExpressionLimits.StringLengthMax)
            {
                return Fault.TooLong;
            }
        }

        to.Append(text.AsSpan(Math.Min(at, text.Length)));
        if (to.Length > ExpressionLimits.StringLengthMax)
        {
            return Fault.TooLong;
        }

        replaced = to.ToString();
        return Fault.None;
    }

    [Cel("split", CallStyle.Member, Grows = true)]
    public static Fault Split(string text, string separator, out CelList parts) => Split(text, separator, -1, out parts);

    /// <summary>Into at most so many parts, the last one holding the rest; any number when negative.</summary>
    [Cel("split", CallStyle.Member, Grows = true)]
    public static Fault Split(string text, string separator, long limit, out CelList parts)
    {
        var built = new List<Dyn>();
        var at = 0;
        while (limit < 0 || built.Count + 1 < limit)
        {
            var next = separator.Length > 0 ? text.IndexOf(separator, at, StringComparison.Ordinal)
                : at < text.Length && at + CodePoints.LengthAt(text, at) is var after && after < text.Length ? after
                : -1;
            if (next < 0 || built.Count == ExpressionLimits.ListLengthMax)
            {
                break;
            }

            built.Add(Dyn.Of(text[at..next]));
            at = next + separator.Length;
        }

        if (limit != 0 && (separator.Length > 0 || text.Length > 0))
        {
            built.Add(Dyn.Of(text[at..]));
        }

        parts = CelList.Of(built);
        return built.Count <= ExpressionLimits.ListLengthMax ? Fault.None : Fault.TooLong;
    }

    [Cel("join", CallStyle.Member, Grows = true)]
    public static Fault Join(CelList parts, out string joined) => Join(parts, "", out joined);

    [Cel("join", CallStyle.Member, Grows = true)]
    public static Fault Join(CelList parts, string separator, out string joined)
    {
        var to = new StringBuilder();
        joined = "";
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i] is not { Kind: DynKind.String } part)
            {
                return parts[i].Kind == DynKind.Null ? Fault.Missing : Fault.WrongType;
            }

            to.Append(i == 0 ? "" : separator).Append(part.String);
            if (to.Length > ExpressionLimits.StringLengthMax)
            {
                return Fault.TooLong;
            }
        }

        joined = to.ToString();
        return Fault.None;
    }

    [Cel("format", CallStyle.Member, Grows = true)]
    public static Fault Format(string pattern, CelList arguments, out string formatted) => TextFormat.TryFormat(pattern, arguments, out formatted);

    /// <summary>As a literal: what a reader could not see becomes an escape sequence.</summary>
    [Cel("strings.quote", Grows = true)]
    public static string Quote(string text)
    {
        var to = new StringBuilder(text.Length + 2).Append('"');
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\a' => to.Append("\\a"),
                '\b' => to.Append("\\b"),
                '\f' => to.Append("\\f"),
                '\n' => to.Append("\\n"),
                '\r' => to.Append("\\r"),
                '\t' => to.Append("\\t"),
                '\v' => to.Append("\\v"),
                '\\' => to.Append("\\\\"),
                '"' => to.Append("\\\""),
                _ => to.Append(rune.ToString()),
            };
        }

        return to.Append('"').ToString();
    }

    private static long NumberOf(string text, int place) => place < 0 ? -1 : CodePoints.Count(text.AsSpan(0, place));

    /// <summary>The last place, at or before the given one, at which the part begins.</summary>
    private static int LastPlace(string text, string part, int from)
    {
        var last = Math.Min(from, text.Length - part.Length);
        return last < 0 || part.Length == 0 ? last : text.AsSpan(0, last + part.Length).LastIndexOf(part, StringComparison.Ordinal);
    }
}
