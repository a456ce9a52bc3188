using System.Collections.Immutable;
using Decisioning.Engine.Expressions.Runtime;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Expressions;

/// <summary>Which CLR types stand for a CEL type: in a schema, and in generated code.</summary>
internal static class ClrForms
{
    /// <summary>Whether a schema may read the type as this.</summary>
    public static bool Accepts(CelType type, Type clr) => type switch
    {
        CelType.NullableOf { Inner: var inner } => Accepts(inner, System.Nullable.GetUnderlyingType(clr) ?? clr),
        CelType.ListOf => clr == typeof(Value) || clr == typeof(ImmutableArray<Value>),
        CelType.MapOf => clr == typeof(Value) || clr == typeof(PropertyMap),
        _ when type == CelType.Dyn => clr == typeof(Value),
        _ when type == CelType.Int => clr == typeof(long) || clr == typeof(int),
        _ when type == CelType.Null || type == CelType.Type => false,
        _ => clr == InCode(type),
    };

    public static void Require(CelType type, Type clr, string name)
    {
        if (!Accepts(type, clr))
        {
            throw new ArgumentException($"`{name}` is declared as {type} but read as {clr.Name}", nameof(clr));
        }
    }

    /// <summary>What generated code holds the type in. Null where it is possible: a nullable struct, a null text, else a dyn.</summary>
    public static Type InCode(CelType type) => type switch
    {
        CelType.EnumerationOf => typeof(long),
        CelType.ListOf => typeof(CelList),
        CelType.MapOf => typeof(CelMap),
        CelType.NullableOf { Inner: var inner } => IsScalar(inner) ? typeof(Nullable<>).MakeGenericType(InCode(inner)) : inner == CelType.String ? typeof(string) : typeof(Dyn),
        CelType.Scalar { Name: "bool" } => typeof(bool),
        CelType.Scalar { Name: "int" } => typeof(long),
        CelType.Scalar { Name: "uint" } => typeof(ulong),
        CelType.Scalar { Name: "double" } => typeof(double),
        CelType.Scalar { Name: "string" } => typeof(string),
        CelType.Scalar { Name: "bytes" } => typeof(ImmutableArray<byte>),
        CelType.Scalar { Name: "timestamp" } => typeof(DateTimeOffset),
        CelType.Scalar { Name: "duration" } => typeof(TimeSpan),
        CelType.Scalar { Name: "type" } => typeof(TypeName),
        _ => typeof(Dyn),
    };

    private static bool IsScalar(CelType type) =>
        type is CelType.EnumerationOf || type == CelType.Bool || type == CelType.Int || type == CelType.UInt || type == CelType.Double || type == CelType.Timestamp || type == CelType.Duration;
}
