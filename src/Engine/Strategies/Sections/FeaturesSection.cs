using System.Collections.Immutable;
using Decisioning.Engine.Features;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>The section <c>features</c>.</summary>
internal static class FeaturesSection
{
    private static readonly ImmutableArray<string> Verbs =
        ["count", "sum", "avg", "min", "max", "distinct", "last", "first", "recency", "trend", "top", "sequence", "sessions"];

    private static readonly ImmutableArray<string> Units = ["days", "hours", "minutes"];

    public static KeyTable Keys { get; } = new(
        "a feature",
        new("count", Take.Events, "How many such events there were."),
        new("sum", Take.Expression("number"), "The sum of a number over the events named by `of`."),
        new("avg", Take.Expression("number"), "The mean of a number over the events named by `of`."),
        new("min", Take.Expression("value"), "The smallest number, instant or duration."),
        new("max", Take.Expression("value"), "The largest number, instant or duration."),
        new("distinct", Take.Expression("value"), "How many different values there were."),
        new("last", Take.AnyOf(Take.Events, Take.Expression("value")), "When the last such event happened; with `of` the value at it."),
        new("first", Take.AnyOf(Take.Events, Take.Expression("value")), "When the first such event happened; with `of` the value at it."),
        new("recency", Take.Events, "How long ago the last such event happened."),
        new("trend", Take.AnyOf(Take.Events, Take.Expression("number")), "The count in the window for each one in the window before it; with `of` the sum."),
        new("top", Take.Expression("value"), "The value that came most often."),
        new("sequence", SequenceReader.Shape, "Whether these events happened in this order within a time; of one event: whether the time passed without what is named by `without`."),
        new("sessions", Take.Events, "How many visits there were: runs of such events without a longer pause than `gap`."),
        new("of", Take.Events, "The events of a value."),
        new("where", Take.Condition, "Which of the events count."),
        new("within", Take.Duration(minutes: 1, days: Limits.WindowDaysMax), "Only events of the last so long; of a sequence: how long after the first step the last may come."),
        new("without", SequenceReader.Shape, "The events that take a sequence back."),
        new("for", Take.Duration(minutes: 1, days: Limits.WindowDaysMax), "How long a sequence holds once it is complete."),
        new("gap", Take.Duration(minutes: 1, days: 1), "The longest pause within a session; 30m if it is not said."),
        new("in", Take.OneOf(Units), "The unit in which a recency is told, as a whole number; a duration if it is not said."),
        new("bands", Take.ListOf(Take.AnyOf(Take.Number(), Take.Duration(minutes: 1)), Limits.BandsMax), "Bounds, lowest first, that turn the number into a score from 1."),
        new("use", Take.OneOf(ReadyFeatures.All.Select(ready => ready.Name)), "A ready-made feature, by its name."))
    {
        ExactlyOne = [.. Verbs, "use"],
    };

    /// <summary>Features by slot; null where one has a mistake.</summary>
    public static ImmutableArray<(string Name, Feature? Feature)> Compile(WrittenNode? node, Declarations names, StrategySchema schema, Mistakes mistakes)
    {
        var reader = new FeatureReader(names, schema);
        var withSpec = names with { Events = SpecEvents.With(names.Events) };
        var ready = new FeatureReader(withSpec, schema.WithEvents(withSpec));
        return [.. Shape.Named(node, "features", "the features", Limits.FeaturesMax, NameRule.Identifier, mistakes)
            .Select((entry, slot) => (entry.Name, CompileOne(entry.Name, entry.Value, entry.Key.Place, slot, reader, ready, mistakes)))];
    }

    private static Feature? CompileOne(string name, WrittenNode node, Place place, int slot, FeatureReader reader, FeatureReader? ready, Mistakes mistakes)
    {
        var path = $"features.{name}";
        if (Fields.Of(node, path, Keys, mistakes) is not { } fields)
        {
            return null;
        }

        if (ready is not null && fields.Has("use"))
        {
            return ReadyFeatures.Read(fields, (WrittenNode.Mapping)node, (whole, found) => CompileOne(name, whole, place, slot, ready, null, found));
        }

        var verbs = Verbs.Where(fields.Has).ToList();
        if (verbs.Count == 0 && fields.IsIncomplete)
        {
            return null;
        }

        if (verbs.Count != 1)
        {
            mistakes.Add(verbs.Count == 0 ? FindingRules.MissingKey : FindingRules.BadValue, verbs.Count == 0 ? place : fields.PlaceOf(verbs[1]), path, verbs.Count == 0
                ? $"a feature needs one of {Cures.List(Verbs)}"
                : $"a feature has one of {Cures.List(Verbs)}, but this one has `{verbs[0]}` and `{verbs[1]}`; make them two features");
            return null;
        }

        return reader.Read(fields, verbs[0], name, slot);
    }
}
