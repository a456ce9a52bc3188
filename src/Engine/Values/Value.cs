using System.Collections.Immutable;
using System.Globalization;
using Orleans;

namespace Decisioning.Engine.Values;

/// <summary>
/// One dynamically typed, immutable value: an event property, a profile attribute, or what a feature reads.
/// 24 bytes, no boxing for numbers, instants and spans. The default value is <see cref="Null"/>.
/// Equality is by kind and content; an int and a double are never equal here (CEL's numeric equality is the
/// expression compiler's business).
/// </summary>
[GenerateSerializer, Immutable, Alias("decisioning.value")]
public readonly struct Value : IEquatable<Value>
{
    [Id(0)]
    private readonly ValueKind _kind;

    [Id(1)]
    private readonly long _bits;

    [Id(2)]
    private readonly object? _reference;

    private Value(ValueKind kind, long bits, object? reference)
    {
        _kind = kind;
        _bits = bits;
        _reference = reference;
    }

    /// <summary>No value.</summary>
    public static Value Null => default;

    /// <summary>What this value holds.</summary>
    public ValueKind Kind => _kind;

    /// <summary>Whether there is no value.</summary>
    public bool IsNull => _kind == ValueKind.Null;

    /// <summary>A boolean.</summary>
    public static Value Of(bool value) => new(ValueKind.Bool, value ? 1 : 0, null);

    /// <summary>An integer.</summary>
    public static Value Of(long value) => new(ValueKind.Int, value, null);

    /// <summary>An unsigned integer.</summary>
    public static Value Of(ulong value) => new(ValueKind.UInt, unchecked((long)value), null);

    /// <summary>A floating point number.</summary>
    public static Value Of(double value) => new(ValueKind.Double, BitConverter.DoubleToInt64Bits(value), null);

    /// <summary>A text; null becomes <see cref="Null"/>.</summary>
    public static Value Of(string? value) => value is null ? default : new(ValueKind.String, 0, value);

    /// <summary>An instant, cut to whole microseconds.</summary>
    public static Value Of(DateTimeOffset value) => new(ValueKind.Timestamp, value.UtcTicks / TimeSpan.TicksPerMicrosecond, null);

    /// <summary>A span, cut to whole microseconds.</summary>
    public static Value Of(TimeSpan value) => new(ValueKind.Duration, value.Ticks / TimeSpan.TicksPerMicrosecond, null);

    /// <summary>A list.</summary>
    public static Value Of(ImmutableArray<Value> items) => new(ValueKind.List, 0, new ValueList(items));

    /// <summary>Named values.</summary>
    public static Value Of(PropertyMap map) => new(ValueKind.Map, 0, map);

    /// <summary>Raw bytes.</summary>
    public static Value Of(ImmutableArray<byte> bytes) => new(ValueKind.Bytes, 0, new ValueBytes(bytes));

    /// <summary>The boolean.</summary>
    /// <exception cref="InvalidOperationException">It is of another kind; so for all <c>As…</c> members.</exception>
    public bool AsBool() => Expect(ValueKind.Bool)._bits != 0;

    /// <summary>The integer.</summary>
    public long AsInt() => Expect(ValueKind.Int)._bits;

    /// <summary>The unsigned integer.</summary>
    public ulong AsUInt() => unchecked((ulong)Expect(ValueKind.UInt)._bits);

    /// <summary>The floating point number.</summary>
    public double AsDouble() => BitConverter.Int64BitsToDouble(Expect(ValueKind.Double)._bits);

    /// <summary>The text.</summary>
    public string AsString() => (string)Expect(ValueKind.String)._reference!;

    /// <summary>The instant, in UTC.</summary>
    public DateTimeOffset AsTimestamp() => new(Expect(ValueKind.Timestamp)._bits * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);

    /// <summary>The span.</summary>
    public TimeSpan AsDuration() => new(Expect(ValueKind.Duration)._bits * TimeSpan.TicksPerMicrosecond);

    /// <summary>The items of the list.</summary>
    public ImmutableArray<Value> AsList() => ((ValueList)Expect(ValueKind.List)._reference!).Items;

    /// <summary>The named values.</summary>
    public PropertyMap AsMap() => (PropertyMap)Expect(ValueKind.Map)._reference!;

    /// <summary>The bytes.</summary>
    public ImmutableArray<byte> AsBytes() => ((ValueBytes)Expect(ValueKind.Bytes)._reference!).Bytes;

    /// <summary>Reads any number as a double; false for what is not a number.</summary>
    public bool TryNumber(out double number)
    {
        (var isNumber, number) = _kind switch
        {
            ValueKind.Int => (true, _bits),
            ValueKind.UInt => (true, unchecked((ulong)_bits)),
            ValueKind.Double => (true, BitConverter.Int64BitsToDouble(_bits)),
            _ => (false, 0d),
        };
        return isNumber;
    }

    /// <summary>Reads an integer, also one that came as a double without a fraction (JSON has no integers).</summary>
    public bool TryInt(out long integer)
    {
        integer = _bits;
        if (_kind == ValueKind.Int)
        {
            return true;
        }

        // 2^53: beyond it a double no longer tells neighbouring integers apart.
        const double exact = 9_007_199_254_740_992;
        if (_kind == ValueKind.Double && AsDouble() is var d && Math.Abs(d) <= exact && Math.Truncate(d) == d)
        {
            integer = (long)d;
            return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public bool Equals(Value other) =>
        _kind == other._kind && (_kind == ValueKind.Double ? AsDouble().Equals(other.AsDouble()) : _bits == other._bits) && Equals(_reference, other._reference);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Value other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_kind, _bits, _reference);

    /// <summary>Whether both are of the same kind and content.</summary>
    public static bool operator ==(Value left, Value right) => left.Equals(right);

    /// <summary>Whether they differ in kind or content.</summary>
    public static bool operator !=(Value left, Value right) => !left.Equals(right);

    /// <summary>The value as an author would write it in an expression: text in double quotes, instants in ISO 8601.</summary>
    public override string ToString() => _kind switch
    {
        ValueKind.Null => "null",
        ValueKind.Bool => _bits != 0 ? "true" : "false",
        ValueKind.Int => _bits.ToString(CultureInfo.InvariantCulture),
        ValueKind.UInt => unchecked((ulong)_bits).ToString(CultureInfo.InvariantCulture) + "u",
        ValueKind.Double => AsDouble() is var d && Math.Truncate(d) == d && Math.Abs(d) < 1e15 ? d.ToString("F1", CultureInfo.InvariantCulture) : d.ToString("R", CultureInfo.InvariantCulture),
        ValueKind.String => "\"" + AsString() + "\"",
        ValueKind.Timestamp => AsTimestamp().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture),
        ValueKind.Duration => AsDuration().TotalSeconds.ToString("0.######", CultureInfo.InvariantCulture) + "s",
        _ => _reference!.ToString()!,
    };

    private Value Expect(ValueKind kind) => _kind == kind
        ? this
        : throw new InvalidOperationException($"the value is of kind {_kind}, not {kind}");
}
