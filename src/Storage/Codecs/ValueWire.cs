using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Decisioning.Engine.Values;
using Decisioning.Storage.Wire;

namespace Decisioning.Storage.Codecs;

/// <summary>
/// Dynamic values to and from the bytes of their stored form: what protobuf makes of the messages of <see cref="ValueCodec"/>,
/// without the messages.
/// </summary>
internal static class ValueWire
{
    /// <summary>A field that holds a map; none for an empty one.</summary>
    public static void Write(ref WireWriter writer, int field, PropertyMap map)
    {
        if (map.Count != 0)
        {
            WriteMap(ref writer, field, map);
        }
    }

    public static PropertyMap ReadMap(WireReader reader)
    {
        var entries = new KeyValuePair<string, Value>[reader.Count(StoredMap.EntriesFieldNumber)];
        for (var i = 0; reader.Next() is var field && field != 0;)
        {
            if (field == StoredMap.EntriesFieldNumber)
            {
                entries[i++] = ReadEntry(reader.Message());
            }
            else
            {
                reader.Skip();
            }
        }

        return PropertyMap.Own(entries);
    }

    private static void WriteMap(ref WireWriter writer, int field, PropertyMap map)
    {
        var end = writer.Length;
        for (var i = map.Count - 1; i >= 0; i--)
        {
            var (name, value) = map.Entries[i];
            var entryEnd = writer.Length;
            if (!value.IsNull)
            {
                WriteValue(ref writer, StoredEntry.ValueFieldNumber, value);
            }

            writer.TextUnlessEmpty(StoredEntry.NameFieldNumber, name);
            writer.Message(StoredMap.EntriesFieldNumber, entryEnd);
        }

        writer.Message(field, end);
    }

    private static void WriteValue(ref WireWriter writer, int field, Value value)
    {
        var end = writer.Length;
        switch (value.Kind)
        {
            case ValueKind.Null:
                break;
            case ValueKind.Bool:
                writer.Varint(StoredValue.BoolValueFieldNumber, value.AsBool() ? 1ul : 0);
                break;
            case ValueKind.Int:
                writer.ZigZag(StoredValue.IntValueFieldNumber, value.AsInt());
                break;
            case ValueKind.UInt:
                writer.Varint(StoredValue.UintValueFieldNumber, value.AsUInt());
                break;
            case ValueKind.Double:
                writer.Double(StoredValue.DoubleValueFieldNumber, value.AsDouble());
                break;
            case ValueKind.String:
                writer.Text(StoredValue.StringValueFieldNumber, value.AsString());
                break;
            case ValueKind.Timestamp:
                writer.ZigZag(StoredValue.TimestampValueFieldNumber, Instants.WriteMicroseconds(value.AsTimestamp()));
                break;
            case ValueKind.Duration:
                writer.ZigZag(StoredValue.DurationValueFieldNumber, value.AsDuration().Ticks / TimeSpan.TicksPerMicrosecond);
                break;
            case ValueKind.List:
                WriteList(ref writer, StoredValue.ListValueFieldNumber, value.AsList());
                break;
            case ValueKind.Map:
                WriteMap(ref writer, StoredValue.MapValueFieldNumber, value.AsMap());
                break;
            case ValueKind.Bytes:
                writer.Bytes(StoredValue.BytesValueFieldNumber, value.AsBytes().AsSpan());
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(value), value.Kind, "a kind of value without a stored form");
        }

        writer.Message(field, end);
    }

    private static void WriteList(ref WireWriter writer, int field, ImmutableArray<Value> items)
    {
        var end = writer.Length;
        for (var i = items.Length - 1; i >= 0; i--)
        {
            WriteValue(ref writer, StoredList.ItemsFieldNumber, items[i]);
        }

        writer.Message(field, end);
    }

    private static KeyValuePair<string, Value> ReadEntry(WireReader reader)
    {
        var (name, value) = ("", Value.Null);
        while (reader.Next() is var field && field != 0)
        {
            switch (field)
            {
                case StoredEntry.NameFieldNumber:
                    name = reader.Text();
                    break;
                case StoredEntry.ValueFieldNumber:
                    value = ReadValue(reader.Message());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new(name, value);
    }

    // A kind that this version does not know reads as null.
    private static Value ReadValue(WireReader reader)
    {
        var value = Value.Null;
        while (reader.Next() is var field && field != 0)
        {
            switch (field)
            {
                case StoredValue.BoolValueFieldNumber:
                    value = Value.Of(reader.Varint() != 0);
                    break;
                case StoredValue.IntValueFieldNumber:
                    value = Value.Of(reader.ZigZag());
                    break;
                case StoredValue.UintValueFieldNumber:
                    value = Value.Of(reader.Varint());
                    break;
                case StoredValue.DoubleValueFieldNumber:
                    value = Value.Of(reader.Double());
                    break;
                case StoredValue.StringValueFieldNumber:
                    value = Value.Of(reader.Text());
                    break;
                case StoredValue.TimestampValueFieldNumber:
                    value = Value.Of(Instants.ReadMicroseconds(reader.ZigZag()));
                    break;
                case StoredValue.DurationValueFieldNumber:
                    value = Value.Of(TimeSpan.FromTicks(reader.ZigZag() * TimeSpan.TicksPerMicrosecond));
                    break;
                case StoredValue.ListValueFieldNumber:
                    value = Value.Of(ReadList(reader.Message()));
                    break;
                case StoredValue.MapValueFieldNumber:
                    value = Value.Of(ReadMap(reader.Message()));
                    break;
                case StoredValue.BytesValueFieldNumber:
                    value = Value.Of(ImmutableCollectionsMarshal.AsImmutableArray(reader.Bytes().ToArray()));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return value;
    }

    private static ImmutableArray<Value> ReadList(WireReader reader)
    {
        var items = new Value[reader.Count(StoredList.ItemsFieldNumber)];
        for (var i = 0; reader.Next() is var field && field != 0;)
        {
            if (field == StoredList.ItemsFieldNumber)
            {
                items[i++] = ReadValue(reader.Message());
            }
            else
            {
                reader.Skip();
            }
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(items);
    }
}
