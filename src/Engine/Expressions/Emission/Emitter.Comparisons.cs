using System.Collections.Frozen;
using System.Linq.Expressions;
using Decisioning.Engine.Expressions.Checking;
using Decisioning.Engine.Expressions.Runtime;
using Decisioning.Engine.Expressions.Syntax;

namespace Decisioning.Engine.Expressions.Emission;

/// <summary>Comparisons and membership.</summary>
internal sealed partial class Emitter
{
    /// <summary>Up to this many texts or numbers, comparing one after the other beats hashing.</summary>
    private const int ChainMax = 6;

    private BinaryExpression EmitOrdering(Ordering node)
    {
        var (left, right) = (Charge(Emit(node.Left), node.At), Charge(Emit(node.Right), node.At));
        if (left.Type == right.Type)
        {
            if (left.Type == typeof(string) || left.Type == typeof(System.Collections.Immutable.ImmutableArray<byte>))
            {
                var compare = Method(typeof(DynEquality), left.Type == typeof(string) ? nameof(DynEquality.CompareText) : nameof(DynEquality.CompareBytes), left.Type, left.Type);
                return Compared(node.Operator, Expression.Call(compare, left, right));
            }

            if (left.Type != typeof(bool) && left.Type != typeof(Dyn))
            {
                return node.Operator switch
                {
                    Operator.Less => Expression.LessThan(left, right),
                    Operator.LessOrEqual => Expression.LessThanOrEqual(left, right),
                    Operator.Greater => Expression.GreaterThan(left, right),
                    _ => Expression.GreaterThanOrEqual(left, right),
                };
            }
        }
        else if (CompareNumbers(left, right) is var (order, mirrored))
        {
            return Compared(mirrored ? node.Operator.Mirrored() : node.Operator, order);
        }

        var dynamic = Try(
            Method(typeof(DynEquality), nameof(DynEquality.Compare), typeof(Dyn), typeof(Dyn), typeof(int).MakeByRefType()),
            node.At,
            Convert(left, node.Left.Type, CelType.Dyn, node.Left.At),
            Convert(right, node.Right.Type, CelType.Dyn, node.Right.At));
        return Compared(node.Operator, dynamic);
    }

    // An order is -1, 0, 1, or 2 when there is none.
    private BinaryExpression Compared(Operator op, Expression order)
    {
        switch (op)
        {
            case Operator.Less:
                return Expression.LessThan(order, Expression.Constant(0));
            case Operator.LessOrEqual:
                return Expression.LessThanOrEqual(order, Expression.Constant(0));
            case Operator.Greater:
                return Expression.Equal(order, Expression.Constant(1));
            default:
                var stored = Store(order);
                return Expression.OrElse(Expression.Equal(stored, Expression.Constant(0)), Expression.Equal(stored, Expression.Constant(1)));
        }
    }

    /// <summary>The order of two numbers of different types; mirrored when the sides had to be exchanged.</summary>
    private static (Expression Order, bool Mirrored)? CompareNumbers(Expression left, Expression right)
    {
        var compare = FindMethod(typeof(DynEquality), nameof(DynEquality.Compare), left.Type, right.Type);
        var mirrored = compare is null ? FindMethod(typeof(DynEquality), nameof(DynEquality.Compare), right.Type, left.Type) : null;
        return IsNumber(left.Type) && IsNumber(right.Type)
            ? compare is not null ? (Expression.Call(compare, left, right), false) : (Expression.Call(mirrored!, right, left), true)
            : null;
    }

    private static bool IsNumber(Type type) => type == typeof(long) || type == typeof(ulong) || type == typeof(double);

    private Expression EmitEquality(Equality node)
    {
        var (left, right) = (Charge(Emit(node.Left), node.At), Charge(Emit(node.Right), node.At));
        var equal = Equal(left, node.Left, right, node.Right);
        return node.Negated ? Expression.Not(equal) : equal;
    }

