using System.Collections.Immutable;
using Decisioning.Engine.Actions;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;
using NodaTime;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>The section <c>issues</c>.</summary>
internal static class ActionsSection
{
    private const double UnknownPropensity = 0.5;

    private static readonly KeyTable WeightKeys = new(
        "a context weight",
        new("when", Take.Condition, "In which situation.", "write in which situation, such as `when: channel == \"app\"`"),
        new("weight", Take.Factor, "The factor on the priority.", "write a factor, such as `weight: 1.5`"));

    public static KeyTable Keys { get; } = new(
        "an action",
        [
            .. ActionLevel.Keys,
            new("context", Take.ListOf(Take.Keys(WeightKeys), Limits.ContextWeightsPerActionMax), "Factors on its priority while a condition holds."),
            new("goals", Take.MapOf(NameRule.Id, Take.Number(-ActionLevel.ValueMax, ActionLevel.ValueMax), Limits.GoalsMax), "What a positive response brings for each goal."),
            new("cost", Take.Number(0, ActionLevel.ValueMax), "What offering it costs."),
            new("stages", Take.ListOf(Take.Identifier, Limits.StagesMax), "The stages it serves: it is offered in them only."),
            new("touch", TouchSection.ModesShape, "The modes of touch it is for."),
            new("mandatory", Take.Flag, "Goes before all others, whatever its priority."),
            new("fallback", Take.Flag, "Offered only where nothing else is."),
            new("exclusive", Take.Id, "Of the actions that share this name one is offered per decision."),
            new("dedupe", Take.Text, "Of the actions for which this comes out alike one is offered per decision; may have `{{features.x}}` in it."),
            new("bundle", Take.ListOf(Take.Id, Limits.BundleMax - 1), "The actions that are offered together with it, or it is not offered."),
            new("treatments", Take.ListOf(Take.Keys(TreatmentReader.Keys), Limits.TreatmentsPerActionMax), "Its content per channel and placement.",
                "an action needs at least one, such as `treatments: [ { channel: web, placement: hero, text: Hello } ]`"),
        ]);

    /// <summary>Issues, groups and actions, with what the upper two say for those below.</summary>
    public static ValueShape IssuesShape { get; } = Take.MapOf(
        NameRule.Id,
        Take.MapOf(NameRule.Id, Take.MapOf(NameRule.Id, Take.Keys(Keys), Limits.ActionsMax, ActionLevel.Table), Limits.ActionsMax, ActionLevel.Table),
        Limits.ActionsMax);

    public static ImmutableArray<ActionDefinition> Compile(WrittenNode? issues, Declarations names, StrategySchema schema, DateTimeZone zone, Mistakes mistakes)
    {
        var levels = Levels(issues, names, schema, zone, mistakes);
        if (names.Actions.Length > Limits.ActionsMax)
        {
            mistakes.Add(FindingRules.Limit, names.Actions[Limits.ActionsMax].Place, "issues", $"{names.Actions.Length} actions; at most {Limits.ActionsMax} are allowed");
        }

        var actions = ImmutableArray.CreateBuilder<ActionDefinition>();
        var bundles = new List<(ActionDefinition Action, Fields Fields)>();
        foreach (var (index, declared) in names.Actions.Take(Limits.ActionsMax).Index())
        {
            var path = $"issues.{declared.Issue}.{declared.Group}.{declared.Name}";
            var first = names.Actions[names.ActionIndex[declared.Name]];
            if (!ReferenceEquals(first, declared))
            {
                mistakes.Add(FindingRules.DuplicateId, declared.Place, path, $"the action `{Shape.Short(declared.Name)}` is there twice; the first is at "
                    + $"{first.Place.File}:{first.Place.Line}; a name belongs to one action of the strategy");
            }

            if (Fields.Of(declared.Body, path, Keys, mistakes) is { } fields)
            {
                var above = levels.GetValueOrDefault((declared.Issue, declared.Group)) ?? ActionLevel.Empty;
                var action = CompileOne(declared, index, fields, above.With(fields, names, schema, zone), names, schema);
                actions.Add(action);
                if (!action.Bundle.IsEmpty)
                {
                    bundles.Add((action, fields));
                }
            }
        }

        // Only once all actions are there is it known what comes along with what.
        if (!mistakes.Any)
        {
            Bundles.Check(bundles, actions, mistakes);
        }

        return actions.ToImmutable();
    }

    /// <summary>What each group says for its actions, with what its issue says.</summary>
    private static Dictionary<(string Issue, string Group), ActionLevel> Levels(WrittenNode? issues, Declarations names, StrategySchema schema, DateTimeZone zone, Mistakes mistakes)
    {
        var levels = new Dictionary<(string Issue, string Group), ActionLevel>();
        foreach (var issue in Shape.Named(issues, "issues", "the issues", Limits.ActionsMax, NameRule.Id, mistakes))
        {
            var (own, groups) = Split(issue.Value);
            var path = $"issues.{issue.Name}";
            var level = Level(own, path, ActionLevel.Empty);
            foreach (var group in Shape.Named(groups, path, "the groups of an issue", Limits.ActionsMax, NameRule.Id, mistakes))
            {
                (own, var actions) = Split(group.Value);
                levels[(issue.Name, group.Name)] = Level(own, $"{path}.{group.Name}", level);
                Shape.Named(actions, $"{path}.{group.Name}", "the actions of a group", Limits.ActionsMax, NameRule.Id, mistakes);
            }
        }

        return levels;

        ActionLevel Level(WrittenNode? own, string path, ActionLevel above) =>
            own is not null && Fields.Of(own, path, ActionLevel.Table, mistakes) is { } fields ? above.With(fields, names, schema, zone) : above;
    }

