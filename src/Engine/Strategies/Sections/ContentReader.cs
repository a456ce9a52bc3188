using System.Collections.Immutable;
using Decisioning.Engine.Actions;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>The parts of a treatment's content, and other texts with placeholders.</summary>
internal static class ContentReader
{
    private const int DataMax = 50;
    private const string Html = "html";

    /// <summary>Parts of a content that every page and channel knows; further ones are named under <c>data</c>.</summary>
    private static readonly ImmutableArray<string> Parts = ["title", "text", "subject", "image", "link", "button", Html];

    private static readonly ImmutableArray<(string Name, TemplateEscape Escape)> Escapes =
        [("none", TemplateEscape.None), ("html", TemplateEscape.Html), ("url", TemplateEscape.Url), ("json", TemplateEscape.Json)];

    public static ImmutableArray<Key> Keys { get; } =
    [
        .. Parts.Select(part => new Key(part, Take.Text, $"The {part} shown; may have `{{{{profile.x}}}}` in it.")),
        new("template", Take.Text, "The part `html`, as a file under `templates/`, such as `screening.hbs`."),
        new("escape", Take.OneOf(Escapes.Select(escape => escape.Name)), "How values are escaped; `html` for the part `html` and `none` for the others unless written."),
        new("data", Take.MapOf(NameRule.Id, Take.Text, DataMax), "Further parts, by names of your own."),
    ];

    /// <summary>The parts of a treatment.</summary>
    public static ImmutableArray<ContentPart> Read(Fields fields, Declarations names)
    {
        var mistakes = fields.Mistakes;
        var escape = fields.Word("escape") is { } word ? Escapes.First(known => known.Name == word).Escape : (TemplateEscape?)null;
        var parts = Parts
            .Where(fields.Has)
            .Select(part => Part(part, fields[part]!, fields.PathOf(part), escape ?? (part == Html ? TemplateEscape.Html : TemplateEscape.None), names, mistakes))
            .Append(File(fields, escape ?? TemplateEscape.Html, names))
            .Concat(Shape.Named(fields["data"], fields.PathOf("data"), "further parts", DataMax, NameRule.Id, mistakes)
                .Select(entry => Part(entry.Name, entry.Value, $"{fields.PathOf("data")}.{entry.Name}", escape ?? TemplateEscape.None, names, mistakes)))
            .OfType<ContentPart>()
            .ToImmutableArray();
        if (fields.Has(Html) && fields.Has("template"))
        {
            mistakes.Add(fields.PlaceOf("template"), fields.PathOf("template"), "a template is the part `html`, which is written here too; leave one of them out");
        }

        foreach (var again in parts.GroupBy(part => part.Name, StringComparer.Ordinal).Where(same => same.Count() > 1 && same.Key != Html))
        {
            mistakes.Add(FindingRules.DuplicateId, fields.PlaceOf("data"), $"{fields.PathOf("data")}.{again.Key}", $"`{again.Key}` is there twice; write it only outside of `data`");
        }

        return parts;
    }

    /// <summary>The text of <c>dedupe</c>; null when it is not there or has a mistake, which is then reported.</summary>
    public static ContentTemplate? Dedupe(Fields action, Declarations names)
    {
        if (action["dedupe"] is not { } node || Template(node, action.PathOf("dedupe"), TemplateEscape.None, names, action.Mistakes) is not { } template)
        {
            return null;
        }

        // It is asked before a treatment is picked.
        foreach (var name in template.Names.Where(name => name is { Root: TemplateName.Action, Member: "treatment" or "channel" or "placement" }))
        {
            action.Mistakes.Add(FindingRules.UnknownName, node.Place, action.PathOf("dedupe"), $"`{name}` is not known yet where actions are compared; write what they show, such as `{{{{features.last_category}}}}`");
        }

        return template;
    }

    private static ContentPart? File(Fields fields, TemplateEscape escape, Declarations names)
    {
        if (fields.Text("template") is not { } name)
        {
            return null;
        }

        if (names.Templates.TryGetValue(name, out var file))
        {
            return file.Read(fields.PathOf("template"), escape, names, fields.Mistakes) is { } template ? new ContentPart(Html, template) : null;
        }

        fields.Mistakes.Add(FindingRules.UnknownName, fields["template"]!.Place, fields.PathOf("template"),
            $"there is no template `{Shape.Short(name)}`{Cures.For(name, names.Templates.Keys, "; put it into the folder `templates` as a file that ends in `.hbs`")}");
        return null;
    }

    private static ContentPart? Part(string name, WrittenNode node, string path, TemplateEscape escape, Declarations names, Mistakes mistakes) =>
        Template(node, path, escape, names, mistakes) is { } template ? new ContentPart(name, template) : null;

    private static ContentTemplate? Template(WrittenNode node, string path, TemplateEscape escape, Declarations names, Mistakes mistakes)
    {
        if (Literals.Text(node, path, mistakes) is not { } text)
        {
            return null;
        }

        if (!ContentTemplate.TryParse(text, out var template, out var error, escape))
        {
            mistakes.Add(FindingRules.Syntax, PlaceOf(error.At), path, error.Message);
            return null;
        }

        CheckFeatures(template, path, names, mistakes, PlaceOf);
        return template;

        Place PlaceOf(int at) => node is WrittenNode.Scalar scalar && at >= 0 ? ScalarPlaces.Of(scalar, at) : node.Place;
    }

    /// <summary>Reports features a template shows that are not declared. Attributes of the profile need no declaration to be shown.</summary>
    internal static void CheckFeatures(ContentTemplate template, string path, Declarations names, Mistakes mistakes, Func<int, Place> placeOf)
    {
        foreach (var feature in template.Names.Where(read => read.Root == TemplateName.Features && names.IsWhole && !names.Features.Contains(read.Member)))
        {
            mistakes.Add(FindingRules.UnknownName, placeOf(template.Source.IndexOf(feature.ToString(), StringComparison.Ordinal)), path,
                $"unknown feature `{feature.Member}`{Cures.For(feature.Member, names.Features, "; declare it under `features`")}");
        }
    }
}

/// <summary>A template that is a file of its own: read once, whoever shows it.</summary>
internal sealed class TemplateFile(SourceText text)
{
    private readonly Dictionary<TemplateEscape, ContentTemplate?> _read = [];

    /// <summary>The template; null when it has a mistake, which is reported at the first reading.</summary>
    public ContentTemplate? Read(string path, TemplateEscape escape, Declarations names, Mistakes mistakes)
    {
        if (_read.TryGetValue(escape, out var known))
        {
            return known;
        }

        if (ContentTemplate.TryParseFile(text.Text, escape, out var template, out var error))
        {
            ContentReader.CheckFeatures(template, path, names, mistakes, at => text.At(at));
        }
        else if (_read.Count == 0)
        {
            mistakes.Add(FindingRules.Syntax, text.At(error.At), path, error.Message);
        }

        return _read[escape] = template;
    }
}
