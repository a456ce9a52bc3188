using System.Collections.Immutable;
using Decisioning.Engine.Features;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>Reads what a sequence feature waits for.</summary>
internal static class SequenceReader
{
    private static readonly KeyTable StepKeys = new(
        "a step",
        new("event", Take.Events, "The event, or several of which any will do.", "name the event"),
        new("where", Take.Condition, "Which of them."));

    /// <summary>A step, or a list of them.</summary>
    public static ValueShape Shape { get; } = Take.AnyOf(Take.Event, Take.Keys(StepKeys), Take.ListOf(Take.AnyOf(Take.Event, Take.Keys(StepKeys)), Limits.SequenceStepsMax));

    /// <summary>The sequence; null after a mistake.</summary>
    public static SequenceDefinition? Read(Fields fields, FeatureReader reader)
    {
        var mistakes = fields.Mistakes;
        var before = mistakes.Count;
        var steps = Steps(fields, "sequence", reader);
        var without = fields.Has("without") ? Steps(fields, "without", reader) : [];
        var withinNode = fields.Require("within", "say how long after the first step the last one may come, such as `within: 2h`");
        var within = withinNode is null ? null : fields.Duration("within");
        var lasts = fields.Duration("for");
        if (mistakes.Count == before && steps.Length == 1 && !fields.Has("without"))
        {
            mistakes.Add(
                FindingRules.MissingKey,
                fields.PlaceOf("sequence"),
                fields.PathOf("sequence"),
                "a sequence of one step holds when `within` has passed and what `without` names did not happen; write `without`, or more steps");
        }

        // The condition of the whole is on all its events.
        var events = new SequenceDefinition(steps, without, default, null).Events;
        var where = reader.Condition(fields["where"], fields.PathOf("where"), events, mistakes);
        return mistakes.Count > before || steps.IsEmpty || within is not { } span
            ? null
            : new SequenceDefinition(With(steps), With(without), span, lasts);

        ImmutableArray<SequenceStep> With(ImmutableArray<SequenceStep> all) => [.. all.Select(step => step with { Where = reader.Both(where, step.Where, events) })];
    }

    private static ImmutableArray<SequenceStep> Steps(Fields fields, string key, FeatureReader reader)
    {
        var (node, path) = (fields[key]!, fields.PathOf(key));
        var items = node is WrittenNode.Sequence ? Checking.Shape.Items(node, path, "the steps", Limits.SequenceStepsMax, fields.Mistakes) : [node];
        if (items.IsEmpty && node is WrittenNode.Sequence)
        {
            fields.Mistakes.Add(FindingRules.EmptyValue, node.Place, path, "the list of steps is empty; name an event");
        }

        return [.. items.Select((item, index) => Step(item, node is WrittenNode.Sequence ? $"{path}[{index}]" : path, reader, fields.Mistakes)).OfType<SequenceStep>()];
    }

    private static SequenceStep? Step(WrittenNode node, string path, FeatureReader reader, Mistakes mistakes)
    {
        if (node is not WrittenNode.Mapping)
        {
            return References.Events(node, path, reader.Names, mistakes) is { } named ? new(named, null) : null;
        }

        if (Fields.Of(node, path, StepKeys, mistakes) is not { } fields || fields.Require("event") is not { } eventNode)
        {
            return null;
        }

        var events = References.Events(eventNode, fields.PathOf("event"), reader.Names, mistakes);
        var where = reader.Condition(fields["where"], fields.PathOf("where"), events ?? [], mistakes);
        return events is { } found ? new(found, where) : null;
    }
}
