namespace Decisioning.Engine.Expressions.Runtime;

/// <summary>Places in texts counted in code points, as CEL counts them. A text without surrogates, nearly every one, is counted by its length.</summary>
internal static class CodePoints
{
    public static bool ArePlain(ReadOnlySpan<char> text) => text.IndexOfAnyInRange('\uD800', '\uDFFF') < 0;

    public static int Count(ReadOnlySpan<char> text)
    {
        var first = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        if (first < 0)
        {
            return text.Length;
        }

        var pairs = 0;
        for (var i = first; i + 1 < text.Length; i++)
        {
            pairs += char.IsSurrogatePair(text[i], text[i + 1]) ? 1 : 0;
        }

        return text.Length - pairs;
    }

    /// <summary>The UTF-16 place of the code point with this number, its length for the end; false when there is no such place.</summary>
    public static bool TryPlace(string text, long number, out int place)
    {
        place = 0;
        if (number < 0 || number > text.Length)
        {
            return false;
        }

        if (ArePlain(text))
        {
            place = (int)number;
            return true;
        }

        for (; number > 0 && place < text.Length; number--)
        {
            place += LengthAt(text, place);
        }

        return number == 0;
    }

    /// <summary>The UTF-16 units of the code point at a UTF-16 place: 1 or 2.</summary>
    public static int LengthAt(string text, int place) => place + 1 < text.Length && char.IsSurrogatePair(text[place], text[place + 1]) ? 2 : 1;
}
