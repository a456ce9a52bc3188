using System.Collections.Immutable;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Testing;

/// <summary>Reads a question for the next best action, and the situation that it and events are in.</summary>
internal static class AskReader
{
    /// <summary>How many items a question without placements gets unless it says so.</summary>
    private const int ListItemsDefault = 3;

    /// <summary>A question that wants nothing in particular.</summary>
    public static DecisionRequest Anything { get; } = new("look", "", "", Direction.Inbound, [], 1, PropertyMap.Empty, ExplainLevel.Full, DryRun: true);

    /// <summary>The question; null when it has mistakes, which are then reported.</summary>
    /// <param name="node">What is written.</param>
    /// <param name="path">Its path.</param>
    /// <param name="id">Its request id.</param>
    /// <param name="names">The strategy's names.</param>
    /// <param name="time">The time of the case.</param>
    /// <param name="mistakes">Where mistakes go.</param>
    public static DecisionRequest? Read(WrittenNode node, string path, string id, TestNames names, TestTime time, Mistakes mistakes)
    {
        if (Fields.Of(node, path, TestLanguage.Ask, mistakes) is not { } fields)
        {
            return null;
        }

        var channel = fields.Text("channel") ?? "";
        if (channel.Length > 0)
        {
            TestNames.Check(channel, names.Channels, "channel", fields["channel"]!.Place, fields.PathOf("channel"), mistakes);
        }

        var placements = Texts(fields["placements"], fields.PathOf("placements"), mistakes)
            .Where(placement => TestNames.Check(placement.Text, names.Placements, "placement", placement.Place, fields.PathOf("placements"), mistakes))
            .Select(placement => placement.Text)
            .ToImmutableArray();
        if (placements.Length > Limits.PlacementsPerDecisionMax)
        {
            mistakes.Add(fields.PlaceOf("placements"), fields.PathOf("placements"), $"{placements.Length} placements; at most {Limits.PlacementsPerDecisionMax} are asked for at once");
        }

        return new DecisionRequest(
            id, fields.Text("container") ?? "", channel, fields.Word("direction") == "outbound" ? Direction.Outbound : Direction.Inbound, placements,
            fields.Whole("max_items") ?? (placements.IsEmpty ? ListItemsDefault : 1), Situation(fields, null, time), ExplainLevel.Summary, fields.Flag("dry_run") ?? false);
    }

    /// <summary>The situation: <c>device</c> (a type, or a mapping), <c>context</c>, and the channel for an event.</summary>
    public static PropertyMap Situation(Fields fields, string? channelKey, TestTime time)
    {
        var context = PropertyMap.Empty;
        if (fields["context"] is { } node && Shape.Mapping(node, fields.PathOf("context"), "the context", fields.Mistakes) is { } mapping)
        {
            context = TestValues.Map(mapping.Entries, [], time);
        }

        if (fields["device"] is { } device)
        {
            var type = TestValues.Of(device, null, time);
            context = context.With("device", type.Kind == ValueKind.Map ? type : Value.Of(PropertyMap.Of(("type", type))));
        }

        return channelKey is not null && fields.Text(channelKey) is { } channel ? context.With("channel", Value.Of(channel)) : context;
    }

    /// <summary>A text or a list of texts; a text stands for a list of one.</summary>
    public static IEnumerable<(string Text, Place Place)> Texts(WrittenNode? node, string path, Mistakes mistakes)
    {
        var items = node is WrittenNode.Scalar ? [node] : Shape.Items(node, path, "names", Limits.TestStepsMax, mistakes);
        return items.Select(item => (Literals.Text(item, path, mistakes), item.Place)).Where(item => item.Item1 is not null).Select(item => (item.Item1!, item.Place));
    }
}
