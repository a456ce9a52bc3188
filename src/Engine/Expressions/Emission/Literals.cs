using System.Linq.Expressions;
using Decisioning.Engine.Expressions.Runtime;

namespace Decisioning.Engine.Expressions.Emission;

/// <summary>Constants in generated code. What the runtime has an instruction for is written so; the rest is kept beside the code.</summary>
internal static class Literals
{
    public static Expression Of(Dyn value, CelType type)
    {
        var clr = ClrForms.InCode(type);
        if (clr == typeof(Dyn))
        {
            return AsDyn(value);
        }

        object plain = value.Kind switch
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
            _ => throw new InvalidOperationException("null is a constant of type dyn only"),
        };
        if (plain is TimeSpan span)
        {
            return Expression.New(typeof(TimeSpan).GetConstructor([typeof(long)])!, Expression.Constant(span.Ticks));
        }

        var constant = Expression.Constant(plain, plain.GetType());
        return plain.GetType() == clr ? constant : Expression.Convert(constant, clr);
    }

    private static Expression AsDyn(Dyn value)
    {
        object? plain = value.Kind switch
        {
            DynKind.Bool => value.Bool,
            DynKind.Int => value.Int,
            DynKind.UInt => value.UInt,
            DynKind.Double => value.Double,
            DynKind.String => value.String,
            _ => null,
        };
        return value.Kind == DynKind.Null ? Expression.Default(typeof(Dyn))
            : plain is null ? Expression.Constant(value)
            : Expression.Call(typeof(Dyn).GetMethod(nameof(Dyn.Of), [plain.GetType()])!, Expression.Constant(plain));
    }
}
