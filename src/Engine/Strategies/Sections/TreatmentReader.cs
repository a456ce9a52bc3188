using System.Collections.Immutable;
using Decisioning.Engine.Actions;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>What stands under <c>treatments</c> of an action.</summary>
internal static class TreatmentReader
{
    public static KeyTable Keys { get; } = new(
        "a treatment",
        [
            new("name", Take.Id, "Its name; `CHANNEL-PLACEMENT`, and `-LOCALE` where it has one, unless written."),
            new("channel", Take.Identifier, "The channel it is for.", "name the channel, such as `channel: web`"),
            new("placement", Take.Id, "The slot it is for.", "name the slot it is for, such as `placement: hero`"),
            new("locale", Take.Form(LocaleTag.Pattern), "The language it is written in, such as `de` or `de-AT`; without it, it is for all."),
            new("touch", TouchSection.ModesShape, "The modes of touch it is for."),
            new("at", Take.Expression("send time"), "When to send it: an hour of the customer's day, or a timestamp."),
            .. ContentReader.Keys,
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
        var parts = ContentReader.Read(fields, names);
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
}
