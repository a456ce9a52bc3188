using Decisioning.Engine.Expressions.Runtime;
using Decisioning.Engine.Expressions.Syntax;

namespace Decisioning.Engine.Expressions.Checking;

/// <summary>Parts of error texts that tell an author what to write instead.</summary>
internal static class Cures
{
    /// <summary>One line of at most 60 characters.</summary>
    public static string Shorten(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= 60 ? line : line[..59] + "…";
    }

    public static string ToDouble(Node node, string text) => node is Literal { Value.Kind: DynKind.Int } literal
        ? $"; write `{literal.At.Of(text)}.0`"
        : $"; write `double({Shorten(node.At.Of(text))})`";

    /// <summary>For two operands of different types.</summary>
    public static string ForMix(Node left, CelType leftType, Node right, CelType rightType, string text)
    {
        var (a, b) = (leftType.WithoutNull(), rightType.WithoutNull());
        if (a.IsNumber() && b.IsNumber())
        {
            return a == CelType.Double ? ToDouble(right, text)
                : b == CelType.Double ? ToDouble(left, text)
                : $"; write `int({Shorten((a == CelType.UInt ? left : right).At.Of(text))})`";
        }

        if (a == CelType.String || b == CelType.String)
        {
            return (a == CelType.Timestamp || b == CelType.Timestamp) ? "; write the moment as `timestamp(\"2026-12-31T00:00:00Z\")`"
                : (a == CelType.Duration || b == CelType.Duration) ? "; write the span as `duration(\"14d\")`"
                : (a.IsNumber() || b.IsNumber()) && (IsNumberText(left) || IsNumberText(right)) ? "; write the number without quotes"
                : "";
        }

        if ((a == CelType.Duration && b.IsNumber()) || (b == CelType.Duration && a.IsNumber()))
        {
            return "; write the span as `duration(\"14d\")`";
        }

        return a == CelType.Timestamp && b == CelType.Timestamp ? "; instants are subtracted or compared" : "";
    }

    private static bool IsNumberText(Node node) => node is Literal { Value: { Kind: DynKind.String } value } && double.TryParse(value.String, out _);
}
