using System.Collections.Immutable;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Expressions.Runtime;

/// <summary>Out of a value of any kind into one known kind: called by generated code.</summary>
internal static class DynConvert
{
    public static Fault To(Dyn from, out bool to)
    {
        to = from.Bool;
        return Check(from, DynKind.Bool);
    }

    public static Fault To(Dyn from, out long to)
    {
        to = from.Int;
        return Check(from, DynKind.Int);
    }

    public static Fault To(Dyn from, out ulong to)
    {
        to = from.UInt;
        return Check(from, DynKind.UInt);
    }

    public static Fault To(Dyn from, out double to)
    {
        to = from.Double;
        return Check(from, DynKind.Double);
    }

    public static Fault To(Dyn from, out string to)
    {
        var fault = Check(from, DynKind.String);
        to = fault == Fault.None ? from.String : "";
        return fault;
    }

    public static Fault To(Dyn from, out ImmutableArray<byte> to)
    {
        var fault = Check(from, DynKind.Bytes);
        to = fault == Fault.None ? from.Bytes : [];
        return fault;
    }

    public static Fault To(Dyn from, out DateTimeOffset to)
    {
        var fault = Check(from, DynKind.Timestamp);
        to = fault == Fault.None ? from.Timestamp : default;
        return fault;
    }

    public static Fault To(Dyn from, out TimeSpan to)
    {
        var fault = Check(from, DynKind.Duration);
        to = fault == Fault.None ? from.Duration : default;
        return fault;
    }

    public static Fault To(Dyn from, out CelList to)
    {
        var fault = Check(from, DynKind.List);
        to = fault == Fault.None ? from.List : CelList.Of(Array.Empty<Dyn>());
        return fault;
    }

    public static Fault To(Dyn from, out CelMap to)
    {
        var fault = Check(from, DynKind.Map);
        to = fault == Fault.None ? from.Map : CelMap.Of(null);
        return fault;
    }

    public static Fault To(Dyn from, out TypeName to)
    {
        var fault = Check(from, DynKind.Type);
        to = fault == Fault.None ? from.Type : TypeName.Of(DynKind.Null);
        return fault;
    }

    /// <summary>A list as a schema reads it; null reads as the empty list.</summary>
    public static Fault ListOf(Value from, out CelList to)
    {
        to = from.Kind == ValueKind.List ? CelList.Of(from.AsList()) : CelList.Of(Array.Empty<Dyn>());
        return from.Kind is ValueKind.List or ValueKind.Null ? Fault.None : Fault.WrongType;
    }

    /// <summary>A map as a schema reads it; null reads as the empty map.</summary>
    public static Fault MapOf(Value from, out CelMap to)
    {
        to = CelMap.Of(from.Kind == ValueKind.Map ? from.AsMap() : null);
        return from.Kind is ValueKind.Map or ValueKind.Null ? Fault.None : Fault.WrongType;
    }

    /// <summary>The text of a rank; the empty text for a rank below every value.</summary>
    public static string TextOf(long rank, string[] values) => rank >= 0 && rank < values.Length ? values[rank] : "";

    /// <summary>Why no overload takes these: one of them is null, or their kinds do not fit.</summary>
    public static Fault NoOverload(Dyn a, Dyn b) => a.Kind == DynKind.Null || b.Kind == DynKind.Null ? Fault.Missing : Fault.WrongType;

    private static Fault Check(Dyn value, DynKind kind) =>
        value.Kind == kind ? Fault.None : value.Kind == DynKind.Null ? Fault.Missing : Fault.WrongType;
}
