using System.Collections.Immutable;
using Decisioning.Engine.Actions;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;
using NodaTime;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>The section <c>issues</c>.</summary>
internal static class ActionsSection
{
    private const double ValueMax = 1_000_000_000;
    private const double UnknownPropensity = 0.5;

    private static readonly ImmutableArray<string> Keys =
    [
        "value", "propensity", "purpose", "eligible", "applicable", "suitable", "context", "fallback", "valid_from", "valid_until", "treatments",
    ];

    private static readonly ImmutableArray<string> WeightKeys = ["when", "weight"];

    public static ImmutableArray<ActionDefinition> Compile(WrittenNode? issues, Declarations names, StrategySchema schema, DateTimeZone zone, Mistakes mistakes)
    {
        CheckNames(issues, mistakes);
        if (names.Actions.Length > Limits.ActionsMax)
        {
            mistakes.Add(names.Actions[Limits.ActionsMax].Place, "issues", $"{names.Actions.Length} actions; at most {Limits.ActionsMax} are allowed");
        }

        var actions = ImmutableArray.CreateBuilder<ActionDefinition>();
        foreach (var (index, declared) in names.Actions.Take(Limits.ActionsMax).Index())
        {
            var path = $"issues.{declared.Issue}.{declared.Group}.{declared.Name}";
            var first = names.Actions[names.ActionIndex[declared.Name]];
            if (!ReferenceEquals(first, declared))
            {
                mistakes.Add(declared.Place, path, $"the action `{Shape.Short(declared.Name)}` is there twice; the first is at "
                    + $"{first.Place.File}:{first.Place.Line}; a name belongs to one action of the strategy");
            }

            if (Fields.Of(declared.Body, path, "an action", mistakes, Keys) is { } fields)
            {
                actions.Add(CompileOne(declared, index, fields, names, schema, zone));
            }
        }

        return actions.ToImmutable();
    }

    private static void CheckNames(WrittenNode? issues, Mistakes mistakes)
    {
        foreach (var issue in Shape.Named(issues, "issues", "the issues", Limits.ActionsMax, NameRule.Id, mistakes))
        {
            foreach (var group in Shape.Named(issue.Value, $"issues.{issue.Name}", "the groups of an issue", Limits.ActionsMax, NameRule.Id, mistakes))
            {
                Shape.Named(group.Value, $"issues.{issue.Name}.{group.Name}", "the actions of a group", Limits.ActionsMax, NameRule.Id, mistakes);
            }
        }
    }

    private static ActionDefinition CompileOne(DeclaredAction declared, int index, Fields fields, Declarations names, StrategySchema schema, DateTimeZone zone)
    {
        var mistakes = fields.Mistakes;
        var value = fields.Require("value", "write what a positive response is worth, such as `value: 40`") is null ? null : fields.Number("value", 0, ValueMax);
        var purpose = References.One(fields["purpose"], fields.PathOf("purpose"), "purpose", names.Purposes, "name it under `consent.purposes`", names, mistakes);
        var from = Dates.Instant(fields["valid_from"], fields.PathOf("valid_from"), mistakes, zone, lastDay: false);
        var until = Dates.Instant(fields["valid_until"], fields.PathOf("valid_until"), mistakes, zone, lastDay: true);
        if (from >= until)
        {
            mistakes.Add(fields.PlaceOf("valid_until"), fields.PathOf("valid_until"), "`valid_until` is not after `valid_from`; swap them");
        }

        return new ActionDefinition(
            index, declared.Issue, declared.Group, declared.Name,
            value ?? 0,
            fields.Number("propensity", 0, 1) ?? UnknownPropensity,
            purpose,
            Condition("eligible"), Condition("applicable"), Condition("suitable"),
            Weights(fields, schema),
            fields.Flag("fallback") ?? false,
            from, until,
            TreatmentReader.Read(fields, names));

        Condition? Condition(string key) => Conditions.Compile(fields[key], fields.PathOf(key), schema.WithoutEvent, mistakes);
    }

    private static ImmutableArray<ContextWeight> Weights(Fields action, StrategySchema schema)
    {
        var path = action.PathOf("context");
        var weights = ImmutableArray.CreateBuilder<ContextWeight>();
        foreach (var (index, item) in Shape.Items(action["context"], path, "the context weights", Limits.ContextWeightsPerActionMax, action.Mistakes).Index())
        {
            if (Fields.Of(item, $"{path}[{index + 1}]", "a context weight", action.Mistakes, WeightKeys) is not { } fields)
            {
                continue;
            }

            var when = Conditions.Compile(fields.Require("when", "write in which situation, such as `when: channel == \"app\"`"), fields.PathOf("when"), schema.WithoutEvent, action.Mistakes);
            var weight = fields.Require("weight", "write a factor, such as `weight: 1.5`") is null ? null : fields.Factor("weight");
            if (when is not null && weight is not null)
            {
                weights.Add(new ContextWeight(when, weight.Value));
            }
        }

        return weights.ToImmutable();
    }
}
