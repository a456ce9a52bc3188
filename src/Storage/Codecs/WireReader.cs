using System.Buffers.Binary;
using System.Text;
using static Google.Protobuf.WireFormat;

namespace Decisioning.Storage.Codecs;

/// <summary>
/// Reads a protobuf message field by field, without objects for what is nested. Of each field that <see cref="Next"/> finds, the
/// value is read or skipped. Bytes that are no message throw <see cref="InvalidDataException"/>.
/// </summary>
/// <param name="bytes">The message.</param>
/// <param name="depth">How many messages it is nested in.</param>
internal ref struct WireReader(ReadOnlySpan<byte> bytes, int depth = 0)
{
    private const int DepthMax = 100;
    private const int VarintBytesMax = 10;

    private ReadOnlySpan<byte> _rest = bytes;
    private WireType _type;

    /// <summary>Goes to the next field.</summary>
    /// <returns>Its number; 0 at the end.</returns>
    public int Next()
    {
        if (_rest.IsEmpty)
        {
            return 0;
        }

        var tag = Raw();
        if (tag is > uint.MaxValue or < 8)
        {
            throw Damaged();
        }

        _type = GetTagWireType((uint)tag);
        return GetTagFieldNumber((uint)tag);
    }

    public ulong Varint()
    {
        Expect(WireType.Varint);
        return Raw();
    }

    /// <summary>A number that is as often below zero as above it (<c>sint64</c>).</summary>
    public long ZigZag()
    {
        var value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>A number that is hardly ever below zero (<c>int64</c>).</summary>
    public long Int() => unchecked((long)Varint());

    public ulong Fixed64()
    {
        Expect(WireType.Fixed64);
        return BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));
    }

    public double Double() => BitConverter.UInt64BitsToDouble(Fixed64());

    public string Text() => Encoding.UTF8.GetString(Bytes());

    public ReadOnlySpan<byte> Bytes()
    {
        Expect(WireType.LengthDelimited);
        return Take(Raw());
    }

    /// <summary>A nested message.</summary>
    public WireReader Message() => depth < DepthMax ? new(Bytes(), depth + 1) : throw Damaged();

    /// <summary>How often a field is in what is left.</summary>
    public readonly int Count(int field)
    {
        var others = this;
        var count = 0;
        while (others.Next() is var next && next != 0)
        {
            count += next == field ? 1 : 0;
            others.Skip();
        }

        return count;
    }

    public void Skip()
    {
        switch (_type)
        {
            case WireType.Varint:
                Raw();
                break;
            case WireType.Fixed64:
                Take(sizeof(ulong));
                break;
            case WireType.Fixed32:
                Take(sizeof(uint));
                break;
            case WireType.LengthDelimited:
                Take(Raw());
                break;
            default:
                throw Damaged();
        }
    }

    private static InvalidDataException Damaged() => new("the bytes are not a message; restore the database from a backup");

    private readonly void Expect(WireType type)
    {
        if (_type != type)
        {
            throw Damaged();
        }
    }

    private ulong Raw()
    {
        var value = 0ul;
        for (var i = 0; i < VarintBytesMax && i < _rest.Length; i++)
        {
            value |= (ulong)(_rest[i] & 0x7F) << (7 * i);
            if (_rest[i] < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }

        throw Damaged();
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)_rest.Length)
        {
            throw Damaged();
        }

        var taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }
}
