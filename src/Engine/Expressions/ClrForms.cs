using System.Collections.Immutable;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Expressions;

/// <summary>Which CLR types a schema may read a CEL type as.</summary>
internal static class ClrForms
{
    public static bool Accepts(CelType type, Type clr) => type switch
    {
        CelType.NullableOf { Inner: var inner } => Accepts(inner, System.Nullable.GetUnderlyingType(clr) ?? clr),
        CelType.ListOf => clr == typeof(Value) || clr == typeof(ImmutableArray<Value>),
        CelType.MapOf => clr == typeof(Value) || clr == typeof(PropertyMap),
        CelType.EnumerationOf => clr == typeof(long),
        _ when type == CelType.Bool => clr == typeof(bool),
        _ when type == CelType.Int => clr == typeof(long),
        _ when type == CelType.UInt => clr == typeof(ulong),
        _ when type == CelType.Double => clr == typeof(double),
        _ when type == CelType.String => clr == typeof(string),
        _ when type == CelType.Bytes => clr == typeof(ImmutableArray<byte>),
        _ when type == CelType.Timestamp => clr == typeof(DateTimeOffset),
        _ when type == CelType.Duration => clr == typeof(TimeSpan),
        _ when type == CelType.Dyn => clr == typeof(Value),
        _ => false,
    };

    public static void Require(CelType type, Type clr, string name)
    {
        if (!Accepts(type, clr))
        {
            throw new ArgumentException($"`{name}` is declared as {type} but read as {clr.Name}", nameof(clr));
        }
    }
}
