using Decisioning.Engine.Expressions.Runtime;
using Decisioning.Engine.Expressions.Syntax;

namespace Decisioning.Engine.Expressions.Checking;

/// <summary>Operators.</summary>
internal sealed partial class Checker
{
    private Bound CheckUnary(Unary node)
    {
        if (node.Operator == Operator.Not)
        {
            return new Negation(CheckBool(node.Operand, "`!`"), node.At);
        }

        var operand = Check(node.Operand);
        return Resolve("-", StandardLibrary.Find("-", CallStyle.Operator), [operand], node.At)
            ?? Refuse(node.At, $"`-` wants a number, but `{Shown(node.Operand)}` is {operand.Type.WithArticle()}");
    }

    private Bound CheckBinary(Binary node)
    {
        if (node.Operator is Operator.And or Operator.Or)
        {
            var what = $"`{node.Operator.Symbol()}`";
            return new Logical(node.Operator == Operator.And, CheckBool(node.Left, what), CheckBool(node.Right, what), node.At);
        }

        var (left, right) = (Check(node.Left), Check(node.Right));
        return node.Operator switch
        {
            Operator.Equal or Operator.NotEqual => CheckEquality(node, left, right),
            Operator.In => CheckIn(node, left, right),
            _ when node.Operator.IsOrdering() => CheckOrdering(node, left, right),
            _ => CheckArithmetic(node, left, right),
        };
    }

    private Bound CheckArithmetic(Binary node, Bound left, Bound right)
    {
        var symbol = node.Operator.Symbol();
        if (Resolve(symbol, StandardLibrary.Find(symbol, CallStyle.Operator), [left, right], node.At) is { } resolved)
        {
            return resolved is Invocation { Type: CelType.ListOf } joined
                ? joined with { Type = TypeRules.Join(left.Type.WithoutNull(), right.Type.WithoutNull()) ?? joined.Type }
                : resolved;
        }

        var cure = node.Operator == Operator.Modulo && (left.Type.WithoutNull() == CelType.Double || right.Type.WithoutNull() == CelType.Double)
            ? "; `%` is for whole numbers"
            : node.Operator == Operator.Add && (left.Type == CelType.String || right.Type == CelType.String)
                ? $"; write `string({Shown(left.Type == CelType.String ? node.Right : node.Left)})`"
                : Cures.ForMix(node.Left, left.Type, node.Right, right.Type, text);
        return Refuse(node.At, $"`{symbol}` does not take {left.Type.WithArticle()} and {right.Type.WithArticle()}{cure}");
    }

    private Bound CheckOrdering(Binary node, Bound left, Bound right)
    {
        if (RankOf(node.Left, left, right) is { } rankedLeft && RankOf(node.Right, right, left) is { } rankedRight)
        {
            return Judge(node, new Ordering(node.Operator, Coerce(rankedLeft, rankedLeft.Type.WithoutNull()), Coerce(rankedRight, rankedRight.Type.WithoutNull()), node.At));
        }

        var (a, b) = (left.Type.WithoutNull(), right.Type.WithoutNull());
        if (a == CelType.Dyn || b == CelType.Dyn)
        {
            return Judge(node, new Ordering(node.Operator, Coerce(left, CelType.Dyn), Coerce(right, CelType.Dyn), node.At));
        }

        var hasOrder = (a == b && (a is CelType.EnumerationOf || (a is CelType.Scalar && a != CelType.Null && a != CelType.Type))) || (a.IsNumber() && b.IsNumber());
        if (!hasOrder)
        {
            var nullCure = a == CelType.Null || b == CelType.Null ? "; null is compared with `==` and `!=` only" : "";
            var cure = nullCure.Length > 0 ? nullCure : Cures.ForMix(node.Left, left.Type, node.Right, right.Type, text);
            return Refuse(node.At, $"`{node.Operator.Symbol()}` does not compare {left.Type.WithArticle()} with {right.Type.WithArticle()}{cure}");
        }

        return Judge(node, new Ordering(node.Operator, Exactly(Coerce(left, a), b), Exactly(Coerce(right, b), a), node.At));
    }

    // A whole number literal beside a double becomes a double when it is exact: one comparison of one type.
    private static Bound Exactly(Bound bound, CelType other) =>
        other == CelType.Double && bound is Constant { Value: { Kind: DynKind.Int } value } constant && constant.Type == CelType.Int && value.Int is <= 1L << 53 and >= -(1L << 53)
            ? new Constant(Dyn.Of((double)value.Int), CelType.Double, bound.At)
            : bound;

