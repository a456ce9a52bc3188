using System.Collections.Immutable;
using Decisioning.Engine.Expressions.Runtime;
using Decisioning.Engine.Expressions.Syntax;

namespace Decisioning.Engine.Expressions.Checking;

/// <summary>
/// Resolves names and types of a syntax tree and makes every conversion explicit. Collects all errors; after one the part at fault
/// goes on as dyn, so that one mistake is told once.
/// </summary>
internal sealed partial class Checker(string text, SchemaTables schema, ExpressionOptions options)
{
    private readonly List<ExpressionError> _errors = [];
    private readonly List<Reading> _readings = [];
    private readonly List<string> _calls = [];
    private readonly List<LocalVariable> _locals = [];

    private bool IsStrict => options.RefuseConstantConditions && !options.Unchecked;

    /// <summary>Every variable and resolver reading met, each once, in order.</summary>
    public ImmutableArray<Reading> Readings => [.. _readings];

    /// <summary>The declared functions met, each once, in order.</summary>
    public ImmutableArray<string> Calls => [.. _calls];

    /// <summary>The errors, by place.</summary>
    public ImmutableArray<ExpressionError> Errors => [.. _errors.OrderBy(error => error.Line).ThenBy(error => error.Column).Distinct().Take(ExpressionLimits.ErrorsMax)];

    /// <summary>Checks a whole expression and brings its result into the expected type.</summary>
    public Bound CheckResult(Node node, CelType expected)
    {
        var bound = Check(node);
        if (TypeRules.Accepts(bound.Type, expected))
        {
            // Where any type will do, the expression keeps its own.
            return expected == CelType.Dyn ? bound : Coerce(bound, expected);
        }

        var cure = expected == CelType.Bool && bound.Type.WithoutNull() is var type
            ? type.IsNumber() ? $"; compare it, as in `{Shown(node)} > 0`"
                : type == CelType.String ? $"; compare it, as in `{Shown(node)} == \"…\"`"
                : ""
            : expected == CelType.Double && bound.Type.WithoutNull().IsNumber() ? Cures.ToDouble(node, text)
            : expected == CelType.Int && bound.Type.WithoutNull().IsNumber() ? $"; write `int({Shown(node)})`"
            : "";
        return Refuse(node.At, $"this is {bound.Type.WithArticle()}, but {expected.WithArticle()} is wanted here{cure}");
    }

    private Bound Check(Node node) => node switch
    {
        Literal literal => CheckLiteral(literal),
        Name or Select => CheckPath(node),
        IndexOf index => CheckIndex(index),
        CallOf call => CheckCall(call),
        Unary unary => CheckUnary(unary),
        Binary binary => CheckBinary(binary),
        Conditional conditional => CheckConditional(conditional),
        ListLiteral list => CheckList(list),
        MapLiteral map => CheckMap(map),
        _ => throw new InvalidOperationException($"a node of kind {node.GetType().Name} has no check"),
    };

    private Constant CheckLiteral(Literal literal) =>
        new(literal.Value, options.Unchecked ? CelType.Dyn : TypeRules.TypeOf(literal.Value.Kind), literal.At);

    private Bound CheckConditional(Conditional node)
    {
        var condition = CheckBool(node.Condition, "the condition before `?`");
        var (then, otherwise) = (Check(node.Then), Check(node.Else));
        if (TypeRules.Join(then.Type, otherwise.Type) is not { } type)
        {
            var cure = then.Type.WithoutNull().IsNumber() && otherwise.Type.WithoutNull().IsNumber() ? "; make both double: `2.0` or `double(…)`" : "";
            return Refuse(node.At, $"`? :` gives {then.Type.WithArticle()} or {otherwise.Type.WithArticle()}; both sides want one type{cure}");
        }

        return new Choice(condition, Coerce(then, type), Coerce(otherwise, type), type, node.At);
    }

    private Bound CheckList(ListLiteral node)
    {
        var items = node.Items.Select(Check).ToList();
        var type = options.Unchecked ? CelType.Dyn : TypeRules.Settled(CelType.List(ElementOf(items)));
        return items.TrueForAll(item => item is Constant)
            ? new Constant(Dyn.Of(CelList.Of(items.ConvertAll(item => ((Constant)item).Value))), type, node.At)
            : new ListBuilding([.. items.Select(item => Coerce(item, CelType.Dyn))], type, node.At);
    }

