using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Decisioning.Engine.Values;
using Decisioning.Storage.Resting;
using Decisioning.Storage.Wire;
using Google.Protobuf;
using Kind = Decisioning.Storage.Wire.StoredValue.KindOneofCase;

namespace Decisioning.Storage.Codecs;

/// <summary>Dynamic values to and from their stored form.</summary>
internal static class ValueCodec
{
    private static readonly Func<string, string> OneName = Shared.GivenNames.One;

    public static StoredMap? Write(PropertyMap map)
    {
        if (map.Count == 0)
        {
            return null;
        }

        var stored = new StoredMap();
        stored.Entries.Capacity = map.Count;
        foreach (var (name, value) in map.Entries)
        {
            stored.Entries.Add(new StoredEntry { Name = name, Value = Write(value) });
        }

        return stored;
    }

    /// <summary>Attributes by name.</summary>
    public static PropertyMap Read(StoredMap? stored) => Read(stored, OneName);

    public static StoredValue? Write(Value value) => value.Kind switch
    {
        ValueKind.Null => null,
        ValueKind.Bool => new() { BoolValue = value.AsBool() },
        ValueKind.Int => new() { IntValue = value.AsInt() },
        ValueKind.UInt => new() { UintValue = value.AsUInt() },
        ValueKind.Double => new() { DoubleValue = value.AsDouble() },
        ValueKind.String => new() { StringValue = value.AsString() },
        ValueKind.Timestamp => new() { TimestampValue = Instants.WriteMicroseconds(value.AsTimestamp()) },
        ValueKind.Duration => new() { DurationValue = value.AsDuration().Ticks / TimeSpan.TicksPerMicrosecond },
        ValueKind.List => new() { ListValue = WriteList(value.AsList()) },
        ValueKind.Map => new() { MapValue = Write(value.AsMap()) ?? new StoredMap() },
        ValueKind.Bytes => new() { BytesValue = ByteString.CopyFrom(value.AsBytes().AsSpan()) },
        _ => throw new ArgumentOutOfRangeException(nameof(value), value.Kind, "a kind of value without a stored form"),
    };

    public static Value Read(StoredValue? stored) => stored?.KindCase switch
    {
        null or Kind.None => Value.Null,
        Kind.BoolValue => Value.Of(stored.BoolValue),
        Kind.IntValue => Value.Of(stored.IntValue),
        Kind.UintValue => Value.Of(stored.UintValue),
        Kind.DoubleValue => Value.Of(stored.DoubleValue),
        Kind.StringValue => Value.Of(stored.StringValue),
        Kind.TimestampValue => Value.Of(Instants.ReadMicroseconds(stored.TimestampValue)),
        Kind.DurationValue => Value.Of(TimeSpan.FromTicks(stored.DurationValue * TimeSpan.TicksPerMicrosecond)),
        Kind.ListValue => Value.Of(ReadList(stored.ListValue)),
        Kind.MapValue => Value.Of(Read(stored.MapValue, static name => name)),
        Kind.BytesValue => Value.Of(ImmutableCollectionsMarshal.AsImmutableArray(stored.BytesValue.ToByteArray())),
        _ => throw new InvalidDataException("a kind of value that this version does not know"),
    };

    // Names within a value may be of this customer alone: only the outermost are shared.
    private static PropertyMap Read(StoredMap? stored, Func<string, string> nameOf)
    {
        if (stored is null || stored.Entries.Count == 0)
        {
            return PropertyMap.Empty;
        }

        var entries = new KeyValuePair<string, Value>[stored.Entries.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = new(nameOf(stored.Entries[i].Name), Read(stored.Entries[i].Value));
        }

        return PropertyMap.Own(entries);
    }

    private static StoredList WriteList(ImmutableArray<Value> items)
    {
        var stored = new StoredList();
        foreach (var item in items)
        {
            stored.Items.Add(Write(item) ?? new StoredValue());
        }

        return stored;
    }

    private static ImmutableArray<Value> ReadList(StoredList stored)
    {
        var items = new Value[stored.Items.Count];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = Read(stored.Items[i]);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(items);
    }
}
