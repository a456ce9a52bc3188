using System.Globalization;
using Decisioning.Engine.Expressions.Runtime;

namespace Decisioning.Engine.Expressions.Syntax;

/// <summary>Reads the digits of int, uint and double literals. A sign is not part of them: the parser joins it.</summary>
internal static class NumberLiteral
{
    public static Dyn Read(string text, ref int at)
    {
        var start = at;
        if (text[at] == '0' && at + 1 < text.Length && text[at + 1] is 'x' or 'X')
        {
            at += 2;
            SkipWhile(text, ref at, char.IsAsciiHexDigit);
            var digits = text.AsSpan((start + 2)..at);
            return digits.IsEmpty
                ? throw new SyntaxException("`0x` wants hexadecimal digits after it: `0xff`", new Span(start, at - start))
                : Integer(text, start, ref at, digits, NumberStyles.AllowHexSpecifier);
        }

        SkipWhile(text, ref at, char.IsAsciiDigit);
        var isDouble = false;
        if (at + 1 < text.Length && text[at] == '.' && char.IsAsciiDigit(text[at + 1]))
        {
            isDouble = true;
            at++;
            SkipWhile(text, ref at, char.IsAsciiDigit);
        }

        if (at < text.Length && text[at] is 'e' or 'E')
        {
            var exponent = at + 1;
            if (exponent < text.Length && text[exponent] is '+' or '-')
            {
                exponent++;
            }

            if (exponent < text.Length && char.IsAsciiDigit(text[exponent]))
            {
                isDouble = true;
                at = exponent;
                SkipWhile(text, ref at, char.IsAsciiDigit);
            }
        }

        if (!isDouble)
        {
            return Integer(text, start, ref at, text.AsSpan(start..at), NumberStyles.None);
        }

        RefuseTail(text, start, at);
        return Dyn.Of(double.Parse(text.AsSpan(start..at), NumberStyles.Float, CultureInfo.InvariantCulture));
    }

    private static Dyn Integer(string text, int start, ref int at, ReadOnlySpan<char> digits, NumberStyles style)
    {
        var isUnsigned = at < text.Length && text[at] is 'u' or 'U';
        at += isUnsigned ? 1 : 0;
        RefuseTail(text, start, at);
        if (!ulong.TryParse(digits, style, CultureInfo.InvariantCulture, out var number))
        {
            throw new SyntaxException("this number is too large; a uint goes up to 18446744073709551615", new Span(start, at - start));
        }

        // 2^63 has no positive int, but the parser may find a minus before it: it is kept as the smallest int and checked there.
        return isUnsigned ? Dyn.Of(number)
            : number <= long.MaxValue ? Dyn.Of((long)number)
            : number == 1UL << 63 ? Dyn.Of(long.MinValue)
            : throw new SyntaxException("this number is too large; an int goes up to 9223372036854775807", new Span(start, at - start));
    }

    private static void RefuseTail(string text, int start, int at)
    {
        if (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_'))
        {
            var end = at;
            SkipWhile(text, ref end, c => char.IsAsciiLetterOrDigit(c) || c == '_');
            var word = text[start..end];
            throw new SyntaxException($"`{word}` is not a number; a span of time is written `duration(\"{word}\")`, a text `\"{word}\"`", new Span(start, end - start));
        }
    }

    private static void SkipWhile(string text, ref int at, Func<char, bool> holds)
    {
        while (at < text.Length && holds(text[at]))
        {
            at++;
        }
    }
}
