using YamlDotNet.Core;

namespace Decisioning.Engine.Strategies.Written;

/// <summary>Says in an author's words what the YAML parser stumbled over: most often an expression that wanted quotes.</summary>
internal static class YamlHints
{
    private const string Quotes = "put the whole value between quotes";

    /// <summary>Where the mistake is: a tab in the indentation if there is one, else where the parser says.</summary>
    public static long PlaceOf(YamlException e, SourceText source) => Tab(source, e) ?? e.Start.Index;

    /// <summary>The first character from an index on that is no white space.</summary>
    public static long NextAfter(SourceText source, long index)
    {
        var rest = source.Text.AsSpan((int)Math.Clamp(index, 0, source.Text.Length));
        return source.Text.Length - rest.TrimStart().Length;
    }

    public static string Explain(YamlException e, SourceText source)
    {
        var text = e.Message;
        if (Tab(source, e) is not null)
        {
            return "a tab in the indentation; indent with spaces";
        }

        if (text.Contains("invalid mapping", StringComparison.Ordinal))
        {
            return $"YAML reads `: ` as the end of a key, and there is one key too many in this line; {Quotes}, or write the value on a line of its own";
        }

        if (text.Contains("block scalar", StringComparison.Ordinal))
        {
            return $"YAML reads a leading `{At(source, e)}` as the beginning of a text block; {Quotes}";
        }

        if (text.Contains("cannot start any token", StringComparison.Ordinal))
        {
            return $"a value cannot begin with `{At(source, e)}` in YAML; {Quotes}";
        }

        if (text.Contains("quoted scalar", StringComparison.Ordinal))
        {
            return QuotedText(text);
        }

        if (Before(source, e.Start.Index) is { } closing && "\"']}".Contains(closing))
        {
            return $"YAML ends the value at the `{closing}` before this; {Quotes}";
        }

        return text.Contains("flow", StringComparison.Ordinal)
            ? $"YAML expects `,` or the closing bracket here; {Quotes} where it holds `{{`, `[`, `,` or `: `"
            : $"not YAML: {Lower(text)}; check the indentation, and {Quotes} where it holds `: `, ` #`, `{{`, `[` or `,`";
    }

    private static string QuotedText(string text)
    {
        if (text.Contains("escape", StringComparison.Ordinal))
        {
            return "unknown escape in a text between double quotes; write `\\\\` for a backslash, or use single quotes, which know no escapes";
        }

        return text.Contains("end of stream", StringComparison.Ordinal) || text.Contains("document indicator", StringComparison.Ordinal)
            ? "this quote is never closed; add the closing quote"
            : $"this text between quotes cannot be read: {Lower(text)}";
    }

    private static char At(SourceText source, YamlException e) => e.Start.Index < source.Text.Length ? source.Text[(int)e.Start.Index] : ' ';

    private static char? Before(SourceText source, long index)
    {
        for (var i = (int)Math.Min(index, source.Text.Length) - 1; i >= 0; i--)
        {
            if (source.Text[i] != ' ')
            {
                return source.Text[i];
            }
        }

        return null;
    }

    /// <summary>A tab in the indentation of the lines that the parser points at, or of a later one when it speaks of tabs.</summary>
    private static long? Tab(SourceText source, YamlException e)
    {
        if (e.Message.Contains("quoted", StringComparison.Ordinal))
        {
            // Its span can reach to the end of the file, and tabs inside quotes are text.
            return null;
        }

        var from = source.LineStart(e.Start.Index);
        var to = e.Message.Contains("tab", StringComparison.Ordinal) ? source.Text.Length : source.LineStart(NextAfter(source, e.End.Index));
        for (var at = from; at <= to; at = source.LineEnd(at) + 1)
        {
            var line = source.LineAt(at);
            if (line[..(line.Length - line.TrimStart().Length)].IndexOf('\t') is >= 0 and var tab)
            {
                return at + tab;
            }
        }

        return null;
    }

    private static string Lower(string text)
    {
        var trimmed = text.TrimEnd('.');
        return trimmed.Length == 0 ? trimmed : char.ToLowerInvariant(trimmed[0]) + trimmed[1..];
    }
}
