using System.Collections.Immutable;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;
using Decisioning.Engine.Values;
using NodaTime;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>What stands under <c>then</c> of a rule.</summary>
internal static class RuleEffects
{
    /// <summary>The factor of an offer without a weight.</summary>
    public const double OfferWeight = 2;

    private const double PointsMax = 1_000_000;
    private static readonly ImmutableArray<string> Verbs = ["tag", "score", "stage", "offer", "trigger", "attribute"];

    private static readonly KeyTable TagKeys = new(
        "a tag",
        new("name", Take.Id, "Its name.", "name the tag, such as `tag: { name: vip }`"),
        new("level", Take.Text, "A text of your own, such as `hot`."),
        new("expires", Take.Duration(minutes: 1), "After how long it goes; without it the tag stays."),
        new("evidence", Take.Expression("a text"), "What it was given for: an expression that gives a text, kept with the tag."));

    private static readonly KeyTable StageKeys = new(
        "a stage to leave",
        new Key("leave", Take.Identifier, "The stage the customer leaves.", "write which stage the customer leaves, such as `stage: { leave: find }`"));

    public static KeyTable Keys { get; } = new(
        "what a rule does",
        new("tag", Take.Keys(TagKeys), "Gives a tag."),
        new("score", Take.MapOf(NameRule.Identifier, Take.Number(-PointsMax, PointsMax), Limits.ScoresMax), "Adds points to scores, may be negative."),
        new("stage", Take.AnyOf(Take.Identifier, Take.Keys(StageKeys)), "The stage the customer enters, or `{ leave: STAGE }`."),
        new("offer", Take.Id, "The action whose priority is weighted while the rule holds."),
        new("trigger", Take.Id, "A signal for channels outside, by its name."),
        new("attribute", Take.MapOf(NameRule.Identifier, Take.Text, Limits.ProfileAttributesMax), "Sets attributes of the profile."),
        new("weight", Take.Factor, "The factor of `offer`; 2 unless written."))
    {
        ExactlyOne = Verbs,
    };

    public static ImmutableArray<RuleEffect> Read(WrittenNode? node, string rulePath, Declarations names, ExpressionSchema<Facts> schema, Mistakes mistakes)
    {
        var path = $"{rulePath}.then";
        var items = Shape.Items(node, path, "what a rule does", Limits.EffectsPerRuleMax, mistakes);
        if (node is WrittenNode.Sequence { Items.IsEmpty: true })
        {
            mistakes.Add(FindingRules.EmptyValue, node.Place, path, $"the rule does nothing; give it at least one of {Cures.List(Verbs)}");
        }

        return [.. items.SelectMany((item, index) => ReadOne(item, $"{path}[{index + 1}]", names, schema, mistakes))];
    }

    private static IEnumerable<RuleEffect> ReadOne(WrittenNode node, string path, Declarations names, ExpressionSchema<Facts> schema, Mistakes mistakes)
    {
        if (Fields.Of(node, path, Keys, mistakes) is not { } fields)
        {
            return [];
        }

        var verbs = Verbs.Where(fields.Has).ToList();
        if (verbs.Count == 0 && fields.IsIncomplete)
        {
            return [];
        }

        if (verbs.Count != 1)
        {
            mistakes.Add(verbs.Count == 0 ? FindingRules.MissingKey : FindingRules.BadValue, verbs.Count == 0 ? fields.Place : fields.PlaceOf(verbs[1]), path, verbs.Count == 0
                ? $"nothing is done here; write one of {Cures.List(Verbs)}"
                : $"`{verbs[0]}` and `{verbs[1]}` are two things to do; begin a new line with `- ` for each");
            return [];
        }

        if (verbs[0] != "offer" && fields.Has("weight"))
        {
            mistakes.Add(fields.PlaceOf("weight"), fields.PathOf("weight"), "`weight` goes with `offer`; leave it out");
        }

        return verbs[0] switch
        {
            "tag" => One(Tag(fields, names, schema)),
            "score" => Scores(fields, names),
            "stage" => One(Stage(fields, names)),
            "trigger" => One(Trigger(fields)),
            "offer" => One(Offer(fields, names)),
            _ => Attributes(fields, names),
        };
    }

    private static IEnumerable<RuleEffect> One(RuleEffect? effect) => effect is null ? [] : [effect];

    private static RuleEffect.Tag? Tag(Fields outer, Declarations names, ExpressionSchema<Facts> schema)
    {
        if (Fields.Of(outer["tag"]!, outer.PathOf("tag"), TagKeys, outer.Mistakes) is not { } fields
            || fields.Require("name") is not { } node
            || Literals.Text(node, fields.PathOf("name"), fields.Mistakes) is not { } name)
        {
            return null;
        }

        Names.Check((WrittenNode.Scalar)node, fields.PathOf("name"), NameRule.Id, fields.Mistakes);
        return new RuleEffect.Tag(
            name,
            Level(fields, name, names),
            fields.Duration("expires"),
            Conditions.Expression(fields["evidence"], fields.PathOf("evidence"), schema, CelType.Nullable(CelType.String), fields.Mistakes));
    }