    /// <summary>What an issue or group says itself, and the rest: what it holds.</summary>
    private static (WrittenNode? Own, WrittenNode Below) Split(WrittenNode node) =>
        node is WrittenNode.Mapping mapping && mapping.Entries.Any(entry => ActionLevel.IsKey(entry.Name))
            ? (mapping with { Entries = mapping.Entries.RemoveAll(entry => !ActionLevel.IsKey(entry.Name)) }, mapping with { Entries = mapping.Entries.RemoveAll(entry => ActionLevel.IsKey(entry.Name)) })
            : (null, node);

    private static ActionDefinition CompileOne(DeclaredAction declared, int index, Fields fields, ActionLevel level, Declarations names, StrategySchema schema)
    {
        var mistakes = fields.Mistakes;
        if (level.Value is null)
        {
            fields.Require("value", "write what a positive response is worth, such as `value: 40`, here or for its group or issue");
        }

        var mandatory = fields.Flag("mandatory") ?? false;
        var fallback = fields.Flag("fallback") ?? false;
        if (mandatory && fallback)
        {
            mistakes.Add(fields.PlaceOf("fallback"), fields.PathOf("fallback"), "what goes before all others cannot stand in where nothing else is; leave `mandatory` or `fallback` out");
        }

        return new ActionDefinition(
            index, declared.Issue, declared.Group, declared.Name,
            level.Value ?? 0,
            level.Propensity ?? UnknownPropensity,
            level.Purpose,
            level.Eligible, level.Applicable, level.Suitable,
            Weights(fields, schema),
            fallback,
            level.ValidFrom, level.ValidUntil,
            TreatmentReader.Read(fields, names, schema))
        {
            IsMandatory = mandatory,
            Stages = [.. References.Texts(fields["stages"], fields.PathOf("stages"), "the stages", Limits.StagesMax, mistakes)
                .Select(stage => References.One(ItemOf(fields["stages"], stage), fields.PathOf("stages"), "stage", names.Stages, "declare it under `journey`", names, mistakes))
                .OfType<string>().Select(stage => names.Stages.IndexOf(stage))],
            Touch = TouchSection.Read(fields),
            Exclusive = fields["exclusive"] is WrittenNode.Scalar exclusive && Names.Check(exclusive, fields.PathOf("exclusive"), NameRule.Id, mistakes) ? exclusive.Text : null,
            Dedupe = ContentReader.Dedupe(fields, names),
            Bundle = [.. References.Texts(fields["bundle"], fields.PathOf("bundle"), "the bundle", Limits.BundleMax - 1, mistakes)
                .Select(action => References.One(ItemOf(fields["bundle"], action), fields.PathOf("bundle"), "action", names.ActionIndex.Keys, "declare it under `issues`", names, mistakes))
                .OfType<string>().Select(action => names.ActionIndex[action])],
            Cost = fields.Number("cost") ?? 0,
            Goals = [.. Shape.Named(fields["goals"], fields.PathOf("goals"), "the goals", Limits.GoalsMax, NameRule.Id, mistakes)
                .Select(goal => (goal.Name, Value: Literals.Number(goal.Value, $"{fields.PathOf("goals")}.{goal.Name}", mistakes, -ActionLevel.ValueMax, ActionLevel.ValueMax)))
                .Where(goal => goal.Value is not null)
                .Select(goal => new GoalValue(goal.Name, goal.Value!.Value))],
        };
    }

    private static WrittenNode? ItemOf(WrittenNode? list, string text) =>
        (list as WrittenNode.Sequence)?.Items.FirstOrDefault(item => item is WrittenNode.Scalar scalar && scalar.Text == text);

    private static ImmutableArray<ContextWeight> Weights(Fields action, StrategySchema schema)
    {
        var path = action.PathOf("context");
        var weights = ImmutableArray.CreateBuilder<ContextWeight>();
        foreach (var (index, item) in Shape.Items(action["context"], path, "the context weights", Limits.ContextWeightsPerActionMax, action.Mistakes).Index())
        {
            if (Fields.Of(item, $"{path}[{index + 1}]", WeightKeys, action.Mistakes) is not { } fields)
            {
                continue;
            }

            var when = Conditions.Compile(fields.Require("when"), fields.PathOf("when"), schema.WithoutEvent, action.Mistakes);
            var weight = fields.Require("weight") is null ? null : fields.Factor("weight");
            if (when is not null && weight is not null)
            {
                weights.Add(new ContextWeight(when, weight.Value));
            }
        }

        return weights.ToImmutable();
    }
}
