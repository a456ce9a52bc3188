using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Decisioning.Engine.Values;

namespace Decisioning.Storage.Resting;

/// <summary>Dynamic values at rest.</summary>
internal static class RestValues
{
    /// <summary>Attributes by name.</summary>
    public static void WriteMap(ref RestWriter writer, PropertyMap map)
    {
        writer.Count((ulong)map.Count);
        foreach (var (name, value) in map.Entries)
        {
            writer.GivenName(name);
            Write(ref writer, value);
        }
    }

    public static PropertyMap ReadMap(ref RestReader reader)
    {
        var entries = new KeyValuePair<string, Value>[reader.Length()];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = new(reader.GivenName(), Read(ref reader));
        }

        return PropertyMap.Own(entries);
    }

    public static void Write(ref RestWriter writer, Value value)
    {
        writer.Byte((byte)value.Kind);
        switch (value.Kind)
        {
            case ValueKind.Null:
                break;
            case ValueKind.Bool:
                writer.Byte(value.AsBool() ? (byte)1 : (byte)0);
                break;
            case ValueKind.Int:
                writer.Number(value.AsInt());
                break;
            case ValueKind.UInt:
                writer.Count(value.AsUInt());
                break;
            case ValueKind.Double:
                writer.Double(value.AsDouble());
                break;
            case ValueKind.String:
                writer.Text(value.AsString());
                break;
            case ValueKind.Timestamp:
                writer.Ticks(value.AsTimestamp().UtcTicks);
                break;
            case ValueKind.Duration:
                writer.Number(value.AsDuration().Ticks);
                break;
            case ValueKind.List:
                writer.Count((ulong)value.AsList().Length);
                foreach (var item in value.AsList())
                {
                    Write(ref writer, item);
                }

                break;
            case ValueKind.Map:
                WriteInner(ref writer, value.AsMap());
                break;
            case ValueKind.Bytes:
                writer.Bytes(value.AsBytes().AsSpan());
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(value), value.Kind, "a kind of value without a form at rest");
        }
    }

    public static Value Read(ref RestReader reader) => (ValueKind)reader.Byte() switch
    {
        ValueKind.Null => Value.Null,
        ValueKind.Bool => Value.Of(reader.Byte() == 1),
        ValueKind.Int => Value.Of(reader.Number()),
        ValueKind.UInt => Value.Of(reader.Count()),
        ValueKind.Double => Value.Of(reader.Double()),
        ValueKind.String => Value.Of(reader.Text()),
        ValueKind.Timestamp => Value.Of(new DateTimeOffset(reader.Ticks(), TimeSpan.Zero)),
        ValueKind.Duration => Value.Of(new TimeSpan(reader.Number())),
        ValueKind.List => Value.Of(ReadList(ref reader)),
        ValueKind.Map => Value.Of(ReadInner(ref reader)),
        ValueKind.Bytes => Value.Of(ImmutableArray.Create(reader.Bytes())),
        var kind => throw new InvalidOperationException($"a value at rest is of kind {kind}"),
    };

    // Names within a value may be of this customer alone.
    private static void WriteInner(ref RestWriter writer, PropertyMap map)
    {
        writer.Count((ulong)map.Count);
        foreach (var (name, value) in map.Entries)
        {
            writer.Text(name);
            Write(ref writer, value);
        }
    }

    private static PropertyMap ReadInner(ref RestReader reader)
    {
        var entries = new KeyValuePair<string, Value>[reader.Length()];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = new(reader.Text(), Read(ref reader));
        }

        return PropertyMap.Own(entries);
    }

    private static ImmutableArray<Value> ReadList(ref RestReader reader)
    {
        var items = new Value[reader.Length()];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = Read(ref reader);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(items);
    }
}
