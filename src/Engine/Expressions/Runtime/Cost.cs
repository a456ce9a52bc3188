using System.Collections.Immutable;

namespace Decisioning.Engine.Expressions.Runtime;

/// <summary>
/// How many steps of <see cref="ExpressionLimits.IterationsMax"/> handling a value inside a macro takes: one per 16 characters or
/// bytes, one per element. So a walk over many elements cannot build or compare large texts and lists without end.
/// </summary>
internal static class Cost
{
    /// <summary>What building a regular expression takes, when the pattern is not written out.</summary>
    public const int Pattern = ExpressionLimits.IterationsMax / 100;

    public static int Of(string? text) => text is null ? 0 : text.Length >> 4;

    public static int Of(ImmutableArray<byte> bytes) => bytes.Length >> 4;

    public static int Of(CelList list) => list.Count;

    public static int Of(CelMap map) => map.Count;

    public static int Of(Dyn value) => value.Kind switch
    {
        DynKind.String => Of(value.String),
        DynKind.Bytes => Of(value.Bytes),
        DynKind.List => Of(value.List),
        DynKind.Map => Of(value.Map),
        _ => 0,
    };
}
