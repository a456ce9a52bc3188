using System.Collections.Immutable;
using Decisioning.Engine.Expressions.Patterns;

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

    /// <summary>The signature; the checker puts one of the two below in its place, which count their steps.</summary>
    [Cel("matches", CallStyle.Both)]
    public static Fault Matches(string text, string pattern, out bool matches)
    {
        var steps = 0;
        return Matches(text, pattern, ref steps, out matches);
    }

    public static Fault Matches(string text, string pattern, ref int steps, out bool matches)
    {
        matches = false;
        if (!Pattern.TryRead(pattern, out var read, out _))
        {
            return Fault.BadPattern;
        }

        steps += read!.Cost;
        return read.IsMatch(text, ref steps, out matches);
    }

    public static Fault Matches(string text, Pattern pattern, ref int steps, out bool matches) => pattern.IsMatch(text, ref steps, out matches);

    private static void ShiftAscii(string from, Span<char> to, char first, char last, int shift)
    {
        for (var i = 0; i < from.Length; i++)
        {
            to[i] = from[i] >= first && from[i] <= last ? (char)(from[i] + shift) : from[i];
        }
    }
}
