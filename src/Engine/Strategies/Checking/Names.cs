using Decisioning.Engine.Expressions.Syntax;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Checking;

/// <summary>Which names an author may give.</summary>
internal enum NameRule
{
    /// <summary>What conditions write after a dot: letters, digits and <c>_</c>, not beginning with a digit, no word of the expression language.</summary>
    Identifier,

    /// <summary>What only the strategy itself and answers name: letters, digits, <c>-</c> and <c>_</c>.</summary>
    Id,

    /// <summary>An event's name, in the caller's words.</summary>
    Event,

    /// <summary>An event property: letters, digits, <c>_</c>, <c>-</c>, <c>$</c> and spaces.</summary>
    Property,
}

/// <summary>Checks names.</summary>
internal static class Names
{
    public static bool Check(WrittenNode.Scalar name, string path, NameRule rule, Mistakes mistakes)
    {
        var text = name.Text;
        var max = rule is NameRule.Event ? Limits.EventNameCharsMax : Limits.NameCharsMax;
        var problem = text.Length == 0 ? "a name is missing here"
            : text.Length > max ? $"the name has {text.Length} characters; at most {max} are allowed"
            : Problem(text, rule);
        if (problem is null)
        {
            return true;
        }

        mistakes.Add(FindingRules.BadName, name.Place, path, problem);
        return false;
    }

    public static bool IsIdentifier(string text) =>
        text.Length > 0 && !char.IsAsciiDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && !ReservedWords.IsReserved(text);

    private static string? Problem(string text, NameRule rule) => rule switch
    {
        NameRule.Identifier when ReservedWords.IsReserved(text) => $"`{text}` is a word of the expression language and cannot be a name; take another",
        NameRule.Identifier when !IsIdentifier(text) =>
            $"`{Shape.Short(text)}` cannot be used in conditions; a name here has letters, digits and `_` and begins with a letter, such as `{Tidy(text)}`",
        NameRule.Id when !text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') =>
            $"`{Shape.Short(text)}` is not a name; it has letters, digits, `-` and `_`, such as `{Tidy(text).Replace('_', '-')}`",
        NameRule.Event when text.Any(char.IsControl) || text != text.Trim() =>
            $"`{Shape.Short(text)}` is not an event's name; it has no line breaks and no space at its ends",
        NameRule.Property when !text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '$' or ' ') =>
            $"`{Shape.Short(text)}` is not a property that conditions can use; it has letters, digits, `_`, `-`, `$` and spaces",
        _ => null,
    };

    private static string Tidy(string text)
    {
        var tidy = new string([.. Shape.Short(text).ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')]).Trim('_');
        return tidy.Length == 0 || char.IsAsciiDigit(tidy[0]) ? "n" + tidy : tidy;
    }
}
