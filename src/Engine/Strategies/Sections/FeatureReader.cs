using System.Collections.Immutable;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Features;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>
/// Reads features. What several of them say alike (the same condition or value over the same events) is compiled once, and is
/// therefore evaluated once per event.
/// </summary>
internal sealed class FeatureReader(Declarations names, StrategySchema schema)
{
    private static readonly TimeSpan GapDefault = TimeSpan.FromMinutes(30);

    private readonly Dictionary<string, ExpressionSchema<Facts>> _schemas = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Events, string Text, CelType Type), CompiledExpression<Facts>> _expressions = [];
    private readonly Dictionary<CompiledExpression<Facts>, Condition> _conditions = [];

    /// <summary>The names there are.</summary>
    public Declarations Names => names;

    /// <summary>A feature; null after a mistake.</summary>
    public Feature? Read(Fields fields, string verb, string name, int slot)
    {
        RefuseStrangers(fields, verb);
        if (verb == "sequence")
        {
            return SequenceReader.Read(fields, this) is { } sequence
                ? FeatureKeys.WithKey(new Feature(slot, name, 0, FeatureKind.Sequence, sequence.Events, null, null, sequence.Within, CelType.Bool) { Sequence = sequence })
                : null;
        }

        var takesValue = TakesValue(fields, verb);
        var eventsKey = takesValue ? "of" : verb;
        var eventsNode = fields.Require(eventsKey, $"`{verb}` takes a value of events; name them, such as `of: Order Completed`, or `of: any`");
        var events = eventsNode is null ? null : References.Events(eventsNode, fields.PathOf(eventsKey), names, fields.Mistakes);
        var within = fields.Duration("within");
        var gap = fields.Duration("gap");
        var unit = fields.Word("in") switch
        {
            "days" => TimeSpan.FromDays(1),
            "hours" => TimeSpan.FromHours(1),
            "minutes" => TimeSpan.FromMinutes(1),
            _ => (TimeSpan?)null,
        };
        var bands = fields.Has("bands") ? BandReader.Read(fields, verb) : [];
        var needsWindow = verb == "trend" && fields.Require("within", "a trend compares a window with the one before it, such as `within: 7d`") is null;

        // With a mistake in the events, conditions are still checked, against all events.
        var where = Condition(fields["where"], fields.PathOf("where"), events ?? [], fields.Mistakes);
        var of = takesValue ? ValueOf(fields[verb], fields.PathOf(verb), verb, events ?? [], fields.Mistakes) : null;
        if (events is not { } looksAt || needsWindow || (takesValue && of is null)
            || IsBroken(fields, "where", where) || IsBroken(fields, "within", within) || IsBroken(fields, "gap", gap)
            || IsBroken(fields, "in", unit) || bands is not { } bounds)
        {
            return null;
        }

        var (kind, type) = KindOf(verb, of?.Type);
        var plain = type is CelType.NullableOf nullable ? nullable.Inner : type;
        if (!bounds.IsEmpty && kind != FeatureKind.Recency && plain != CelType.Int && plain != CelType.Double && plain != CelType.Dyn)
        {
            fields.Mistakes.Add(FindingRules.Type, fields.PlaceOf("bands"), fields.PathOf("bands"), $"`bands` are for numbers and for `recency`, but this feature is of type {type}; leave them out");
            return null;
        }

        if (!bounds.IsEmpty && unit is not null)
        {
            fields.Mistakes.Add(fields.PlaceOf("in"), fields.PathOf("in"), "`bands` make a score of the recency, which has no unit; leave `in` out, or `bands`");
            return null;
        }

        type = !bounds.IsEmpty ? CelType.Int : unit is null ? type : CelType.Nullable(CelType.Int);
        return FeatureKeys.WithKey(new Feature(slot, name, 0, kind, looksAt, where, of, within, type)
        {
            Gap = verb == "sessions" ? gap ?? GapDefault : default,
            Unit = unit,
            Bands = bounds,
        });
    }

    /// <summary>A condition on events; null when it is not there or has a mistake, which is then reported.</summary>
    public Condition? Condition(WrittenNode? node, string path, ImmutableArray<string> events, Mistakes mistakes)
    {
        if (Compiled(node, path, events, CelType.Bool, mistakes) is not { } expression)
        {
            return null;
        }

        if (!_conditions.TryGetValue(expression, out var condition))
        {
            _conditions[expression] = condition = new(path, expression);
        }

        return condition;
    }

    /// <summary>Two conditions that must hold both, on events.</summary>
    public Condition? Both(Condition? one, Condition? other, ImmutableArray<string> events)
    {
        if (one is null || other is null)
        {
            return one ?? other;
        }

        // Each is right by itself, and conditions join to one.
        var text = $"({one.Expression.Text}) && ({other.Expression.Text})";
        return ExpressionCompiler.Compile(text, SchemaOf(events), CelType.Bool).Expression is { } both ? new Condition(other.Path, both) : null;
    }

    private static bool IsBroken(Fields fields, string key, object? value) => fields.Has(key) && value is null;

    private static bool TakesValue(Fields fields, string verb) => verb switch
    {
        "sum" or "avg" or "min" or "max" or "distinct" or "top" => true,
        "last" or "first" or "trend" => fields.Has("of"),
        _ => false,
    };

    private static void RefuseStrangers(Fields fields, string verb)
    {
        if (!TakesValue(fields, verb))
        {
            Refuse("of", $"`{verb}` names its events itself; leave `of` out");
        }

        foreach (var (key, owner) in (ReadOnlySpan<(string, string)>)[("without", "sequence"), ("for", "sequence"), ("gap", "sessions"), ("in", "recency")])
        {
            if (verb != owner)
            {
                Refuse(key, $"`{key}` goes with `{owner}`, not with `{verb}`; leave it out");
            }
        }

        if (verb == "sequence")
        {
            Refuse("bands", $"`bands` are for numbers and for `recency`, not for `{verb}`; leave them out");
        }

        void Refuse(string key, string message)
        {
            if (fields.Has(key))
            {
                fields.Mistakes.Add(fields.PlaceOf(key), fields.PathOf(key), message);
            }
        }
    }

    private CompiledExpression<Facts>? ValueOf(WrittenNode? node, string path, string verb, ImmutableArray<string> events, Mistakes mistakes)
    {
        var value = Compiled(node, path, events, CelType.Dyn, mistakes);
        var type = value?.Type is CelType.NullableOf nullable ? nullable.Inner : value?.Type;
        if (value is null || verb is "distinct" or "last" or "first" or "top")
        {
            return value;
        }

        var isNumber = type == CelType.Double || type == CelType.Int || type == CelType.UInt;
        if (verb is "min" or "max")
        {
            if (isNumber || type == CelType.Timestamp || type == CelType.Duration || type == CelType.Dyn)
            {
                return value;
            }

            mistakes.Add(FindingRules.Type, node!.Place, path, $"`{verb}` compares numbers, timestamps and durations, but this is of type {type}; use `distinct`, `first` or `last`");
            return null;
        }

        if (type == CelType.Double || type == CelType.Dyn)
        {
            return Compiled(node, path, events, CelType.Double, mistakes);
        }

        if (isNumber)
        {
            // A sum is a double whatever it adds up.
            return Compiled($"double({value.Text})", events, CelType.Double);
        }

        mistakes.Add(FindingRules.Type, node!.Place, path, $"`{verb}` adds numbers, but this is of type {type}; use `count`, or `distinct`");
        return null;
    }

    private CompiledExpression<Facts>? Compiled(WrittenNode? node, string path, ImmutableArray<string> events, CelType type, Mistakes mistakes)
    {
        var key = (KeyOf(events), node is WrittenNode.Scalar scalar ? scalar.Text : "", type);
        if (_expressions.TryGetValue(key, out var known))
        {
            return known;
        }

        var expression = Conditions.Expression(node, path, SchemaOf(events), type, mistakes);
        if (expression is not null)
        {
            _expressions[key] = expression;
        }

        return expression;
    }

    private CompiledExpression<Facts>? Compiled(string text, ImmutableArray<string> events, CelType type)
    {
        var key = (KeyOf(events), text, type);
        if (!_expressions.TryGetValue(key, out var known) && ExpressionCompiler.Compile(text, SchemaOf(events), type).Expression is { } expression)
        {
            _expressions[key] = known = expression;
        }

        return known;
    }

    private ExpressionSchema<Facts> SchemaOf(ImmutableArray<string> events)
    {
        var key = KeyOf(events);
        if (!_schemas.TryGetValue(key, out var known))
        {
            _schemas[key] = known = schema.OfFeature(events);
        }

        return known;
    }

    private static string KeyOf(ImmutableArray<string> events) => string.Join('\n', events);

    private static (FeatureKind Kind, CelType Type) KindOf(string verb, CelType? value) => (verb, value) switch
    {
        ("count", _) => (FeatureKind.Count, CelType.Int),
        ("sum", _) => (FeatureKind.Sum, CelType.Double),
        ("avg", _) => (FeatureKind.Average, CelType.Nullable(CelType.Double)),
        ("min", _) => (FeatureKind.Min, CelType.Nullable(OrderedValue.TypeOf(value!))),
        ("max", _) => (FeatureKind.Max, CelType.Nullable(OrderedValue.TypeOf(value!))),
        ("distinct", _) => (FeatureKind.Distinct, CelType.Int),
        ("sessions", _) => (FeatureKind.Sessions, CelType.Int),
        ("recency", _) => (FeatureKind.Recency, CelType.Nullable(CelType.Duration)),
        ("trend", null) => (FeatureKind.CountTrend, CelType.Nullable(CelType.Double)),
        ("trend", _) => (FeatureKind.SumTrend, CelType.Nullable(CelType.Double)),
        ("top", _) => (FeatureKind.Top, KeptType(value!)),
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
}
