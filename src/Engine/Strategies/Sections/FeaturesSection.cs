using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Features;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>The section <c>features</c>.</summary>
internal static class FeaturesSection
{
    private static readonly ImmutableArray<string> Verbs = ["count", "sum", "last", "first", "recency", "distinct"];

    public static KeyTable Keys { get; } = new(
        "a feature",
        new("count", Take.Events, "How many such events there were."),
        new("sum", Take.Expression("number"), "The sum of a number over the events named by `of`."),
        new("last", Take.AnyOf(Take.Events, Take.Expression("value")), "When the last such event happened; with `of` the value at it."),
        new("first", Take.AnyOf(Take.Events, Take.Expression("value")), "When the first such event happened; with `of` the value at it."),
        new("recency", Take.Events, "How long ago the last such event happened."),
        new("distinct", Take.Expression("value"), "How many different values there were."),
        new("of", Take.Events, "The events of a value."),
        new("where", Take.Condition, "Which of the events count."),
        new("within", Take.Duration(minutes: 1), "Only events of the last so long."))
    {
        ExactlyOne = Verbs,
    };

    /// <summary>Features by slot; null where one has a mistake.</summary>
    public static ImmutableArray<(string Name, Feature? Feature)> Compile(WrittenNode? node, Declarations names, StrategySchema schema, Mistakes mistakes) =>
        [.. Shape.Named(node, "features", "the features", Limits.FeaturesMax, NameRule.Identifier, mistakes)
            .Select((entry, slot) => (entry.Name, CompileOne(entry, slot, names, schema, mistakes)))];

    public static FrozenDictionary<string, ImmutableArray<int>> ByEvent(ImmutableArray<Feature> features, Declarations names) => names.Events.Keys
        .ToFrozenDictionary(
            name => name,
            name => features.Where(feature => feature.Events.IsEmpty || feature.Events.Contains(name)).Select(feature => feature.Slot).ToImmutableArray(),
            StringComparer.Ordinal);

    private static Feature? CompileOne(WrittenEntry entry, int slot, Declarations names, StrategySchema schema, Mistakes mistakes)
    {
        var path = $"features.{entry.Name}";
        if (Fields.Of(entry.Value, path, Keys, mistakes) is not { } fields)
        {
            return null;
        }

        var verbs = Verbs.Where(fields.Has).ToList();
        if (verbs.Count == 0 && fields.IsIncomplete)
        {
            return null;
        }

        if (verbs.Count != 1)
        {
            mistakes.Add(verbs.Count == 0 ? FindingRules.MissingKey : FindingRules.BadValue, verbs.Count == 0 ? entry.Key.Place : fields.PlaceOf(verbs[1]), path, verbs.Count == 0
                ? $"a feature needs one of {Cures.List(Verbs)}"
                : $"a feature has one of {Cures.List(Verbs)}, but this one has `{verbs[0]}` and `{verbs[1]}`; make them two features");
            return null;
        }

        return CompileVerb(fields, verbs[0], entry.Name, slot, names, schema);
    }

    private static Feature? CompileVerb(Fields fields, string verb, string name, int slot, Declarations names, StrategySchema schema)
    {
        var mistakes = fields.Mistakes;
        var takesValue = verb is "sum" or "distinct" || (verb is "last" or "first" && fields.Has("of"));
        if (!takesValue && fields.Has("of"))
        {
            mistakes.Add(fields.PlaceOf("of"), fields.PathOf("of"), $"`{verb}` names its events itself; leave `of` out");
        }

        var eventsKey = takesValue ? "of" : verb;
        var eventsNode = fields.Require(eventsKey, $"`{verb}` takes a value of events; name them, such as `of: Order Completed`, or `of: any`");
        var events = eventsNode is null ? null : References.Events(eventsNode, fields.PathOf(eventsKey), names, mistakes);
        var within = fields.Duration("within");

        // With a mistake in the events, conditions are still checked, against all events.
        var eventSchema = schema.OfFeature(events ?? []);
        var where = Conditions.Compile(fields["where"], fields.PathOf("where"), eventSchema, mistakes);
        var of = takesValue ? ValueOf(fields[verb], fields.PathOf(verb), verb, eventSchema, mistakes) : null;
        if (events is not { } looksAt || (takesValue && of is null) || (fields.Has("where") && where is null) || (fields.Has("within") && within is null))
        {
            return null;
        }

        var (kind, type) = KindOf(verb, of?.Type);
        return new Feature(slot, name, KeyOf(kind, looksAt, where, of, within), kind, looksAt, where, of, within, type);
    }

    private static CompiledExpression<Facts>? ValueOf(WrittenNode? node, string path, string verb, ExpressionSchema<Facts> schema, Mistakes mistakes)
    {
        if (verb != "sum")
        {
            return Conditions.Expression(node, path, schema, CelType.Dyn, mistakes);
        }

        var value = Conditions.Expression(node, path, schema, CelType.Dyn, mistakes);
        var type = value?.Type is CelType.NullableOf nullable ? nullable.Inner : value?.Type;
        if (value is null || type == CelType.Double || type == CelType.Dyn)
        {
            return value is null ? null : Conditions.Expression(node, path, schema, CelType.Double, mistakes);
        }

        if (type == CelType.Int || type == CelType.UInt)
        {
            // A sum is a double whatever it adds up.
            return ExpressionCompiler.Compile($"double({value.Text})", schema, CelType.Double).Expression;
        }

        mistakes.Add(FindingRules.Type, node!.Place, path, $"`sum` adds numbers, but this is of type {type}; use `count`, or `distinct`");
        return null;
    }

    private static (FeatureKind Kind, CelType Type) KindOf(string verb, CelType? value) => (verb, value) switch
    {
        ("count", _) => (FeatureKind.Count, CelType.Int),
        ("sum", _) => (FeatureKind.Sum, CelType.Double),
        ("distinct", _) => (FeatureKind.Distinct, CelType.Int),
        ("recency", _) => (FeatureKind.Recency, CelType.Nullable(CelType.Duration)),
        ("last", null) => (FeatureKind.Last, CelType.Nullable(CelType.Timestamp)),
        ("first", null) => (FeatureKind.First, CelType.Nullable(CelType.Timestamp)),
        ("last", _) => (FeatureKind.LastValue, KeptType(value)),
        _ => (FeatureKind.FirstValue, KeptType(value!)),
    };

    /// <summary>Only types that facts can read as such; anything else is looked at when it is read.</summary>
    private static CelType KeptType(CelType value)
    {
        var plain = value is CelType.NullableOf nullable ? nullable.Inner : value;
        return plain == CelType.Int || plain == CelType.Double || plain == CelType.String || plain == CelType.Bool || plain == CelType.Timestamp || plain == CelType.Duration
            ? CelType.Nullable(plain)
            : CelType.Dyn;
    }

    /// <summary>
    /// The first 8 bytes of the SHA-256 over everything that decides what is in the cell: neither the feature's name nor its slot.
    /// Stored with customers: never change it.
    /// </summary>
    private static ulong KeyOf(FeatureKind kind, ImmutableArray<string> events, Condition? where, CompiledExpression<Facts>? of, TimeSpan? within)
    {
        var text = string.Join('\n', [
            ((int)kind).ToString(), string.Join('\u001f', events), Normal(where?.Expression.Text), Normal(of?.Text), within?.Ticks.ToString() ?? "",
        ]);
        return BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static string Normal(string? expression) => expression is null ? "" : expression.Trim().ReplaceLineEndings(" ");
}
