using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Decisioning.Engine.Values;
using HandlebarsDotNet;

namespace Decisioning.Engine.Actions;

/// <summary>
/// A text with placeholders, compiled once when its strategy is. Placeholders name what is known of the customer and the action:
/// <c>{{profile.first_name}}</c>, <c>{{features.last_topic}}</c>, <c>{{action.name}}</c>; <c>{{#if …}}</c>, <c>{{#unless …}}</c> and
/// <c>{{else}}</c> choose between texts. Nothing else of Handlebars is let in, so that a rendering costs and yields no more than
/// <see cref="Limits"/> say, and can see nothing but plain values. Plain text: nothing is escaped.
/// </summary>
public sealed record ContentTemplate
{
    private readonly HandlebarsTemplate<object, object>? _render;

    private ContentTemplate(string source, ImmutableArray<TemplateName> names, HandlebarsTemplate<object, object>? render)
    {
        Source = source;
        Names = names;
        _render = render;
    }

    /// <summary>As written.</summary>
    public string Source { get; }

    /// <summary>What it reads, each name once, in the order of first appearance: for checks against a strategy's declarations.</summary>
    public ImmutableArray<TemplateName> Names { get; }

    /// <summary>Compiles a template; never throws for any text.</summary>
    /// <param name="source">The text, at most <see cref="Limits.TemplateCharsMax"/> characters.</param>
    /// <param name="template">The template, when it compiles.</param>
    /// <param name="error">What is wrong and the cure, when it does not.</param>
    public static bool TryParse(string source, [NotNullWhen(true)] out ContentTemplate? template, [NotNullWhen(false)] out string? error)
    {
        template = null;
        error = TemplateSyntax.Check(source, out var names);
        if (error is not null)
        {
            return false;
        }

        try
        {
            template = new(source, names, source.Contains("{{", StringComparison.Ordinal) ? TemplateEngine.Compile(source) : null);
            return true;
        }
        catch (HandlebarsException e)
        {
            error = $"the template does not compile: {e.Message.ReplaceLineEndings(" ")}";
            return false;
        }
    }

    /// <summary>
    /// The text for a customer. What is missing (null, a list or a map) and false render as nothing. <c>{{#if}}</c> takes these, 0 and
    /// the empty text as no. Instants render as <c>2026-11-02 10:00</c> in UTC, dates without the time. A text longer than
    /// <see cref="Limits.TemplateValueCharsMax"/> is cut.
    /// </summary>
    /// <param name="read">Reads a value.</param>
    public string Render(Func<TemplateName, Value> read)
    {
        if (_render is null)
        {
            return Source;
        }

        var roots = new Dictionary<string, object?>(TemplateName.Roots.Length, StringComparer.Ordinal);
        foreach (var name in Names)
        {
            if (!roots.TryGetValue(name.Root, out var members))
            {
                roots[name.Root] = members = new Dictionary<string, object?>(StringComparer.Ordinal);
            }

            ((Dictionary<string, object?>)members!)[name.Member] = Plain(read(name));
        }

        return _render(roots);
    }

    /// <inheritdoc/>
    public bool Equals(ContentTemplate? other) => other is not null && Source == other.Source;

    /// <inheritdoc/>
    public override int GetHashCode() => Source.GetHashCode(StringComparison.Ordinal);

    /// <summary>Only texts and numbers get to the template engine: it knows how <c>{{#if}}</c> takes them.</summary>
    private static object? Plain(Value value) => value.Kind switch
    {
        ValueKind.Bool => value.AsBool() ? "true" : null,
        ValueKind.Int => value.AsInt(),
        ValueKind.UInt => value.AsUInt(),
        ValueKind.Double => value.AsDouble(),
        ValueKind.String => Cut(value.AsString()),
        ValueKind.Timestamp => Instant(value.AsTimestamp()),
        ValueKind.Duration => value.ToString(),
        _ => null,
    };

    private static string Instant(DateTimeOffset at) =>
        at.ToString(at.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Cut(string text)
    {
        if (text.Length <= Limits.TemplateValueCharsMax)
        {
            return text;
        }

        // A pair of surrogates is never parted: half of one is not text.
        var end = Limits.TemplateValueCharsMax;
        return text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)];
    }
}
