using System.Collections.Immutable;
using Decisioning.Engine.Actions;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>What stands under <c>treatments</c> of an action.</summary>
internal static class TreatmentReader
{
    private const int DataMax = 50;

    /// <summary>Parts of a content that every page and channel knows; further ones are named under <c>data</c>.</summary>
    private static readonly ImmutableArray<string> Parts = ["title", "text", "subject", "image", "link", "button"];

    public static KeyTable Keys { get; } = new(
        "a treatment",
        [
            new("name", Take.Id, "Its name; `CHANNEL-PLACEMENT`, and `-LOCALE` where it has one, unless written."),
            new("channel", Take.Identifier, "The channel it is for.", "name the channel, such as `channel: web`"),
            new("placement", Take.Id, "The slot it is for.", "name the slot it is for, such as `placement: hero`"),
            new("locale", Take.Form(LocaleTag.Pattern), "The language it is written in, such as `de` or `de-AT`; without it, it is for all."),
            new("touch", TouchSection.ModesShape, "The modes of touch it is for."),
            new("at", Take.Expression("send time"), "When to send it: an hour of the customer's day, or a timestamp."),
            .. Parts.Select(part => new Key(part, Take.Text, $"The {part} shown; may have `{{{{profile.x}}}}` in it.")),
            new("data", Take.MapOf(NameRule.Id, Take.Text, DataMax), "Further parts, by names of your own."),
        ]);

    public static ImmutableArray<Treatment> Read(Fields action, Declarations names, StrategySchema schema)
    {
        var path = action.PathOf("treatments");
        if (action.Require("treatments") is not { } node)
        {
            return [];
        }

        if (node is WrittenNode.Sequence { Items.IsEmpty: true })
        {
            action.Mistakes.Add(FindingRules.EmptyValue, node.Place, path, "the list is empty; an action needs at least one treatment");
        }

        var treatments = Shape.Items(node, path, "the treatments", Limits.TreatmentsPerActionMax, action.Mistakes)
            .Select((item, index) => ReadOne(item, $"{path}[{index + 1}]", names, schema, action.Mistakes))
            .OfType<(Treatment Treatment, Place Place)>()
            .ToImmutableArray();
        foreach (var again in treatments.GroupBy(item => item.Treatment.Name, StringComparer.Ordinal).SelectMany(same => same.Skip(1)))
        {
            action.Mistakes.Add(FindingRules.DuplicateId, again.Place, path, $"two treatments are called `{again.Treatment.Name}`; give one a `name`");
        }

        return [.. treatments.Select(item => item.Treatment)];
    }

    private static (Treatment Treatment, Place Place)? ReadOne(WrittenNode node, string path, Declarations names, StrategySchema schema, Mistakes mistakes)
    {
        if (Fields.Of(node, path, Keys, mistakes) is not { } fields)
        {
            return null;
        }

        var channel = References.Channel(fields.Require("channel"), fields.PathOf("channel"), names, mistakes);
        var placement = Id(fields, "placement", fields.Require("placement"));
        var locale = HeaderSection.LocaleOf(fields["locale"], fields.PathOf("locale"), mistakes);
        var name = Id(fields, "name", fields["name"]) ?? $"{channel}-{placement}{(locale is null ? "" : $"-{locale}")}";
        var parts = Parts
            .Where(fields.Has)
            .Select(part => Part(part, fields[part]!, fields.PathOf(part), names, mistakes))
            .Concat(Shape.Named(fields["data"], fields.PathOf("data"), "further parts", DataMax, NameRule.Id, mistakes)
                .Select(entry => Part(entry.Name, entry.Value, $"{path}.data.{entry.Name}", names, mistakes)))
            .OfType<ContentPart>()
            .ToImmutableArray();
        foreach (var again in parts.GroupBy(part => part.Name, StringComparer.Ordinal).Where(same => same.Count() > 1))
        {
            mistakes.Add(FindingRules.DuplicateId, fields.PlaceOf("data"), $"{path}.data.{again.Key}", $"`{again.Key}` is there twice; write it only outside of `data`");
        }

        var at = SendTimes.Read(fields["at"], fields.PathOf("at"), schema, mistakes);
        return channel is null || placement is null
            ? null
            : (new Treatment(name, channel, placement, parts) { Locale = locale, Touch = TouchSection.Read(fields), At = at }, fields.Place);
    }

    private static string? Id(Fields fields, string key, WrittenNode? node) => node switch
    {
        WrittenNode.Scalar scalar => Names.Check(scalar, fields.PathOf(key), NameRule.Id, fields.Mistakes) ? scalar.Text : null,
        null => null,
        _ => Literals.Text(node, fields.PathOf(key), fields.Mistakes),
    };

    /// <summary>The text of <c>dedupe</c>; null when it is not there or has a mistake, which is then reported.</summary>
    public static ContentTemplate? Dedupe(Fields action, Declarations names)
    {
        if (action["dedupe"] is not { } node || Template(node, action.PathOf("dedupe"), names, action.Mistakes) is not { } template)
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

    private static ContentPart? Part(string name, WrittenNode node, string path, Declarations names, Mistakes mistakes) =>
        Template(node, path, names, mistakes) is { } template ? new ContentPart(name, template) : null;

    private static ContentTemplate? Template(WrittenNode node, string path, Declarations names, Mistakes mistakes)
    {
        if (Literals.Text(node, path, mistakes) is not { } text)
        {
            return null;
        }

        if (!ContentTemplate.TryParse(text, out var template, out var error))
        {
            mistakes.Add(FindingRules.Syntax, node.Place, path, error);
            return null;
        }

        // Attributes of the profile need no declaration to be shown; features exist only when declared.
        foreach (var feature in template.Names.Where(read => read.Root == TemplateName.Features && names.IsWhole && !names.Features.Contains(read.Member)))
        {
            var at = text.IndexOf(feature.ToString(), StringComparison.Ordinal);
            var place = node is WrittenNode.Scalar scalar && at >= 0 ? ScalarPlaces.Of(scalar, at) : node.Place;
            mistakes.Add(FindingRules.UnknownName, place, path, $"unknown feature `{feature.Member}`{Cures.For(feature.Member, names.Features, "; declare it under `features`")}");
        }

        return template;
    }
}
