using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Expressions.Runtime;

internal enum DynKind : byte
{
    Null,
    Bool,
    Int,
    UInt,
    Double,
    String,
    Bytes,
    Timestamp,
    Duration,
    List,
    Map,
    Type,
}

/// <summary>
/// A value while an expression runs. Wider than <see cref="Value"/>: it also holds types, maps with keys of any kind, and instants
/// to the tick. 24 bytes, no boxing. The members by kind do not check: callers have looked at <see cref="Kind"/>.
/// </summary>
internal readonly struct Dyn
{
    private readonly long _bits;
    private readonly object? _reference;

    private Dyn(DynKind kind, long bits, object? reference)
    {
        Kind = kind;
        _bits = bits;
        _reference = reference;
    }

    public static Dyn Null => default;

    public DynKind Kind { get; }

    public bool Bool => _bits != 0;

    public long Int => _bits;

    public ulong UInt => unchecked((ulong)_bits);

    public double Double => BitConverter.Int64BitsToDouble(_bits);

    public string String => (string)_reference!;

    public ImmutableArray<byte> Bytes => ImmutableCollectionsMarshal.AsImmutableArray((byte[])_reference!);

    public DateTimeOffset Timestamp => new(_bits, TimeSpan.Zero);

    public TimeSpan Duration => new(_bits);

    public CelList List => new((Array)_reference!);

    public CelMap Map => new(_reference!);

    public TypeName Type => (TypeName)_reference!;

    public static Dyn Of(bool value) => new(DynKind.Bool, value ? 1 : 0, null);

    public static Dyn Of(long value) => new(DynKind.Int, value, null);

    public static Dyn Of(ulong value) => new(DynKind.UInt, unchecked((long)value), null);

    public static Dyn Of(double value) => new(DynKind.Double, BitConverter.DoubleToInt64Bits(value), null);

    public static Dyn Of(string? value) => value is null ? default : new(DynKind.String, 0, value);

    public static Dyn Of(ImmutableArray<byte> value) => new(DynKind.Bytes, 0, value.IsDefault ? [] : ImmutableCollectionsMarshal.AsArray(value));

    public static Dyn OfBytes(byte[] value) => new(DynKind.Bytes, 0, value);

    public static Dyn Of(DateTimeOffset value) => new(DynKind.Timestamp, value.UtcTicks, null);

    public static Dyn Of(TimeSpan value) => new(DynKind.Duration, value.Ticks, null);

    public static Dyn Of(CelList value) => new(DynKind.List, 0, value.Items);

    public static Dyn Of(CelMap value) => new(DynKind.Map, 0, value.Entries);

    public static Dyn Of(TypeName value) => new(DynKind.Type, 0, value);

    /// <summary>Takes a value in; shares lists and maps with it.</summary>
    public static Dyn Of(Value value) => value.Kind switch
    {
        ValueKind.Bool => Of(value.AsBool()),
        ValueKind.Int => Of(value.AsInt()),
        ValueKind.UInt => Of(value.AsUInt()),
        ValueKind.Double => Of(value.AsDouble()),
        ValueKind.String => Of(value.AsString()),
        ValueKind.Timestamp => Of(value.AsTimestamp()),
        ValueKind.Duration => Of(value.AsDuration()),
        ValueKind.List => Of(CelList.Of(value.AsList())),
        ValueKind.Map => Of(new CelMap(value.AsMap())),
        ValueKind.Bytes => Of(value.AsBytes()),
        _ => default,
    };

    /// <summary>Gives the value out. Keys of a map become text, a type becomes its name.</summary>
    public Value ToValue() => Kind switch
    {
        DynKind.Bool => Value.Of(Bool),
        DynKind.Int => Value.Of(Int),
        DynKind.UInt => Value.Of(UInt),
        DynKind.Double => Value.Of(Double),
        DynKind.String => Value.Of(String),
        DynKind.Bytes => Value.Of(Bytes),
        DynKind.Timestamp => Value.Of(Timestamp),
        DynKind.Duration => Value.Of(Duration),
        DynKind.List => Value.Of(List.ToValues()),
        DynKind.Map => Value.Of(Map.ToProperties()),
        DynKind.Type => Value.Of(Type.Name),
        _ => Value.Null,
    };
}
