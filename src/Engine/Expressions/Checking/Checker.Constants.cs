using System.Reflection;
using Decisioning.Engine.Expressions.Runtime;
using Decisioning.Engine.Expressions.Syntax;

namespace Decisioning.Engine.Expressions.Checking;

/// <summary>What is known before anything runs: constants, and comparisons that can come out one way only.</summary>
internal sealed partial class Checker
{
    /// <summary>Evaluates a call whose arguments are all constants; leaves it as it is when it fails and failing is allowed.</summary>
    private Bound Fold(Invocation call)
    {
        if (!call.Arguments.All(argument => argument is Constant) || call.Type == CelType.Dyn || options.Unchecked)
        {
            return call;
        }

        var method = call.Overload.Method;
        var arguments = new object?[method.GetParameters().Length];
        for (var i = 0; i < call.Arguments.Length; i++)
        {
            arguments[i] = Boxing.Unwrap(((Constant)call.Arguments[i]).Value, method.GetParameters()[i].ParameterType);
        }

        var result = method.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null);
        if (result is Fault fault and not Fault.None)
        {
            return IsStrict ? Refuse(call.At, fault.Describe(Cures.Shorten(call.At.Of(text))) + FaultCure(call, fault)) : call;
        }

        return new Constant(Boxing.Wrap(result is Fault ? arguments[^1]! : result!), call.Type, call.At);
    }

    private static string FaultCure(Invocation call, Fault fault) => (fault, call.Overload.Name) switch
    {
        (Fault.BadText, "duration") => "; write such as `duration(\"1h30m\")` or `duration(\"14d\")`",
        (Fault.BadText, "timestamp") => "; write such as `timestamp(\"2026-12-31T00:00:00Z\")`",
        _ => "",
    };

    /// <summary>A comparison, unless it is always true or always false.</summary>
    private Bound Judge(Binary node, Bound comparison)
    {
        if (!IsStrict)
        {
            return comparison;
        }

        var (left, right, op) = comparison switch
        {
            Ordering ordering => (ordering.Left, ordering.Right, ordering.Operator),
            Equality equality => (equality.Left, equality.Right, equality.Negated ? Operator.NotEqual : Operator.Equal),
            _ => throw new InvalidOperationException("only comparisons are judged"),
        };
        if (left is Constant a && right is Constant b)
        {
            return RefuseConstant(node.At, $"`{Shown(node)}` is always {Word(Compare(op, a.Value, b.Value))}; one side wants to be a value of the customer or the event");
        }

        if (Printer.Print(node.Left) == Printer.Print(node.Right))
        {
            return RefuseConstant(node.At, $"`{Shown(node.Left)}` is compared with itself, which is always {Word(op is Operator.Equal or Operator.LessOrEqual or Operator.GreaterOrEqual)}");
        }

        return JudgeDomain(node, node.Left, left, op, right)
            ?? JudgeDomain(node, node.Right, right, op.Mirrored(), left)
            ?? comparison;
    }

    private Failing? JudgeDomain(Binary node, Node variable, Bound reading, Operator op, Bound other)
    {
        if (other is not Constant { Value: var value })
        {
            return null;
        }

        switch (DomainOf(reading))
        {
            case VariableDomain.Choice choice when value.Kind == DynKind.String && op is Operator.Equal or Operator.NotEqual && !choice.Values.Contains(value.String):
                return RefuseConstant(other.At, $"`{Shown(variable)}` is never `{value.String}`{Suggestion.Cure(value.String, choice.Values)}");
            case VariableDomain.Range range when value.Kind is DynKind.Int or DynKind.UInt or DynKind.Double:
                var (low, high) = (Compare(op, Dyn.Of(range.Min), value), Compare(op, Dyn.Of(range.Max), value));
                var inside = DynEquality.CompareNumbers(Dyn.Of(range.Min), value) <= 0 && DynEquality.CompareNumbers(Dyn.Of(range.Max), value) is 0 or 1;
                var decided = op is Operator.Equal or Operator.NotEqual ? !inside : low == high;
                return decided ? RefuseConstant(node.At, $"`{Shown(node)}` is always {Word(low)}: `{Shown(variable)}` goes {Extent(range)}") : null;
            default:
                return null;
        }
    }

    private void RefuseOutside(Node listNode, Bound range, VariableDomain? domain, Node variable)
    {
        if (!IsStrict || domain is not VariableDomain.Choice choice || range is not Constant { Value: { Kind: DynKind.List } value })
        {
            return;
        }

        for (var i = 0; i < value.List.Count; i++)
        {
            if (value.List[i] is { Kind: DynKind.String } item && !choice.Values.Contains(item.String))
            {
                var at = listNode is ListLiteral literal ? literal.Items[i].At : listNode.At;
                RefuseConstant(at, $"`{Shown(variable)}` is never `{item.String}`{Suggestion.Cure(item.String, choice.Values)}");
            }
        }
    }

    private static VariableDomain? DomainOf(Bound bound) => bound switch
    {
        Reading reading => reading.Domain,
        Converted converted => DomainOf(converted.Inner),
        _ => null,
    };

    private static string Extent(VariableDomain.Range range) => (double.IsInfinity(range.Min), double.IsInfinity(range.Max)) switch
    {
        (true, _) => $"up to {DynText.Number(range.Max)}",
        (_, true) => $"from {DynText.Number(range.Min)}",
        _ => $"from {DynText.Number(range.Min)} to {DynText.Number(range.Max)}",
    };

    private static bool Compare(Operator op, Dyn a, Dyn b)
    {
        if (op is Operator.Equal or Operator.NotEqual)
        {
            return DynEquality.Equal(a, b) == (op == Operator.Equal);
        }

        _ = DynEquality.Compare(a, b, out var order);
        return op switch
        {
            Operator.Less => order == -1,
            Operator.LessOrEqual => order is -1 or 0,
            Operator.Greater => order == 1,
            _ => order is 0 or 1,
        };
    }

    private static string Word(bool value) => value ? "true" : "false";
}
