using Decisioning.Engine.Expressions.Checking;
using Decisioning.Engine.Expressions.Runtime;
using Decisioning.Engine.Expressions.Syntax;

namespace Decisioning.Engine.Expressions.Analysis;

/// <summary>Recognizes how long ago something is, in the ways authors write it.</summary>
internal static class Ages
{
    /// <summary>The reading `x` of `now - x`; null for anything else.</summary>
    public static string? Subtracted(Bound node) =>
        node is Invocation { Overload.Name: "-", Arguments: [var left, var right] } && IsNow(left) ? InstantOf(right) : null;

    /// <summary>The reading `x` of `x - now`; null for anything else.</summary>
    public static string? Ahead(Bound node) =>
        node is Invocation { Overload.Name: "-", Arguments: [var left, var right] } && IsNow(right) ? InstantOf(left) : null;

    /// <summary>`x &lt; now - d`, `x + d &lt; now` and their like as a test of the age of `x`; null for anything else.</summary>
    public static AgeTest? Test(Bound node) =>
        node is not Ordering ordering ? null
            : Test(ordering.Left, ordering.Operator.Mirrored(), ordering.Right) ?? Test(ordering.Right, ordering.Operator, ordering.Left);

    // The two sides of a comparison, by its operator seen from the second: `now - d > x`, `now > x + d`; how far ahead something is, is its age below zero.
    private static AgeTest? Test(Bound one, Operator op, Bound other) =>
        InstantOf(one) is { } since && Shift(other) is (var now, var sign, var span) && IsNow(now) ? new(since, op, sign == "-" ? span : span.Negate())
        : IsNow(other) && Shift(one) is (var instant, var side, var length) && InstantOf(instant) is { } from ? new(from, op, side == "+" ? length : length.Negate())
        : null;

    private static (Bound Instant, string Symbol, TimeSpan Span)? Shift(Bound node) => node switch
    {
        Reading or Converted => (node, "+", TimeSpan.Zero),
        Invocation { Overload.Name: "-" or "+", Arguments: [var instant, Constant { Value: { Kind: DynKind.Duration } span }] } call => (instant, call.Overload.Name, span.Duration),
        Invocation { Overload.Name: "+", Arguments: [Constant { Value: { Kind: DynKind.Duration } span }, var instant] } => (instant, "+", span.Duration),
        _ => null,
    };

    private static bool IsNow(Bound node) => node is Reading { Name: "now" };

    private static string? InstantOf(Bound node) => node switch
    {
        Reading { Name: not "now" } reading when reading.Type.WithoutNull() == CelType.Timestamp => reading.Name,
        Converted { Inner: Reading } converted when converted.Type == CelType.Timestamp => InstantOf(converted.Inner),
        _ => null,
    };
}
