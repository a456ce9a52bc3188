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

    private static readonly KeyTable WeightKeys = new(
        "a context weight",
        new("when", Take.Condition, "In which situation.", "write in which situation, such as `when: channel == \"app\"`"),
        new("weight", Take.Factor, "The factor on the priority.", "write a factor, such as `weight: 1.5`"));

    public static KeyTable Keys { get; } = new(
        "an action",
        new("value", Take.Number(0, ValueMax), "What a positive response is worth.", "write what a positive response is worth, such as `value: 40`"),
        new("propensity", Take.Number(0, 1), "The probability of a positive response; 0.5 unless written."),
        new("purpose", Take.Identifier, "The consent it needs."),
        new("eligible", Take.Condition, "Who may get it at all."),
        new("applicable", Take.Condition, "For whom it makes sense now."),
        new("suitable", Take.Condition, "For whom it is right."),
        new("context", Take.ListOf(Take.Keys(WeightKeys), Limits.ContextWeightsPerActionMax), "Factors on its priority while a condition holds."),
        new("fallback", Take.Flag, "Offered only where nothing else is."),
        new("valid_from", Take.Instant, "From when it may be offered."),
        new("valid_until", Take.Instant, "Until when it may be offered; a day counts whole."),
        new("treatments", Take.ListOf(Take.Keys(TreatmentReader.Keys), Limits.TreatmentsPerActionMax), "Its content per channel and placement.",
            "an action needs at least one, such as `treatments: [ { channel: web, placement: hero, text: Hello } ]`"));

    public static ImmutableArray<ActionDefinition> Compile(WrittenNode? issues, Declarations names, StrategySchema schema, DateTimeZone zone, Mistakes mistakes)
    {
        CheckNames(issues, mistakes);
        if (names.Actions.Length > Limits.ActionsMax)
        {
            mistakes.Add(FindingRules.Limit, names.Actions[Limits.ActionsMax].Place, "issues", $"{names.Actions.Length} actions; at most {Limits.ActionsMax} are allowed");
        }

        var actions = ImmutableArray.CreateBuilder<ActionDefinition>();
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
        var value = fields.Require("value") is null ? null : fields.Number("value");
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
            fields.Number("propensity") ?? UnknownPropensity,
            purpose,
            All("eligible"), All("applicable"), All("suitable"),
            Weights(fields, schema),
            fields.Flag("fallback") ?? false,
            from, until,
            TreatmentReader.Read(fields, names));

        ImmutableArray<Condition> All(string key) => Conditions.Compile(fields[key], fields.PathOf(key), schema.WithoutEvent, mistakes) is { } condition ? [condition] : [];
    }

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
