using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Decisioning.Engine.Actions;

/// <summary>Checks a content template before Handlebars sees it: placeholders of known roots, choices between texts, lists, helpers. Without recursion; depth is bounded.</summary>
internal sealed partial class TemplateParser(string source, int tagsMax)
{
    private readonly List<TemplateName> _names = [];
    private readonly Stack<Block> _open = new();
    private readonly List<PlainPiece> _pieces = [];
    private bool _isPlain = true;
    private int _tags;

    /// <summary>What it reads, each name once, in the order of first appearance.</summary>
    public ImmutableArray<TemplateName> Names => [.. _names];

    /// <summary>What there is to write where names stand in the text and nothing else; null for all other templates, and before the check.</summary>
    public ImmutableArray<PlainPiece>? Pieces { get; private set; }

    /// <summary>Checks it; returns the first mistake, or null.</summary>
    public TemplateError? Check()
    {
        var written = 0;
        for (var at = Next(0); at >= 0; at = Next(written))
        {
            var end = source.IndexOf("}}", at, StringComparison.Ordinal);
            if (end < 0)
            {
                return new($"`{Shorten(source[at..])}` is not closed: write `}}}}` after it", at);
            }

            var tag = source[at..(end + 2)];
            var problem = ++_tags > tagsMax ? $"the template has more than {tagsMax} placeholders; split it into parts"
                : end + 2 < source.Length && source[end + 2] == '}' ? $"`{Shorten(tag)}}}` has a brace too many: leave it out, or put a space between"
                : at > 0 && source[at - 1] == '\\' ? $"`\\{Shorten(tag)}` is not understood: a backslash cannot stand before a placeholder"
                : null;
            problem ??= Tag(tag, source[written..at], at);
            if (problem is not null)
            {
                return new(problem, at);
            }

            written = end + 2;
        }

        if (_isPlain)
        {
            Pieces = [.. _pieces, new(source[written..], default)];
        }

        return _open.TryPeek(out var block)
            ? new($"`{{{{#{block.Kind}}}}}` is not closed: write `{{{{/{block.Kind}}}}}` after it", block.At)
            : null;
    }

    private int Next(int from) => source.IndexOf("{{", from, StringComparison.Ordinal);

    private string? Tag(string tag, string before, int at)
    {
        var match = TagForm().Match(tag);
        if (!match.Success)
        {
            return $"`{Shorten(tag)}` is not understood: write a name such as `{{{{profile.first_name}}}}`, or `{{{{#if profile.first_name}}}}…{{{{else}}}}…{{{{/if}}}}`";
        }

        AddPiece(match, before);
        if (match.Groups["close"].Value is { Length: > 0 } close)
        {
            return Close(tag, close);
        }

        if (match.Groups["else"].Success)
        {
            return Else() ? null : $"`{tag}` belongs to no choice: write `{{{{#if …}}}}` before it";
        }

        if (Path(match) is { } unknown)
        {
            return unknown;
        }

        return match.Groups["block"].Value is { Length: > 0 } kind
            ? Open(tag, kind, at)
            : TemplateHelpers.Check(match.Groups["helper"].Value, match.Groups["argument"].Value);
    }

    // Of a name with more parts, or with one that Handlebars takes for another thing, it has its own idea.
    private void AddPiece(Match match, string before)
    {
        var path = match.Groups["path"].Value.Split('.');
        _isPlain &= path is [_, not "this"] && !match.Groups["block"].Success && !match.Groups["helper"].Success;
        if (_isPlain)
        {
            _pieces.Add(new(before, new(path[0], path[1])));
        }
    }

    private string? Open(string tag, string kind, int at)
    {
        if (_open.Count >= Limits.TemplateDepthMax)
        {
            return $"`{tag}` is a choice within {Limits.TemplateDepthMax} others; at most {Limits.TemplateDepthMax} may stand within each other";
        }

        if (kind == "each" && _open.Any(block => block.Kind == "each"))
        {
            return $"`{tag}` is a list within a list; write one after the other";
        }

        _open.Push(new(kind, at, HasElse: false));
        return null;
    }

    private string? Close(string tag, string kind)
    {
        return _open.TryPop(out var block) && block.Kind == kind ? null : $"`{tag}` closes nothing: write `{{{{#{kind} …}}}}` before it";
    }

    private bool Else()
    {
        if (!_open.TryPop(out var block) || block.HasElse)
        {
            return false;
        }

        _open.Push(block with { HasElse = true });
        return true;
    }

    private string? Path(Match match)
    {
        var path = match.Groups["path"].Value.Split('.');
        if (path[0] == "this")
        {
            return _open.Any(block => block.Kind == "each") ? null : "`this` is an item of a list: write `{{#each …}}` before it";
        }

        var name = path.Length > 1 ? new TemplateName(path[0], path[1]) : new TemplateName("", path[0]);
        if (!TemplateName.Roots.Contains(name.Root))
        {
            return path.Length > 1
                ? $"`{name}` is not known: a name begins with `profile.`, `features.` or `action.`"
                : $"`{Shorten(match.Value)}` is not understood: write a name such as `{{{{profile.{path[0]}}}}}`";
        }

        if (name.Root == TemplateName.Action && !TemplateName.ActionFields.Contains(name.Member))
        {
            return $"`{name}` is not known: an action has {string.Join(", ", TemplateName.ActionFields.Select(field => $"`{field}`"))}";
        }

        if (!_names.Contains(name))
        {
            _names.Add(name);
        }

        return null;
    }

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";

    [GeneratedRegex("""
        ^\{\{\s*(
            /(?<close>if|unless|each)
            | (?<else>else)
            | (\#(?<block>if|unless|each)\s+ | (?<helper>[a-z]+)\s+)? (?<path>[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z_][A-Za-z0-9_-]*){0,7}) (\s+("(?<argument>[^"{}]*)"|'(?<argument>[^'{}]*)'|(?<argument>[0-9]{1,2})))?
        )\s*\}\}$
        """, RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex TagForm();

    /// <summary>A choice or list that is not closed yet.</summary>
    private readonly record struct Block(string Kind, int At, bool HasElse);
}