    private static CelType ElementOf(IEnumerable<Bound> items) => items.Select(LiteralType).Aggregate(TypeRules.Open, (a, b) => TypeRules.Join(a, b) ?? CelType.Dyn);

    // The type of a list that is written out leaves open what an empty one holds.
    private static CelType LiteralType(Bound bound) => bound switch
    {
        Converted converted => LiteralType(converted.Inner),
        Constant { Value: { Kind: DynKind.List, List: var list } } => CelType.List(ElementOf(Enumerable.Range(0, list.Count).Select(i => new Constant(list[i], TypeRules.TypeOf(list[i].Kind), bound.At)))),
        ListBuilding list => CelType.List(ElementOf(list.Items)),
        _ => bound.Type,
    };

    private MapBuilding CheckMap(MapLiteral node)
    {
        var entries = node.Entries.Select(entry => (Key: Check(entry.Key), Value: Check(entry.Value))).ToList();
        foreach (var (key, _) in entries)
        {
            if (!IsKey(key.Type))
            {
                Refuse(key.At, $"a key of a map is a string, an int, a uint or a bool, not {key.Type.WithArticle()}");
            }
        }

        var keyType = entries.Count == 0 ? CelType.Dyn : entries.Select(entry => entry.Key.Type).Aggregate((a, b) => TypeRules.Join(a, b) ?? CelType.Dyn);
        var valueType = entries.Count == 0 ? CelType.Dyn : entries.Select(entry => entry.Value.Type).Aggregate((a, b) => TypeRules.Join(a, b) ?? CelType.Dyn);
        return new MapBuilding(
            [.. entries.Select(entry => (Coerce(entry.Key, CelType.Dyn), Coerce(entry.Value, CelType.Dyn)))],
            options.Unchecked ? CelType.Dyn : CelType.Map(keyType, valueType),
            node.At);
    }

    private static bool IsKey(CelType type) => type == CelType.Dyn || type == CelType.String || type == CelType.Int || type == CelType.UInt || type == CelType.Bool;

    private Bound CheckBool(Node node, string what)
    {
        var bound = Check(node);
        if (TypeRules.Accepts(bound.Type, CelType.Bool))
        {
            return Coerce(bound, CelType.Bool);
        }

        var cure = bound.Type.WithoutNull().IsNumber() ? $"; compare it, as in `{Shown(node)} > 0`" : bound.Type.WithoutNull() == CelType.String ? $"; compare it, as in `{Shown(node)} == \"…\"`" : "";
        return Coerce(Refuse(node.At, $"{what} wants a bool, but `{Shown(node)}` is {bound.Type.WithArticle()}{cure}"), CelType.Bool);
    }

    /// <summary>The value in another type that it fits or, being dyn, may have.</summary>
    private static Bound Coerce(Bound bound, CelType to)
    {
        if (bound.Type == to)
        {
            return bound;
        }

        return bound is Constant constant && (to == CelType.Dyn || (TypeRules.KindOf(to) == constant.Value.Kind && constant.Value.Kind is not (DynKind.List or DynKind.Map)))
            ? constant with { Type = to }
            : new Converted(bound, to, bound.At);
    }

    /// <summary>Records an error; unchecked, it becomes an evaluation error.</summary>
    private Failing Refuse(Span at, string message, Fault fault = Fault.WrongType, ExpressionErrorKind kind = ExpressionErrorKind.Type)
    {
        if (!options.Unchecked)
        {
            _errors.Add(at.Error(text, message) with { Kind = fault == Fault.UnknownName ? ExpressionErrorKind.UnknownName : kind });
        }

        return new Failing(fault, at);
    }

    /// <summary>Records a condition, or a part of one, that is the same for everyone.</summary>
    private Failing RefuseConstant(Span at, string message) => Refuse(at, message, kind: ExpressionErrorKind.Constant);

    private string Shown(Node node) => Cures.Shorten(node.At.Of(text));
}