    private static string Level(Fields fields, string tag, Declarations names)
    {
        var level = fields.Text("level") ?? "";
        if (names.TagLevels.TryGetValue(tag, out var levels) && !levels.Contains(level))
        {
            var place = fields["level"] is { } node ? node.Place : fields.Place;
            fields.Mistakes.Add(place, fields.PathOf("level"), level.Length == 0
                ? $"the tag `{tag}` has levels; give one of {Cures.List(levels)}"
                : $"`{Shape.Short(level)}` is not a level of the tag `{tag}`{Cures.For(level, levels, $"; write one of {Cures.List(levels)}, or add it under `tags`")}");
        }

        return level;
    }

    private static RuleEffect.Stage? Stage(Fields outer, Declarations names)
    {
        var path = outer.PathOf("stage");
        var fields = outer["stage"] is WrittenNode.Mapping mapping ? Fields.Of(mapping, path, StageKeys, outer.Mistakes) : null;
        var node = fields is null ? outer["stage"] : fields.Require("leave");
        return References.One(node, fields is null ? path : fields.PathOf("leave"), "stage", names.Stages, "declare it under `journey`", names, outer.Mistakes) is { } stage
            ? new RuleEffect.Stage(names.Stages.IndexOf(stage), Enters: fields is null)
            : null;
    }

    private static RuleEffect.Trigger? Trigger(Fields fields) =>
        fields.Text("trigger") is { } name && Names.Check((WrittenNode.Scalar)fields["trigger"]!, fields.PathOf("trigger"), NameRule.Id, fields.Mistakes)
            ? new RuleEffect.Trigger(name)
            : null;

    private static IEnumerable<RuleEffect> Scores(Fields outer, Declarations names)
    {
        var path = outer.PathOf("score");
        foreach (var entry in Shape.Mapping(outer["score"]!, path, "the points", outer.Mistakes)?.Entries ?? [])
        {
            var add = Literals.Number(entry.Value, $"{path}.{entry.Name}", outer.Mistakes, -PointsMax, PointsMax);
            if (References.One(entry.Key, path, "score", names.Scores, "declare it under `scores`", names, outer.Mistakes) is { } score && add is { } points)
            {
                yield return new RuleEffect.Score(names.Scores.IndexOf(score), points);
            }
        }
    }

    private static RuleEffect.Offer? Offer(Fields fields, Declarations names)
    {
        var action = References.One(fields["offer"], fields.PathOf("offer"), "action", names.ActionIndex.Keys, "declare it under `issues`", names, fields.Mistakes);
        var weight = fields.Factor("weight") ?? OfferWeight;
        return action is null ? null : new RuleEffect.Offer(names.ActionIndex[action], weight);
    }

    private static IEnumerable<RuleEffect> Attributes(Fields outer, Declarations names)
    {
        var path = outer.PathOf("attribute");
        foreach (var entry in Shape.Mapping(outer["attribute"]!, path, "the attributes", outer.Mistakes)?.Entries ?? [])
        {
            var known = References.One(entry.Key, path, "attribute", names.Profile.Select(attribute => attribute.Name), "declare it under `profile`", names, outer.Mistakes);
            if (known is not null && Value(entry.Value, $"{path}.{known}", names.Profile.First(attribute => attribute.Name == known), outer.Mistakes) is { } value)
            {
                yield return new RuleEffect.Attribute(known, value);
            }
        }
    }

    private static Value? Value(WrittenNode node, string path, PropertyType attribute, Mistakes mistakes)
    {
        var type = attribute.Type is CelType.NullableOf nullable ? nullable.Inner : attribute.Type;
        if (type == CelType.Bool)
        {
            return Literals.Flag(node, path, mistakes) is { } flag ? Values.Value.Of(flag) : null;
        }

        if (type == CelType.Timestamp)
        {
            return Dates.Instant(node, path, mistakes, DateTimeZone.Utc, lastDay: false) is { } instant ? Values.Value.Of(instant) : null;
        }

        if (type == CelType.Int)
        {
            return Literals.Whole(node, path, mistakes, (int)Math.Max(attribute.Min ?? int.MinValue, int.MinValue), (int)Math.Min(attribute.Max ?? int.MaxValue, int.MaxValue)) is { } whole
                ? Values.Value.Of((long)whole)
                : null;
        }

        if (type == CelType.Double)
        {
            return Literals.Number(node, path, mistakes, attribute.Min ?? double.MinValue, attribute.Max ?? double.MaxValue) is { } number ? Values.Value.Of(number) : null;
        }

        if (Literals.Text(node, path, mistakes) is not { } text)
        {
            return null;
        }

        if (attribute.Values.Length > 0 && !attribute.Values.Contains(text))
        {
            mistakes.Add(node.Place, path, $"`{Shape.Short(text)}` is not a value of `{attribute.Name}`{Cures.For(text, attribute.Values, $"; write one of {Cures.List(attribute.Values)}")}");
            return null;
        }

        return Values.Value.Of(text);
    }
}