    private Bound CheckEquality(Binary node, Bound left, Bound right)
    {
        if (RankOf(node.Left, left, right) is { } rankedLeft && RankOf(node.Right, right, left) is { } rankedRight)
        {
            return Judge(node, new Equality(node.Operator == Operator.NotEqual, rankedLeft, rankedRight, node.At));
        }

        if (!TypeRules.Comparable(left.Type, right.Type))
        {
            var isNull = left.Type == CelType.Null || right.Type == CelType.Null;
            var message = isNull
                ? $"`{Shown(left.Type == CelType.Null ? node.Right : node.Left)}` is never null"
                : $"`{Shown(node.Left)}` is {left.Type.WithArticle()} and `{Shown(node.Right)}` {right.Type.WithArticle()}: they are never equal{Cures.ForMix(node.Left, left.Type, node.Right, right.Type, text)}";
            return Refuse(node.At, message);
        }

        if (left.Type == CelType.Null != (right.Type == CelType.Null))
        {
            var operand = left.Type == CelType.Null ? right : left;
            return new NullTest(operand, node.Operator == Operator.Equal, node.At);
        }

        return Judge(node, new Equality(node.Operator == Operator.NotEqual, Exactly(left, right.Type), Exactly(right, left.Type), node.At));
    }

    /// <summary>
    /// The side of a comparison with an ordered enumeration: itself, or a text literal as its rank; null when this is no such comparison.
    /// </summary>
    private Bound? RankOf(Node node, Bound side, Bound other)
    {
        if (side.Type.WithoutNull() is CelType.EnumerationOf)
        {
            return other is Constant { Value.Kind: DynKind.String } || other.Type.WithoutNull() == side.Type.WithoutNull() ? side : null;
        }

        if (side is not Constant { Value: { Kind: DynKind.String } value } || other.Type.WithoutNull() is not CelType.EnumerationOf enumeration)
        {
            return null;
        }

        var rank = enumeration.Values.IndexOf(value.String);
        return rank >= 0
            ? new Constant(Dyn.Of((long)rank), enumeration, side.At)
            : Coerce(Refuse(node.At, $"`{value.String}` is no {enumeration.Name}; {enumeration.Name}s are {string.Join(", ", enumeration.Values.Select(one => $"`{one}`"))}", kind: ExpressionErrorKind.UnknownName), enumeration);
    }

    private Bound CheckIn(Binary node, Bound item, Bound range)
    {
        if (node.Left is Unary { Operator: Operator.Not } negated && item.Type == CelType.Bool && range.Type.WithoutNull() is CelType.ListOf { Element: var element } && !TypeRules.Comparable(element, CelType.Bool))
        {
            return Refuse(node.At, $"`!` goes before `in` here; write `!({Shown(negated.Operand)} in {Shown(node.Right)})`");
        }

        switch (range.Type.WithoutNull())
        {
            case CelType.ListOf list when item.Type.WithoutNull() is CelType.EnumerationOf enumeration && list.Element == CelType.String:
                item = Coerce(item, item.Type is CelType.NullableOf ? CelType.Dyn : CelType.String);
                RefuseOutside(node.Right, range, new VariableDomain.Choice(enumeration.Values), node.Left);
                break;
            case CelType.ListOf list when TypeRules.Comparable(item.Type, list.Element):
                RefuseOutside(node.Right, range, DomainOf(item), node.Left);
                break;
            case CelType.MapOf map when TypeRules.Comparable(item.Type, map.Key):
                break;
            case var type when type == CelType.Dyn:
                break;
            case CelType.ListOf list:
                return Refuse(node.At, $"`{Shown(node.Left)}` is {item.Type.WithArticle()} and is never in a {list}{Cures.ForMix(node.Left, item.Type, node.Right, list.Element, text)}");
            case CelType.MapOf map:
                return Refuse(node.At, $"`{Shown(node.Left)}` is {item.Type.WithArticle()} and is never a key of a {map}");
            default:
                var cure = range.Type == CelType.String ? $"; write `{Shown(node.Right)}.contains({Shown(node.Left)})`" : "; write `x in [a, b]`";
                return Refuse(node.At, $"`in` wants a list or a map on its right, but `{Shown(node.Right)}` is {range.Type.WithArticle()}{cure}");
        }

        if (IsStrict && item is Constant && range is Constant)
        {
            return RefuseConstant(node.At, $"`{Shown(node)}` always comes to the same; one side wants to be a value of the customer or the event");
        }

        return new Membership(item, Coerce(range, range.Type.WithoutNull()), node.At);
    }
}
