using Decisioning.Engine.Decisions;

namespace Decisioning.Engine.Actions;

/// <summary>Locales as customers and treatments name them: a language and what narrows it, such as <c>de</c> or <c>de-AT</c> (BCP 47).</summary>
internal static class LocaleTag
{
    private const int CharsMax = 35;

    /// <summary>The locale a customer reads: <c>profile.locale</c>, else <c>profile.language</c>, else <c>context.locale</c>, else the strategy's.</summary>
    public static string Of(Facts facts) =>
        Known(facts.ProfileString("locale")) ?? Known(facts.ProfileString("language")) ?? Known(facts.ContextString("locale")) ?? facts.Strategy.Locale;

    /// <summary>Whether who reads a locale reads a treatment's: <c>de</c> covers <c>de-AT</c>, not the other way round (RFC 4647, lookup).</summary>
    public static bool Covers(string treatment, string reader) =>
        reader.Length >= treatment.Length
        && (reader.Length == treatment.Length || reader[treatment.Length] is '-' or '_')
        && Alike(treatment, reader.AsSpan(0, treatment.Length));

    /// <summary>Whether a text has the form of a locale.</summary>
    public static bool IsWellFormed(string tag)
    {
        var parts = tag.Split('-');
        return tag.Length <= CharsMax
            && parts[0].Length is 2 or 3
            && parts[0].All(char.IsAsciiLetter)
            && parts.Skip(1).All(part => part.Length is >= 2 and <= 8 && part.All(char.IsAsciiLetterOrDigit));
    }

    private static bool Alike(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        for (var i = 0; i < left.Length; i++)
        {
            if (char.ToLowerInvariant(left[i] == '_' ? '-' : left[i]) != char.ToLowerInvariant(right[i] == '_' ? '-' : right[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static string? Known(string? tag) => string.IsNullOrEmpty(tag) ? null : tag;
}
