using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Decisioning.Storage.Resting;

/// <summary>Bytes one after the other, without names of fields: whoever reads them knows their order.</summary>
internal ref struct RestWriter
{
    private const int VarintBytesMax = 10;

    private byte[] _buffer;
    private int _length;

    public RestWriter(int size) => _buffer = ArrayPool<byte>.Shared.Rent(size);

    public readonly byte[] ToArray() => _buffer.AsSpan(0, _length).ToArray();

    public void Byte(byte value) => Take(1)[0] = value;

    /// <summary>A number that is mostly small, in 1 to 10 bytes.</summary>
    public void Count(ulong value)
    {
        var span = Room(VarintBytesMax);
        var at = 0;
        for (; value >= 0x80; value >>= 7)
        {
            span[at++] = (byte)(value & 0x7F | 0x80);
        }

        span[at++] = (byte)value;
        _length += at;
    }

    /// <summary>A number whose amount is mostly small.</summary>
    public void Number(long value) => Count(unchecked((ulong)((value << 1) ^ (value >> 63))));

    public void Raw(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(sizeof(ulong)), value);

    public void Raw(UInt128 value) => BinaryPrimitives.WriteUInt128LittleEndian(Take(2 * sizeof(ulong)), value);

    /// <summary>A span in ticks, as long as the calendar at most (2^62); most are whole milliseconds.</summary>
    public void Ticks(long ticks) => Number(ticks % TimeSpan.TicksPerMillisecond == 0 ? ticks / TimeSpan.TicksPerMillisecond * 2 : unchecked((ticks << 1) | 1));

    /// <summary>A number as a double; most are whole.</summary>
    public void Double(double value)
    {
        var isWhole = Math.Abs(value) < 1L << 52 && BitConverter.DoubleToInt64Bits((long)value) == BitConverter.DoubleToInt64Bits(value);
        Byte(isWhole ? (byte)1 : (byte)0);
        if (isWhole)
        {
            Number((long)value);
        }
        else
        {
            Raw(BitConverter.DoubleToUInt64Bits(value));
        }
    }

    /// <summary>A name that a strategy declares, by its number where it has one.</summary>
    public void Name(string name) => Name(name, Shared.Names);

    /// <summary>A name that a caller chose, by its number where it has one.</summary>
    public void GivenName(string name) => Name(name, Shared.GivenNames);

    /// <summary>A key of <see cref="Shared"/>, by its number where it has one.</summary>
    public void Key(ulong key)
    {
        var isShared = Shared.Keys.TryNumber(key, out var number);
        Count(isShared ? (ulong)number + 1 : 0);
        if (!isShared)
        {
            Raw(key);
        }
    }

    public void Text(string text) => Characters(text, 1);

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Count((ulong)bytes.Length);
        bytes.CopyTo(Take(bytes.Length));
    }

    public readonly void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private void Name(string name, SharedNames names)
    {
        if (names.TryNumber(name, out var number))
        {
            Count((2 * (ulong)number) + 1);
        }
        else
        {
            Characters(name, 2);
        }
    }

    private void Characters(string text, ulong times)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Count((ulong)length * times);
        Encoding.UTF8.GetBytes(text, Take(length));
    }

    private Span<byte> Take(int count)
    {
        var room = Room(count);
        _length += count;
        return room[..count];
    }

    private Span<byte> Room(int count)
    {
        if (_buffer.Length - _length < count)
        {
            var larger = ArrayPool<byte>.Shared.Rent((int)BitOperations.RoundUpToPowerOf2((uint)(_length + count)));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsSpan(_length);
    }
}
