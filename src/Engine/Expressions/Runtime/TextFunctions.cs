using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Decisioning.Engine.Expressions.Runtime;

/// <summary>Functions of texts, and the sizes of everything that has one.</summary>
internal static class TextFunctions
{
    [Cel("size", CallStyle.Both)]
    public static long Size(string text) => CodePoints.Count(text);

    [Cel("size", CallStyle.Both)]
    public static long Size(ImmutableArray<byte> bytes) => bytes.Length;

    [Cel("size", CallStyle.Both)]
    public static long Size(CelList list) => list.Count;

    [Cel("size", CallStyle.Both)]
    public static long Size(CelMap map) => map.Count;

    [Cel("contains", CallStyle.Member)]
    public static bool Contains(string text, string part) => text.Contains(part, StringComparison.Ordinal);

    [Cel("startsWith", CallStyle.Member)]
    public static bool StartsWith(string text, string part) => text.StartsWith(part, StringComparison.Ordinal);

    [Cel("endsWith", CallStyle.Member)]
    public static bool EndsWith(string text, string part) => text.EndsWith(part, StringComparison.Ordinal);

    [Cel("lowerAscii", CallStyle.Member)]
    public static string LowerAscii(string text) => string.Create(text.Length, text, static (to, from) => ShiftAscii(from, to, 'A', 'Z', 32));

    [Cel("upperAscii", CallStyle.Member)]
    public static string UpperAscii(string text) => string.Create(text.Length, text, static (to, from) => ShiftAscii(from, to, 'a', 'z', -32));

    [Cel("trim", CallStyle.Member)]
    public static string Trim(string text) => text.Trim();

    [Cel("matches", CallStyle.Both)]
    public static Fault Matches(string text, string pattern, out bool matches)
    {
        matches = false;
        if (!TryPattern(pattern, out var regex))
        {
            return Fault.BadPattern;
        }

        matches = regex!.IsMatch(text);
        return Fault.None;
    }

    /// <summary>A pattern that is known when the expression is compiled.</summary>
    public static bool Matches(Regex pattern, string text) => pattern.IsMatch(text);

    /// <summary>Builds a pattern whose matching takes time in proportion to the text; no back references, no looking around.</summary>
    public static bool TryPattern(string pattern, out Regex? regex)
    {
        regex = null;
        if (pattern.Length > ExpressionLimits.PatternLengthMax)
        {
            return false;
        }

        try
        {
            regex = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return true;
        }
        catch (Exception refused) when (refused is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    private static void ShiftAscii(string from, Span<char> to, char first, char last, int shift)
    {
        for (var i = 0; i < from.Length; i++)
        {
            to[i] = from[i] >= first && from[i] <= last ? (char)(from[i] + shift) : from[i];
        }
    }
}
