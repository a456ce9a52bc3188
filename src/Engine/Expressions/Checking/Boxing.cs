using System.Collections.Immutable;
using Decisioning.Engine.Expressions.Runtime;

namespace Decisioning.Engine.Expressions.Checking;

/// <summary>Values in and out of calls by reflection, while an expression is compiled.</summary>
internal static class Boxing
{
    public static object Unwrap(Dyn value, Type parameter) => parameter == typeof(Dyn) ? value : value.Kind switch
    {
        DynKind.Bool => value.Bool,
        DynKind.Int => value.Int,
        DynKind.UInt => value.UInt,
        DynKind.Double => value.Double,
        DynKind.String => value.String,
        DynKind.Bytes => value.Bytes,
        DynKind.Timestamp => value.Timestamp,
        DynKind.Duration => value.Duration,
        DynKind.List => value.List,
        DynKind.Map => value.Map,
        DynKind.Type => value.Type,
        _ => value,
    };

    public static Dyn Wrap(object value) => value switch
    {
        bool one => Dyn.Of(one),
        long one => Dyn.Of(one),
        ulong one => Dyn.Of(one),
        double one => Dyn.Of(one),
        string one => Dyn.Of(one),
        ImmutableArray<byte> one => Dyn.Of(one),
        DateTimeOffset one => Dyn.Of(one),
        TimeSpan one => Dyn.Of(one),
        CelList one => Dyn.Of(one),
        CelMap one => Dyn.Of(one),
        TypeName one => Dyn.Of(one),
        _ => (Dyn)value,
    };
}
