using System.Collections.Immutable;
using Decisioning.Engine.Expressions.Checking;
using Decisioning.Engine.Expressions.Runtime;
using Decisioning.Engine.Expressions.Syntax;

namespace Decisioning.Engine.Expressions.Analysis;

/// <summary>Takes a checked condition apart into logic over leaves.</summary>
internal sealed class Decomposition(string text)
{
    /// <summary>Beyond this, doubles have no fractions and ints no exact double: such constants stay in conditions as a whole.</summary>
    private const double LargestConstant = 1L << 53;

    /// <summary>The condition as a predicate.</summary>
    /// <param name="condition">The checked tree, of type bool.</param>
    /// <param name="text">The text it was checked from.</param>
    public static Predicate Of(Bound condition, string text) => new Decomposition(text).Take(condition);

    private Predicate Take(Bound node) => node switch
    {
        Constant { Value: { Kind: DynKind.Bool } value } => new Predicate.Always(value.Bool, node.At),
        Logical { IsAnd: true } and => Predicate.AllOf([Take(and.Left), Take(and.Right)], and.At),
        Logical or => Predicate.AnyOf([Take(or.Left), Take(or.Right)], or.At),
        Negation not => new Predicate.Not(Take(not.Operand), not.At),
        Ordering ordering => TakeOrdering(ordering),
        Equality equality => TakeEquality(equality),
        NullTest test when Plain(test.Operand) is { } operand => Negated(!test.WhenNull, new Leaf.IsNull(TermOf(operand), test.At)),
        Membership membership => TakeMembership(membership),
        Converted converted when converted.Type == CelType.Bool && Plain(converted.Inner) is { } inner => new Leaf.Holds(TermOf(inner), node.At),
        Reading or OpenReading => new Leaf.Holds(TermOf(node), node.At),
        _ => Whole(node),
    };

    private Leaf TakeOrdering(Ordering node) =>
        node.Right is Constant right && Present(node.Left) is { } left && IsTold(left, right.Value) ? new Leaf.Compare(TermOf(left), node.Operator, right.Value, node.At)
        : node.Left is Constant first && Present(node.Right) is { } second && IsTold(second, first.Value) ? new Leaf.Compare(TermOf(second), node.Operator.Mirrored(), first.Value, node.At)
        : Whole(node);

    private Leaf TakeEquality(Equality node)
    {
        var op = node.Negated ? Operator.NotEqual : Operator.Equal;
        return node.Right is Constant right && Plain(node.Left) is { } left && IsTold(left, right.Value) ? new Leaf.Compare(TermOf(left), op, right.Value, node.At)
            : node.Left is Constant first && Plain(node.Right) is { } second && IsTold(second, first.Value) ? new Leaf.Compare(TermOf(second), op, first.Value, node.At)
            : Whole(node);
    }

    private Leaf TakeMembership(Membership node)
    {
        if (node.Range is not Constant { Value: { Kind: DynKind.List } list })
        {
            return Whole(node);
        }

        var items = Enumerable.Range(0, list.List.Count).Select(i => list.List[i]).ToImmutableArray();
        if (node.Item is Converted { Inner: { Type: CelType.EnumerationOf ranked } inner } converted && converted.Type == CelType.String)
        {
            // The empty text is what a rank below all others is; an expression that asks for it is left whole.
            return items.All(item => item.Kind == DynKind.String && ranked.Values.Contains(item.String))
                ? new Leaf.Among(TermOf(inner), [.. items.Select(item => Dyn.Of((long)ranked.Values.IndexOf(item.String)))], node.At)
                : Whole(node);
        }

        return Plain(node.Item) is { } plain && items.All(item => IsTold(plain, item)) ? new Leaf.Among(TermOf(plain), items, node.At) : Whole(node);
    }

    private static Predicate Negated(bool isNegated, Leaf leaf) => isNegated ? new Predicate.Not(leaf, leaf.At) : leaf;

    private Leaf.Opaque Whole(Bound node) => new(Term.Of(node, text), node.At);

    private Term TermOf(Bound node) => Term.Of(node, text);

    /// <summary>The node without conversions that change no value; null when one does.</summary>
    private static Bound? Plain(Bound node) => node switch
    {
        Converted { Inner: var inner } when node.Type == CelType.Dyn && inner.Type.WithoutNull() is not CelType.EnumerationOf => Plain(inner),
        Converted or Constant => null,
        _ => node,
    };

    /// <summary>The same where null is an error anyway: without taking null away either.</summary>
    private static Bound? Present(Bound node) =>
        node is Converted { Inner: { Type: CelType.NullableOf nullable } inner } && nullable.Inner == node.Type ? Plain(inner) : Plain(node);

    // An enumeration's rank is an int to the term's reader; a text constant beside one is another comparison.
    private static bool IsTold(Bound term, Dyn constant) => IsScalar(term.Type) && constant.Kind switch
    {
        DynKind.Bool or DynKind.Timestamp or DynKind.Duration => true,
        DynKind.String => term.Type is not CelType.EnumerationOf,
        DynKind.Int => constant.Int is <= (long)LargestConstant and >= -(long)LargestConstant,
        DynKind.UInt => constant.UInt <= (ulong)LargestConstant,
        DynKind.Double => Math.Abs(constant.Double) <= LargestConstant,
        _ => false,
    };

    private static bool IsScalar(CelType type) =>
        type is CelType.EnumerationOf || (type.WithoutNull() is CelType.Scalar scalar && scalar != CelType.Null && scalar != CelType.Type && scalar != CelType.Bytes);
}
