namespace Decisioning.Engine.Strategies.Written;

/// <summary>
/// Finds the place in the file of a character of a scalar's text. YAML drops quotes, escapes, indentation and line folds;
/// this walks the written form along the text: what is not white space must agree, white space runs correspond to each other.
/// </summary>
internal static class ScalarPlaces
{
    /// <summary>The place of an offset into the scalar's text; the place after its end for the text's length.</summary>
    public static Place Of(WrittenNode.Scalar scalar, int offset)
    {
        var raw = scalar.Source.Text;
        var text = scalar.Text;
        var end = Math.Min(scalar.End, raw.Length);
        var at = ContentStart(raw, scalar.Start, end);
        var quote = scalar.Start < end ? raw[scalar.Start] : '\0';
        var walked = 0;
        while (walked < text.Length && walked < offset && at < end)
        {
            (walked, at) = Step(text, walked, raw, at, end, quote);
        }

        if (walked < text.Length && !char.IsWhiteSpace(text[walked]))
        {
            at = SkipWhiteSpace(raw, at, end);
        }

        return scalar.Source.At(at);
    }

    /// <summary>The place of a line and column (both from 1) of the scalar's text.</summary>
    public static Place Of(WrittenNode.Scalar scalar, int line, int column)
    {
        var offset = 0;
        for (var i = 1; i < line; i++)
        {
            var next = scalar.Text.IndexOf('\n', offset);
            if (next < 0)
            {
                break;
            }

            offset = next + 1;
        }

        return Of(scalar, Math.Min(offset + column - 1, scalar.Text.Length));
    }

    private static int ContentStart(string raw, int start, int end)
    {
        if (start >= end)
        {
            return start;
        }

        if (raw[start] is '"' or '\'')
        {
            return start + 1;
        }

        if (raw[start] is '|' or '>')
        {
            var lineEnd = raw.IndexOf('\n', start, end - start);
            return lineEnd < 0 ? end : SkipWhiteSpace(raw, lineEnd, end);
        }

        return start;
    }

    /// <summary>Moves past one character of the text, or past one run of white space.</summary>
    private static (int Walked, int At) Step(string text, int walked, string raw, int at, int end, char quote)
    {
        if (quote == '"' && raw[at] == '\\')
        {
            return EscapedStep(text, walked, raw, at);
        }

        if (char.IsWhiteSpace(text[walked]))
        {
            if (text[walked] == raw[at] && raw[at] != '\n' && at + 1 < end && !char.IsWhiteSpace(raw[at + 1]))
            {
                return (walked + 1, at + 1);
            }

            var run = walked;
            while (run < text.Length && char.IsWhiteSpace(text[run]))
            {
                run++;
            }

            // A folded or indented run has another length than its text; the places inside it are its beginning.
            var rawRun = SkipWhiteSpace(raw, at, end);
            return rawRun - at == run - walked ? (walked + 1, at + 1) : (run, rawRun);
        }

        at = SkipWhiteSpace(raw, at, end);
        return at < end && quote == '\'' && raw[at] == '\'' ? (walked + 1, at + 2) : (walked + 1, at + 1);
    }

    private static (int Walked, int At) EscapedStep(string text, int walked, string raw, int at)
    {
        if (at + 1 >= raw.Length)
        {
            return (walked + 1, at + 1);
        }

        return raw[at + 1] switch
        {
            'x' => (walked + 1, at + 4),
            'u' when char.IsHighSurrogate(text[walked]) => (walked + 2, at + 12),
            'u' => (walked + 1, at + 6),
            'U' => (walked + (char.IsHighSurrogate(text[walked]) ? 2 : 1), at + 10),
            '\n' => (walked, SkipWhiteSpace(raw, at + 1, raw.Length)),
            _ => (walked + 1, at + 2),
        };
    }

    private static int SkipWhiteSpace(string raw, int at, int end)
    {
        while (at < end && char.IsWhiteSpace(raw[at]))
        {
            at++;
        }

        return at;
    }
}
