using System.Text.RegularExpressions;
using Decisioning.Engine.Decisions;

namespace Decisioning.Engine.Actions;

/// <summary>Locales as customers and treatments name them: a language and what narrows it, such as <c>de</c> or <c>de-AT</c> (BCP 47).</summary>
internal static partial class LocaleTag
{
    /// <summary>The form of a locale that authors write (ECMA-262): at most 35 characters.</summary>
    public const string Pattern = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$";

    /// <summary>The locale a customer reads: <c>profile.locale</c>, else <c>profile.language</c>, else <c>context.locale</c>, else the strategy's.</summary>
    public static string Of(Facts facts) =>
        Known(facts.ProfileString("locale")) ?? Known(facts.ProfileString("language")) ?? Known(facts.ContextString("locale")) ?? facts.Strategy.Locale;

    /// <summary>Whether who reads a locale reads a treatment's: <c>de</c> covers <c>de-AT</c>, not the other way round (RFC 4647, lookup).</summary>
    public static bool Covers(string treatment, string reader) =>
        reader.Length >= treatment.Length
        && (reader.Length == treatment.Length || reader[treatment.Length] is '-' or '_')
        && Alike(treatment, reader.AsSpan(0, treatment.Length));

    /// <summary>Whether a text has the form of a locale.</summary>
    public static bool IsWellFormed(string tag) => Form().IsMatch(tag);

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

    [GeneratedRegex(Pattern, RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
