using System.Collections.Immutable;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>The section <c>rules</c>.</summary>
internal static class RulesSection
{
    private static readonly ImmutableArray<(string Key, LayerKind Kind)> Layers =
    [
        ("behaviour", LayerKind.Behaviour), ("order", LayerKind.Order), ("device", LayerKind.Device), ("time", LayerKind.Time), ("profile", LayerKind.Profile),
    ];

    public static KeyTable Keys { get; } = new(
        "a rule",
        new("id", Take.Id, "Its name: reasons give it.", "give the rule an id that reasons can name, such as `id: win-back`"),
        new("on", Take.AnyOf(Take.Event, Take.ListOf(Take.Event, Limits.EventsPerFeatureMax)), "The events it is for: it acts at each of them at which its layers hold."),
        new("behaviour", Take.Condition, "What the customer did."),
        new("order", Take.Condition, "What the customer bought."),
        new("device", Take.Condition, "On what device the customer is."),
        new("time", Take.Condition, "When it is."),
        new("profile", Take.Condition, "Who the customer is."),
        new("then", Take.ListOf(Take.Keys(RuleEffects.Keys), Limits.EffectsPerRuleMax), "What the rule does.", "write what the rule does, such as `then: [ { score: { lead: 5 } } ]`"))
    {
        AtLeastOne = ["on", .. Layers.Select(layer => layer.Key)],
    };

    public static ImmutableArray<Rule> Compile(WrittenNode? node, Declarations names, StrategySchema schema, ImmutableArray<Segment> segments, Mistakes mistakes)
    {
        var eventSchema = schema.OfEvent([]);
        var schemas = new SchemasByEvents(schema);
        ImmutableArray<string> known = [.. names.Events.Keys, .. names.Transitions.Keys];
        var reads = new TransitiveReads(segments);
        var ids = new Dictionary<string, Place>(StringComparer.Ordinal);
        var rules = ImmutableArray.CreateBuilder<Rule>();
        foreach (var (index, item) in Shape.Items(node, "rules", "the rules", Limits.RulesMax, mistakes).Index())
        {
            if (Fields.Of(item, $"rules[{index + 1}]", Keys, mistakes) is not { } fields || IdOf(fields, ids) is not { } id)
            {
                continue;
            }

            var path = id == fields.Path ? id : $"rules.{id}";
            var on = fields["on"] is { } onNode ? References.Events(onNode, $"{path}.on", known, names, mistakes) ?? [] : [];
            var ruleSchema = on.IsEmpty ? eventSchema : schemas.Of(on);
            var layers = Layers
                .Select(layer => (layer.Kind, When: Conditions.Compile(fields[layer.Key], $"{path}.{layer.Key}", ruleSchema, mistakes)))
                .Where(layer => layer.When is not null)
                .Select(layer => new Layer(layer.Kind, layer.When!))
                .ToImmutableArray();
            if (!fields.Has("on") && !Layers.Any(layer => fields.Has(layer.Key)) && !fields.IsIncomplete)
            {
                mistakes.Add(FindingRules.MissingKey, fields.Place, path, $"the rule has no condition; give it at least one of {Cures.List(Layers.Select(layer => layer.Key))}");
            }

            var then = RuleEffects.Read(fields.Require("then"), path, names, ruleSchema, mistakes);
            rules.Add(new Rule(index, id, layers, then, reads.Of(layers)) { On = on });
        }

        return rules.ToImmutable();
    }

    private static string? IdOf(Fields fields, Dictionary<string, Place> ids)
    {
        if (fields.Require("id") is not { } node)
        {
            // Its other mistakes are worth knowing too.
            return fields.Path;
        }

        if (node is not WrittenNode.Scalar scalar)
        {
            Literals.Text(node, fields.PathOf("id"), fields.Mistakes);
            return null;
        }

        if (!ids.TryAdd(scalar.Text, scalar.Place))
        {
            var first = ids[scalar.Text];
            fields.Mistakes.Add(FindingRules.DuplicateId, scalar.Place, $"rules.{scalar.Text}", $"the id `{Shape.Short(scalar.Text)}` is taken; the rule at {first.File}:{first.Line} has it");
        }

        return Names.Check(scalar, fields.PathOf("id"), NameRule.Id, fields.Mistakes) ? scalar.Text : fields.Path;
    }

    /// <summary>Many rules are for the same events; a schema of many names is not made anew for each.</summary>
    private sealed class SchemasByEvents(StrategySchema schema)
    {
        private readonly Dictionary<string, ExpressionSchema<Facts>> _known = new(StringComparer.Ordinal);

        public ExpressionSchema<Facts> Of(ImmutableArray<string> events)
        {
            var key = string.Join('\n', events);
            if (!_known.TryGetValue(key, out var made))
            {
                _known[key] = made = schema.OfEvent(events);
            }

            return made;
        }
    }

    /// <summary>What conditions read, and what the segments among it read in turn.</summary>
    private sealed class TransitiveReads(ImmutableArray<Segment> segments)
    {
        private readonly Dictionary<string, ImmutableArray<string>> _bySegment = BySegment(segments);

        public ImmutableArray<string> Of(ImmutableArray<Layer> layers) => With(layers.SelectMany(layer => ReadsOf(layer.When)), _bySegment);

        // Each segment only refers to earlier ones.
        private static Dictionary<string, ImmutableArray<string>> BySegment(ImmutableArray<Segment> segments)
        {
            var known = new Dictionary<string, ImmutableArray<string>>(StringComparer.Ordinal);
            foreach (var segment in segments)
            {
                known[$"segments.{segment.Name}"] = With(ReadsOf(segment.When), known);
            }

            return known;
        }

        /// <summary>Functions, such as <c>age</c>, look at the instant.</summary>
        private static IEnumerable<string> ReadsOf(Condition condition) =>
            condition.Expression.Calls.IsEmpty ? condition.Expression.Reads : condition.Expression.Reads.Append("now");

        private static ImmutableArray<string> With(IEnumerable<string> reads, Dictionary<string, ImmutableArray<string>> known) =>
            [.. reads.SelectMany(read => known.TryGetValue(read, out var more) ? more.Prepend(read) : [read]).Distinct(StringComparer.Ordinal)];
    }
}
