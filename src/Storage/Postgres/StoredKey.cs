using System.Globalization;
using System.Text;

namespace Decisioning.Storage.Postgres;

/// <summary>
/// Customer keys and tenants as the database's text keeps them. Text there holds neither the character 0 nor half a
/// surrogate pair; these, and the backslash that marks them, are written as <c>\uXXXX</c>. Everything else stays as it is.
/// </summary>
internal static class StoredKey
{
    private const char Mark = '\\';

    public static string Write(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (MustBeMarked(text, i))
            {
                return WriteMarked(text);
            }
        }

        return text;
    }

    public static string Read(string stored)
    {
        if (!stored.Contains(Mark, StringComparison.Ordinal))
        {
            return stored;
        }

        var text = new StringBuilder(stored.Length);
        for (var i = 0; i < stored.Length; i++)
        {
            if (stored[i] == Mark)
            {
                text.Append((char)ushort.Parse(stored.AsSpan(i + 2, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 5;
            }
            else
            {
                text.Append(stored[i]);
            }
        }

        return text.ToString();
    }

    private static string WriteMarked(string text)
    {
        var stored = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            if (MustBeMarked(text, i))
            {
                stored.Append(CultureInfo.InvariantCulture, $"{Mark}u{(int)text[i]:X4}");
            }
            else
            {
                stored.Append(text[i]);
            }
        }

        return stored.ToString();
    }

    private static bool MustBeMarked(string text, int at) => text[at] switch
    {
        '\0' or Mark => true,
        >= '\uD800' and <= '\uDBFF' => at + 1 == text.Length || !char.IsLowSurrogate(text[at + 1]),
        >= '\uDC00' and <= '\uDFFF' => at == 0 || !char.IsHighSurrogate(text[at - 1]),
        _ => false,
    };
}
