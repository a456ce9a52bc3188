using Decisioning.Engine.Expressions;
using Decisioning.Engine.Expressions.Analysis;
using Decisioning.Engine.Expressions.Checking;
using Decisioning.Engine.Expressions.Runtime;
using Decisioning.Engine.Expressions.Syntax;

namespace Decisioning.Engine.Decisions.Explaining;

/// <summary>The value nearest to what is there that a test wants.</summary>
internal static class NearestValue
{
    // Amounts of money and scores have two decimals; beyond a million, a millionth of it.
    private const double SmallestStep = 0.01;

    /// <summary>The value; null where none is known.</summary>
    /// <param name="leaf">The test.</param>
    /// <param name="holds">Whether it is to hold, or not to.</param>
    public static Dyn? Of(Leaf leaf, bool holds) => leaf switch
    {
        Leaf.Holds => Dyn.Of(holds),
        Leaf.IsNull => holds ? Dyn.Null : null,
        Leaf.Among among => holds ? among.Constants.Select(constant => (Dyn?)constant).FirstOrDefault() : null,
        Leaf.Compare compare => InDomain(leaf.Term, Compared(compare, holds ? compare.Operator : Opposite(compare.Operator))),
        _ => null,
    };

    /// <summary>The rank of a grade that a test wants; null where none is known.</summary>
    public static long? Rank(Leaf leaf, bool holds) => Of(leaf, holds) is { Kind: DynKind.Int } rank ? rank.Int : null;

    /// <summary>The instant that makes an age test come true; null where none does.</summary>
    public static Dyn? OfAge(AgeTest age, bool holds, DateTimeOffset now)
    {
        var op = holds ? age.Operator : Opposite(age.Operator);
        var second = TimeSpan.FromSeconds(1);
        TimeSpan? wanted = op switch
        {
            Operator.Greater => age.Span + second,
            Operator.GreaterOrEqual => age.Span,
            Operator.Less => age.Span > second ? age.Span - second : TimeSpan.Zero,
            Operator.LessOrEqual => age.Span,
            _ => null,
        };
        return wanted is { } span && span < now - DateTimeOffset.MinValue ? Dyn.Of(now - span) : null;
    }

    /// <summary>How far two values are apart: relative for numbers, 1 for anything else.</summary>
    public static double Distance(Dyn seen, Dyn needed) =>
        Number(seen) is { } from && Number(needed) is { } to ? Math.Abs(to - from) / (1 + Math.Abs(from)) : 1;

    private static Dyn? Compared(Leaf.Compare compare, Operator op)
    {
        var constant = compare.Constant;
        if (op == Operator.Equal)
        {
            return constant;
        }

        if (constant.Kind is DynKind.Timestamp or DynKind.Duration)
        {
            return Shifted(constant, op);
        }

        if (Number(constant) is not { } bound)
        {
            return constant.Kind == DynKind.Bool && op == Operator.NotEqual ? Dyn.Of(!constant.Bool) : null;
        }

        if (compare.Term.Type.WithoutNull() is var type && (type == CelType.Int || type == CelType.UInt || compare.Term.Type is CelType.EnumerationOf))
        {
            var whole = (long)(op switch
            {
                Operator.GreaterOrEqual => Math.Ceiling(bound),
                Operator.Greater or Operator.NotEqual => Math.Floor(bound) + 1,
                Operator.Less => Math.Ceiling(bound) - 1,
                _ => Math.Floor(bound),
            });
            return type == CelType.UInt ? whole < 0 ? null : Dyn.Of((ulong)whole) : Dyn.Of(whole);
        }

        var step = Math.Abs(bound) < 1e6 ? SmallestStep : Math.Abs(bound) * 1e-6;
        return Dyn.Of(op switch
        {
            Operator.Greater or Operator.NotEqual => Math.Round(bound + step, 6),
            Operator.Less => Math.Round(bound - step, 6),
            _ => bound,
        });
    }

    private static Dyn Shifted(Dyn constant, Operator op)
    {
        var second = op switch
        {
            Operator.Greater or Operator.NotEqual => TimeSpan.FromSeconds(1),
            Operator.Less => TimeSpan.FromSeconds(-1),
            _ => TimeSpan.Zero,
        };
        return constant.Kind == DynKind.Timestamp ? Dyn.Of(constant.Timestamp + second) : Dyn.Of(constant.Duration + second);
    }

    private static Dyn? InDomain(Term term, Dyn? value) =>
        value is { } needed && term.Domain is VariableDomain.Range range && Number(needed) is { } number && (number < range.Min || number > range.Max) ? null : value;

    private static double? Number(Dyn value) => value.Kind switch
    {
        DynKind.Int => value.Int,
        DynKind.UInt => value.UInt,
        DynKind.Double => value.Double,
        _ => null,
    };

    private static Operator Opposite(Operator op) => op switch
    {
        Operator.Equal => Operator.NotEqual,
        Operator.NotEqual => Operator.Equal,
        Operator.Less => Operator.GreaterOrEqual,
        Operator.LessOrEqual => Operator.Greater,
        Operator.Greater => Operator.LessOrEqual,
        _ => Operator.Less,
    };
}
