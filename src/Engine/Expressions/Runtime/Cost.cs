using System.Collections.Immutable;

namespace Decisioning.Engine.Expressions.Runtime;

/// <summary>
/// How many steps of <see cref="ExpressionLimits.IterationsMax"/> handling a value inside a macro takes: one per 16 characters or
/// bytes, one per element at any depth. So a walk over many elements cannot build or compare large texts and lists without end.
/// </summary>
internal static class Cost
{
    public static int Of(string? text) => text is null ? 0 : text.Length >> 4;

    public static int Of(ImmutableArray<byte> bytes) => bytes.Length >> 4;

    public static int Of(CelList list) => Within(list, ExpressionLimits.IterationsMax + 1);

    public static int Of(CelMap map) => Within(map, ExpressionLimits.IterationsMax + 1);

    public static int Of(Dyn value) => Within(value, ExpressionLimits.IterationsMax + 1);

    /// <summary>
    /// Everything inside is counted, however deep: a list that holds another twice, which holds another twice, and so on, is small in
    /// memory and without end to whoever compares or writes it. Counting stops at the bound.
    /// </summary>
    private static int Within(Dyn value, int bound) => value.Kind switch
    {
        DynKind.String => Of(value.String),
        DynKind.Bytes => Of(value.Bytes),
        DynKind.List => Within(value.List, bound),
        DynKind.Map => Within(value.Map, bound),
        _ => 0,
    };

    private static int Within(CelList list, int bound)
    {
        var cost = Math.Min(list.Count, bound);
        for (var i = 0; i < list.Count && cost < bound; i++)
        {
            cost += Within(list[i], bound - cost);
        }

        return cost;
    }

    private static int Within(CelMap map, int bound)
    {
        var cost = Math.Min(map.Count, bound);
        for (var i = 0; i < map.Count && cost < bound; i++)
        {
            _ = map.TryFind(map.KeyAt(i), out var value);
            cost += Within(value, bound - cost);
        }

        return cost;
    }
}
