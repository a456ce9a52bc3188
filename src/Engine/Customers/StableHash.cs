using System.Numerics;
using System.Runtime.InteropServices;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Customers;

/// <summary>
/// A 64-bit hash that is the same in every process and release: it is stored. Not against malice: two messages of
/// one customer collide by chance once in 2^64.
/// </summary>
internal struct StableHash
{
    private const ulong Odd1 = 0x9E37_79B9_7F4A_7C15;
    private const ulong Odd2 = 0xD6E8_FEB8_6659_FD93;

    private ulong _state;

    public void Add(ulong word)
    {
        unchecked
        {
            word *= Odd1;
            word ^= word >> 29;
            _state = BitOperations.RotateLeft(_state ^ (word * Odd2), 27) * Odd1;
            _state += Odd2;
        }
    }

    public void Add(long number) => Add(unchecked((ulong)number));

    public void Add(string text)
    {
        Add((ulong)text.Length);
        var units = text.AsSpan();
        var words = MemoryMarshal.Cast<char, ulong>(units);
        foreach (var word in words)
        {
            Add(word);
        }

        var tail = 0UL;
        foreach (var unit in units[(words.Length * 4)..])
        {
            tail = (tail << 16) | unit;
        }

        Add(tail);
    }

    /// <summary>Adds a value. A double without a fraction counts as the int: callers' JSON does not tell them apart.</summary>
    public void Add(Value value)
    {
        if (value.TryInt(out var integer))
        {
            Add((ulong)ValueKind.Int);
            Add(integer);
            return;
        }

        Add((ulong)value.Kind);
        switch (value.Kind)
        {
            case ValueKind.Bool:
                Add(value.AsBool() ? 1UL : 0UL);
                break;
            case ValueKind.UInt:
                Add(value.AsUInt());
                break;
            case ValueKind.Double:
                Add(BitConverter.DoubleToUInt64Bits(value.AsDouble()));
                break;
            case ValueKind.String:
                Add(value.AsString());
                break;
            case ValueKind.Timestamp:
                Add(value.AsTimestamp().UtcTicks);
                break;
            case ValueKind.Duration:
                Add(value.AsDuration().Ticks);
                break;
            case ValueKind.List:
                Add((ulong)value.AsList().Length);
                foreach (var item in value.AsList())
                {
                    Add(item);
                }

                break;
            case ValueKind.Map:
                Add(value.AsMap());
                break;
            case ValueKind.Bytes:
                Add((ulong)value.AsBytes().Length);
                foreach (var item in value.AsBytes())
                {
                    Add((ulong)item);
                }

                break;
            default:
                break;
        }
    }

    public void Add(PropertyMap map)
    {
        Add((ulong)map.Count);
        foreach (var (name, value) in map.Entries)
        {
            Add(name);
            Add(value);
        }
    }

    public readonly ulong Finish()
    {
        unchecked
        {
            var hash = _state ^ (_state >> 32);
            hash *= Odd1;
            hash ^= hash >> 29;
            hash *= Odd2;
            return hash ^ (hash >> 32);
        }
    }
}
