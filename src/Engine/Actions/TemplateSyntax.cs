using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Decisioning.Engine.Actions;

/// <summary>What a content template may hold: placeholders of known roots, and choices between texts.</summary>
internal static partial class TemplateSyntax
{
    /// <summary>Checks a template and lists the names it reads; returns the first mistake, or null.</summary>
    public static string? Check(string source, out ImmutableArray<TemplateName> names)
    {
        names = [];
        if (source.Length > Limits.TemplateCharsMax)
        {
            return $"the template has {source.Length} characters; at most {Limits.TemplateCharsMax} are allowed";
        }

        var found = new List<TemplateName>();
        var open = new Stack<(string Block, bool HasElse)>();
        var tags = 0;
        for (var at = source.IndexOf("{{", StringComparison.Ordinal); at >= 0; at = source.IndexOf("{{", at, StringComparison.Ordinal))
        {
            var end = source.IndexOf("}}", at, StringComparison.Ordinal);
            if (end < 0)
            {
                return $"`{Shorten(source[at..])}` is not closed: write `}}}}` after it";
            }

            if (++tags > Limits.TemplateTagsMax)
            {
                return $"the template has more than {Limits.TemplateTagsMax} placeholders; split it into parts";
            }

            var tag = source[at..(end + 2)];
            if (at > 0 && source[at - 1] == '\\')
            {
                return $"`\\{Shorten(tag)}` is not understood: a backslash cannot stand before a placeholder";
            }

            if (CheckTag(tag, found, open) is { } error)
            {
                return error;
            }

            at = end + 2;
        }

        names = [.. found];
        return open.TryPeek(out var block) ? $"`{{{{#{block.Block}}}}}` is not closed: write `{{{{/{block.Block}}}}}` after it" : null;
    }

    private static string? CheckTag(string tag, List<TemplateName> names, Stack<(string Block, bool HasElse)> open)
    {
        var match = Tag().Match(tag);
        if (!match.Success)
        {
            return $"`{Shorten(tag)}` is not understood: write a name such as `{{{{profile.first_name}}}}`, or `{{{{#if profile.first_name}}}}…{{{{else}}}}…{{{{/if}}}}`";
        }

        if (match.Groups["close"].Value is { Length: > 0 } close)
        {
            return open.TryPop(out var block) && block.Block == close ? null : $"`{tag}` closes nothing: write `{{{{#{close} …}}}}` before it";
        }

        if (match.Groups["else"].Success)
        {
            if (!open.TryPop(out var block) || block.HasElse)
            {
                return $"`{tag}` belongs to no choice: write `{{{{#if …}}}}` before it";
            }

            open.Push((block.Block, true));
            return null;
        }

        if (match.Groups["block"].Value is { Length: > 0 } begun)
        {
            open.Push((begun, false));
            if (open.Count > Limits.TemplateDepthMax)
            {
                return $"`{tag}` is a choice within {Limits.TemplateDepthMax} others; at most {Limits.TemplateDepthMax} may stand within each other";
            }
        }

        return CheckName(new(match.Groups["root"].Value, match.Groups["member"].Value), names);
    }

    private static string? CheckName(TemplateName name, List<TemplateName> names)
    {
        if (!TemplateName.Roots.Contains(name.Root))
        {
            return $"`{name}` is not known: a name begins with `profile.`, `features.` or `action.`";
        }

        if (name.Root == TemplateName.Action && !TemplateName.ActionFields.Contains(name.Member))
        {
            return $"`{name}` is not known: an action has {string.Join(", ", TemplateName.ActionFields.Select(field => $"`{field}`"))}";
        }

        if (!names.Contains(name))
        {
            names.Add(name);
        }

        return null;
    }

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";

    [GeneratedRegex("""^\{\{\s*(?:/(?<close>if|unless)|(?<else>else)|(?:\#(?<block>if|unless)\s+)?(?<root>[a-z]+)\.(?<member>[A-Za-z_][A-Za-z0-9_-]*))\s*\}\}$""", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Tag();
}