    private Expression Equal(Expression left, Bound leftNode, Expression right, Bound rightNode)
    {
        var (a, b) = (System.Nullable.GetUnderlyingType(left.Type) ?? left.Type, System.Nullable.GetUnderlyingType(right.Type) ?? right.Type);
        if (a == b && leftNode.Type.WithoutNull() == rightNode.Type.WithoutNull())
        {
            if (a == typeof(string))
            {
                return Expression.Call(Method(typeof(string), nameof(string.Equals), typeof(string), typeof(string)), left, right);
            }

            if (IsNumber(a) || a == typeof(bool) || a == typeof(DateTimeOffset) || a == typeof(TimeSpan))
            {
                return left.Type == right.Type ? Expression.Equal(left, right)
                    : left.Type == a ? Expression.Equal(Expression.Convert(left, right.Type), right)
                    : Expression.Equal(left, Expression.Convert(right, left.Type));
            }
        }

        if (left.Type != right.Type && CompareNumbers(left, right) is var (order, _))
        {
            return Expression.Equal(order, Expression.Constant(0));
        }

        return Expression.Call(
            Method(typeof(DynEquality), nameof(DynEquality.Equal), typeof(Dyn), typeof(Dyn)),
            Convert(left, leftNode.Type, CelType.Dyn, leftNode.At),
            Convert(right, rightNode.Type, CelType.Dyn, rightNode.At));
    }

    private Expression EmitNullTest(NullTest node)
    {
        var operand = Emit(node.Operand);
        Expression isNull = operand.Type == typeof(string) ? Expression.ReferenceEqual(operand, Expression.Constant(null))
            : operand.Type == typeof(Dyn) ? IsKind(operand, DynKind.Null)
            : Expression.Not(Expression.Property(Store(operand), "HasValue"));
        return node.WhenNull ? isNull : Expression.Not(isNull);
    }

    private Expression EmitMembership(Membership node)
    {
        var item = Emit(node.Item);
        if (node.Range is Constant { Value: { Kind: DynKind.List } list } && AmongConstants(item, list.List) is { } among)
        {
            return among;
        }

        var dyn = Convert(item, node.Item.Type, CelType.Dyn, node.Item.At);
        var range = Charge(Emit(node.Range), node.At);
        return range.Type == typeof(CelList) ? Expression.Call(Method(typeof(DynEquality), nameof(DynEquality.Contains), typeof(CelList), typeof(Dyn)), range, dyn)
            : range.Type == typeof(CelMap) ? Expression.Call(Method(typeof(DynLookup), nameof(DynLookup.HasKey), typeof(CelMap), typeof(Dyn)), range, dyn)
            : Try(Method(typeof(DynLookup), nameof(DynLookup.In), typeof(Dyn), typeof(Dyn), typeof(bool).MakeByRefType()), node.At, dyn, range);
    }

    private Expression? AmongConstants(Expression item, CelList list)
    {
        var items = Enumerable.Range(0, list.Count).Select(i => list[i]).ToList();
        if (item.Type == typeof(string) && items.TrueForAll(one => one.Kind == DynKind.String))
        {
            return Among(item, items.ConvertAll(one => one.String), Method(typeof(string), nameof(string.Equals), typeof(string), typeof(string)));
        }

        return item.Type == typeof(long) && items.TrueForAll(one => one.Kind == DynKind.Int) ? Among(item, items.ConvertAll(one => one.Int), null) : null;
    }

    private Expression Among<T>(Expression item, List<T> values, System.Reflection.MethodInfo? equal)
    {
        var stored = Store(item);
        if (values.Count > ChainMax)
        {
            var set = Expression.Constant(values.ToFrozenSet(), typeof(FrozenSet<T>));
            var contains = Expression.Call(set, typeof(FrozenSet<T>).GetMethod(nameof(FrozenSet<T>.Contains), [typeof(T)])!, stored);
            return typeof(T) == typeof(string) ? Expression.AndAlso(Expression.ReferenceNotEqual(stored, Expression.Constant(null)), contains) : contains;
        }

        Expression? any = null;
        foreach (var value in values)
        {
            var one = Expression.Constant(value, typeof(T));
            var same = equal is null ? (Expression)Expression.Equal(stored, one) : Expression.Call(equal, stored, one);
            any = any is null ? same : Expression.OrElse(any, same);
        }

        return any ?? Expression.Constant(false);
    }
}
