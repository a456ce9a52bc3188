using System.Collections.Immutable;
using Decisioning.Engine.Journeys;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>The section <c>journey</c>.</summary>
internal static class JourneySection
{
    private static readonly KeyTable TimeoutKeys = new(
        "a timeout",
        new("after", Take.Duration(minutes: 1), "After how long the stage ends by itself.", "write after how long the stage ends, such as `after: 60d`"),
        new("to", Take.Identifier, "The stage that follows, if any."));

    private static readonly KeyTable ReEntryKeys = new(
        "the bounds of coming in again",
        new("after", Take.Duration(minutes: 1), "How long after leaving at the earliest."),
        new("at_most", Take.Whole(1, 1000), "How many times."))
    {
        AtLeastOne = ["after", "at_most"],
    };

    public static KeyTable StageKeys { get; } = new(
        "a stage",
        new("enter", Take.Condition, "Who comes in.", "write who enters the stage, or `enter: true` for everyone"),
        new("exit", Take.Condition, "Who leaves."),
        new("min_dwell", Take.Duration(minutes: 0), "How long a customer stays at least, whatever `exit` says."),
        new("re_enter", Take.AnyOf(Take.Flag, Take.Keys(ReEntryKeys)), "Whether one who left may come in again, and how soon and how often."),
        new("timeout", Take.Keys(TimeoutKeys), "When the stage ends by itself."));

    public static ImmutableArray<Stage> Compile(
        WrittenNode? node, IReadOnlyDictionary<string, StagePlan> plans, Declarations names, StrategySchema schema, Mistakes mistakes) =>
        [.. Shape.Named(node, "journey", "the journey", Limits.StagesMax, NameRule.Identifier, mistakes)
            .Select((entry, index) => CompileOne(entry, index, plans.GetValueOrDefault(entry.Name), names, schema, mistakes))
            .OfType<Stage>()];

    private static Stage? CompileOne(WrittenEntry entry, int index, StagePlan? plan, Declarations names, StrategySchema schema, Mistakes mistakes)
    {
        if (Fields.Of(entry.Value, $"journey.{entry.Name}", StageKeys, mistakes) is not { } fields)
        {
            return null;
        }

        var enter = Conditions.Compile(fields.Require("enter"), fields.PathOf("enter"), schema.WithoutEvent, mistakes);
        var exit = Conditions.Compile(fields["exit"], fields.PathOf("exit"), schema.WithoutEvent, mistakes);
        var dwell = fields.Duration("min_dwell") ?? TimeSpan.Zero;
        var (after, to) = Timeout(fields["timeout"], fields.PathOf("timeout"), entry.Name, names, mistakes);
        if (after < dwell)
        {
            mistakes.Add(fields.PlaceOf("timeout"), fields.PathOf("timeout"),
                $"the stage ends after {Literals.Print(after.Value)} but lasts at least {Literals.Print(dwell)}; make `timeout.after` the longer one");
        }

        return enter is null ? null : new Stage(index, entry.Name, enter, exit, dwell, ReEnter(fields, mistakes), after, to, plan);
    }

    private static ReEntry? ReEnter(Fields outer, Mistakes mistakes)
    {
        if (outer["re_enter"] is not WrittenNode.Mapping bounds)
        {
            return outer.Flag("re_enter") == true ? ReEntry.Free : null;
        }

        if (Fields.Of(bounds, outer.PathOf("re_enter"), ReEntryKeys, mistakes) is not { } fields)
        {
            return null;
        }

        if (!fields.Has("after") && !fields.Has("at_most") && !fields.IsIncomplete)
        {
            mistakes.Add(FindingRules.EmptyValue, fields.Place, fields.Path, "no bound is written; give `after`, `at_most` or both, or write `re_enter: true`");
        }

        return new ReEntry(fields.Duration("after") ?? TimeSpan.Zero, fields.Whole("at_most"));
    }

    private static (TimeSpan? After, string? To) Timeout(WrittenNode? node, string path, string stage, Declarations names, Mistakes mistakes)
    {
        if (node is null || Fields.Of(node, path, TimeoutKeys, mistakes) is not { } fields)
        {
            return (null, null);
        }

        var after = fields.Require("after") is null ? null : fields.Duration("after");
        var to = References.One(fields["to"], fields.PathOf("to"), "stage", names.Stages, "declare it under `journey`", names, mistakes);
        if (to == stage)
        {
            mistakes.Add(FindingRules.Cycle, fields["to"]!.Place, fields.PathOf("to"), $"a timeout of `{stage}` cannot lead to `{stage}` itself; name another stage or leave `to` out");
        }

        return (after, to);
    }
}
