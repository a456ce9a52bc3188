using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Decisioning.Engine.Values;
using HandlebarsDotNet;

namespace Decisioning.Engine.Actions;

/// <summary>
/// A text with placeholders in the syntax of Handlebars, checked when its strategy is compiled, and compiled when it is first shown. Placeholders name what is known of the
/// customer and the action: <c>{{profile.first_name}}</c>, <c>{{features.last_topic}}</c>, <c>{{action.name}}</c>; <c>{{#if …}}</c>,
/// <c>{{#unless …}}</c> and <c>{{else}}</c> choose between texts, <c>{{#each …}}</c> goes through a list, and a few helpers write
/// dates, numbers and stand-ins. Nothing else of Handlebars is let in: a rendering costs and yields no more than <see cref="Limits"/> say,
/// sees nothing but plain values, and calls nothing.
/// </summary>
public sealed record ContentTemplate
{
    private readonly ImmutableArray<PlainPiece>? _plain;
    private readonly Lazy<HandlebarsTemplate<TextWriter, object, object>>? _write;

    private ContentTemplate(string source, TemplateEscape escape, ImmutableArray<TemplateName> names, ImmutableArray<PlainPiece>? plain)
    {
        Source = source;
        Escape = escape;
        Names = names;
        _plain = plain;
        _write = plain is null ? new(() => TemplateEngine.Compile(source, escape)) : null;
    }

    /// <summary>As written.</summary>
    public string Source { get; }

    /// <summary>How values are escaped; what the author wrote around them stays as it is.</summary>
    public TemplateEscape Escape { get; }

    /// <summary>What it reads, each name once, in the order of first appearance: for checks against a strategy's declarations.</summary>
    public ImmutableArray<TemplateName> Names { get; }

    /// <summary>Whether its text is the same for all customers: it names nothing but the action, in no reader's own way.</summary>
    public bool IsFixed => _plain is not null && Names.All(static name => name.Root == TemplateName.Action);

    /// <summary>Checks a template of one part; never throws for any text.</summary>
    /// <param name="source">The text, at most <see cref="Limits.TemplateCharsMax"/> characters.</param>
    /// <param name="template">The template, when it is right.</param>
    /// <param name="error">What is wrong and the cure, when it does not.</param>
    /// <param name="escape">How values are escaped.</param>
    public static bool TryParse(
        string source, [NotNullWhen(true)] out ContentTemplate? template, [NotNullWhen(false)] out TemplateError? error, TemplateEscape escape = TemplateEscape.None) =>
        TryParse(source, escape, Limits.TemplateCharsMax, Limits.TemplateTagsMax, out template, out error);

    /// <summary>Checks a template that is a file of its own; never throws for any text.</summary>
    /// <param name="source">The text, at most <see cref="Limits.TemplateFileCharsMax"/> characters.</param>
    /// <param name="escape">How values are escaped.</param>
    /// <param name="template">The template, when it is right.</param>
    /// <param name="error">What is wrong and the cure, when it does not.</param>
    public static bool TryParseFile(
        string source, TemplateEscape escape, [NotNullWhen(true)] out ContentTemplate? template, [NotNullWhen(false)] out TemplateError? error) =>
        TryParse(source, escape, Limits.TemplateFileCharsMax, Limits.TemplateFileTagsMax, out template, out error);

    /// <summary>
    /// The text for a customer. What is missing (null), false, a list or a map render as nothing. <c>{{#if}}</c> takes null, false, 0, the
    /// empty text, list and map as no. Instants render as <c>2026-11-02 10:00</c> in UTC, dates without the time, unless a helper says
    /// otherwise. A value longer than <see cref="Limits.TemplateValueCharsMax"/> is cut, and a text longer than <see cref="Limits.ContentCharsMax"/> ends
    /// before the piece that has no room.
    /// </summary>
    /// <param name="read">Reads a value.</param>
    /// <param name="reader">Who reads it: for the helpers that write dates and numbers.</param>
    public string Render(Func<TemplateName, Value> read, TemplateReader reader = default)
    {
        if (_plain is { } pieces)
        {
            return PlainPiece.Write(pieces, Escape, read);
        }

        var roots = new TemplateMap();
        foreach (var name in Names)
        {
            if (!roots.TryGetValue(name.Root, out var members))
            {
                roots[name.Root] = members = new TemplateMap();
            }

            ((TemplateMap)members!)[name.Member] = TemplateHelpers.Plain(read(name));
        }

        using var text = new TemplateText();
        _write!.Value(text, roots, new TemplateMap { [nameof(TemplateReader)] = reader });
        return text.ToString();
    }

    /// <summary>Compiles it now, so that the first to see it does not wait: milliseconds.</summary>
    public void Warm() => _ = _write?.Value;

    /// <inheritdoc/>
    public bool Equals(ContentTemplate? other) => other is not null && Source == other.Source && Escape == other.Escape;

    /// <inheritdoc/>
    public override int GetHashCode() => Source.GetHashCode(StringComparison.Ordinal);

    private static bool TryParse(
        string source, TemplateEscape escape, int charsMax, int tagsMax, [NotNullWhen(true)] out ContentTemplate? template, [NotNullWhen(false)] out TemplateError? error)
    {
        template = null;
        if (source.Length > charsMax)
        {
            error = new($"the template has {source.Length} characters; at most {charsMax} are allowed", 0);
            return false;
        }

        var parser = new TemplateParser(source, tagsMax);
        error = parser.Check();
        if (error is null)
        {
            template = new(source, escape, parser.Names, parser.Pieces);
        }

        return error is null;
    }
}

/// <summary>A mistake in a template.</summary>
/// <param name="Message">What is wrong and what to do: lower case, input in backticks.</param>
/// <param name="At">The index of the character where it begins.</param>
public sealed record TemplateError(string Message, int At);

/// <summary>How values are escaped where a template shows them.</summary>
public enum TemplateEscape : byte
{
    /// <summary>Not at all: plain text.</summary>
    None = 0,

    /// <summary>For the text and the quoted attributes of HTML.</summary>
    Html = 1,

    /// <summary>For one part of a URL: all but letters, digits and <c>-._~</c>.</summary>
    Url = 2,

    /// <summary>For a string of JSON, without its quotes.</summary>
    Json = 3,
}

/// <summary>Who reads a text.</summary>
/// <param name="Locale">The locale, such as <c>de-AT</c>; null for <c>en</c>.</param>
/// <param name="Zone">The time zone; null for UTC.</param>
public readonly record struct TemplateReader(string? Locale, NodaTime.DateTimeZone? Zone);
