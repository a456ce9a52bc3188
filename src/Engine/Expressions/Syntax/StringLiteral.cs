using System.Globalization;
using System.Text;
using Decisioning.Engine.Expressions.Runtime;

namespace Decisioning.Engine.Expressions.Syntax;

/// <summary>Reads text and bytes literals: single, double and triple quotes, raw, with escapes.</summary>
internal static class StringLiteral
{
    /// <summary>How many prefix letters (r, b, in any order and case) stand before a quote here; -1 when no literal begins here.</summary>
    public static int PrefixLength(string text, int at)
    {
        var (raw, bytes) = (false, false);
        for (var length = 0; length < 3 && at + length < text.Length; length++)
        {
            switch (text[at + length])
            {
                case '"' or '\'':
                    return length;
                case 'r' or 'R' when !raw:
                    raw = true;
                    break;
                case 'b' or 'B' when !bytes:
                    bytes = true;
                    break;
                default:
                    return -1;
            }
        }

        return -1;
    }

    public static Dyn Read(string text, ref int at, int prefixLength)
    {
        var start = at;
        var prefix = text.AsSpan(at, prefixLength);
        var raw = prefix.ContainsAny('r', 'R');
        var bytes = prefix.ContainsAny('b', 'B');
        at += prefixLength;
        var quote = text[at];
        var triple = string.CompareOrdinal(text, at, new string(quote, 3), 0, 3) == 0;
        var quotes = triple ? 3 : 1;
        at += quotes;
        var content = new List<byte>();
        var built = new StringBuilder();
        while (true)
        {
            if (at >= text.Length || (!triple && text[at] is '\n' or '\r'))
            {
                throw new SyntaxException($"this text has no end; close it with `{new string(quote, quotes)}`", new Span(start, Math.Max(1, Math.Min(at, text.Length) - start)));
            }

            if (text[at] == quote && (!triple || string.CompareOrdinal(text, at, new string(quote, 3), 0, 3) == 0))
            {
                at += quotes;
                break;
            }

            if (text[at] == '\\' && !raw)
            {
                Escape(text, ref at, bytes, built, content);
            }
            else
            {
                // A raw text keeps a backslash; the quote after it still ends the text.
                var length = char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1;
                Append(text.AsSpan(at, length), bytes, built, content);
                at += length;
            }
        }

        return bytes ? Dyn.OfBytes([.. content]) : Dyn.Of(built.ToString());
    }

    private static void Append(ReadOnlySpan<char> piece, bool bytes, StringBuilder built, List<byte> content)
    {
        if (bytes)
        {
            content.AddRange(Encoding.UTF8.GetBytes(piece.ToArray()));
        }
        else
        {
            built.Append(piece);
        }
    }

    private static void Escape(string text, ref int at, bool bytes, StringBuilder built, List<byte> content)
    {
        var start = at;
        var c = at + 1 < text.Length ? text[at + 1] : '\0';
        at += 2;
        switch (c)
        {
            case 'a': Append("\a", bytes, built, content); return;
            case 'b': Append("\b", bytes, built, content); return;
            case 'f': Append("\f", bytes, built, content); return;
            case 'n': Append("\n", bytes, built, content); return;
            case 'r': Append("\r", bytes, built, content); return;
            case 't': Append("\t", bytes, built, content); return;
            case 'v': Append("\v", bytes, built, content); return;
            case '\\' or '\'' or '"' or '`' or '?': Append([c], bytes, built, content); return;
            case 'x' or 'X': Code(text, start, ref at, 2, 16, bytes, built, content); return;
            case 'u' when !bytes: Code(text, start, ref at, 4, 16, bytes, built, content); return;
            case 'U' when !bytes: Code(text, start, ref at, 8, 16, bytes, built, content); return;
            case >= '0' and <= '3':
                at--;
                Code(text, start, ref at, 3, 8, bytes, built, content);
                return;
            default:
                throw new SyntaxException("this backslash begins no escape that is known; write `\\\\` for a backslash", new Span(start, Math.Min(2, text.Length - start)));
        }
    }

    private static void Code(string text, int start, ref int at, int digits, int radix, bool bytes, StringBuilder built, List<byte> content)
    {
        var code = 0L;
        for (var i = 0; i < digits; i++, at++)
        {
            var digit = at < text.Length && char.IsAsciiHexDigit(text[at])
                ? int.Parse(text.AsSpan(at, 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
                : radix;
            if (digit >= radix)
            {
                throw new SyntaxException($"this escape wants {digits} {(radix == 8 ? "octal" : "hexadecimal")} digits", new Span(start, Math.Max(1, Math.Min(at, text.Length) - start)));
            }

            code = (code * radix) + digit;
        }

        if (bytes)
        {
            content.Add((byte)code);
        }
        else if (code > 0x10FFFF || code is >= 0xD800 and <= 0xDFFF)
        {
            throw new SyntaxException("this escape is no Unicode character", new Span(start, at - start));
        }
        else
        {
            built.Append(char.ConvertFromUtf32((int)code));
        }
    }
}
