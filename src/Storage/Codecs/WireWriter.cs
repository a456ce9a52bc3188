using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using static Google.Protobuf.WireFormat;

namespace Decisioning.Storage.Codecs;

/// <summary>
/// Writes a protobuf message from its end to its beginning: what is nested is written before its length, so that nothing is
/// measured first and nothing is made to be written. Fields are given last to first. To be disposed, and passed by reference.
/// </summary>
internal ref struct WireWriter
{
    private const int VarintBytesMax = 10;

    private byte[] _buffer;
    private int _start;

    /// <param name="size">The bytes that most messages fit in.</param>
    public WireWriter(int size)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(size);
        _start = _buffer.Length;
    }

    /// <summary>How many bytes are written.</summary>
    public readonly int Length => _buffer.Length - _start;

    /// <summary>What is written, until more is.</summary>
    public readonly ReadOnlySpan<byte> Written => _buffer.AsSpan(_start);

    public void Varint(int field, ulong value)
    {
        Raw(value);
        Tag(field, WireType.Varint);
    }

    /// <summary>A number that is as often below zero as above it (<c>sint64</c>).</summary>
    public void ZigZag(int field, long value) => Varint(field, unchecked((ulong)((value << 1) ^ (value >> 63))));

    public void Fixed64(int field, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Take(sizeof(ulong)), value);
        Tag(field, WireType.Fixed64);
    }

    public void Double(int field, double value) => Fixed64(field, BitConverter.DoubleToUInt64Bits(value));

    /// <summary>Text; half of a surrogate pair becomes U+FFFD.</summary>
    public void Text(int field, string value)
    {
        // Nearly all text is a byte a character, and to count first would be to read it twice.
        if (Ascii.FromUtf16(value, Take(value.Length), out _) == OperationStatus.Done)
        {
            Close(field, value.Length);
            return;
        }

        _start += value.Length;
        var length = Encoding.UTF8.GetByteCount(value);
        Encoding.UTF8.GetBytes(value, Take(length));
        Close(field, length);
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        value.CopyTo(Take(value.Length));
        Close(field, value.Length);
    }

    /// <summary>A nested message: what was written since <see cref="Length"/> was so much.</summary>
    public void Message(int field, int since) => Close(field, Length - since);

    /// <summary>As protobuf does where it does not tell nothing from the default.</summary>
    public void VarintUnlessZero(int field, ulong value)
    {
        if (value != 0)
        {
            Varint(field, value);
        }
    }

    /// <inheritdoc cref="VarintUnlessZero"/>
    public void Fixed64UnlessZero(int field, ulong value)
    {
        if (value != 0)
        {
            Fixed64(field, value);
        }
    }

    /// <inheritdoc cref="VarintUnlessZero"/>
    public void DoubleUnlessZero(int field, double value)
    {
        if (value != 0)
        {
            Double(field, value);
        }
    }

    /// <inheritdoc cref="VarintUnlessZero"/>
    public void TextUnlessEmpty(int field, string value)
    {
        if (value.Length != 0)
        {
            Text(field, value);
        }
    }

    public readonly void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private void Close(int field, int length)
    {
        Raw((ulong)length);
        Tag(field, WireType.LengthDelimited);
    }

    private void Tag(int field, WireType type) => Raw(MakeTag(field, type));

    private void Raw(ulong value)
    {
        if (value < 0x80)
        {
            Take(1)[0] = (byte)value;
            return;
        }

        Span<byte> bytes = stackalloc byte[VarintBytesMax];
        var count = 0;
        for (; value >= 0x80; value >>= 7)
        {
            bytes[count++] = (byte)((value & 0x7F) | 0x80);
        }

        bytes[count++] = (byte)value;
        bytes[..count].CopyTo(Take(count));
    }

    // The room in front of what is written.
    private Span<byte> Take(int count)
    {
        if (_start < count)
        {
            Grow(count);
        }

        _start -= count;
        return _buffer.AsSpan(_start, count);
    }

    private void Grow(int count)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(Length + count), 2 * _buffer.Length));
        var start = larger.Length - Length;
        Written.CopyTo(larger.AsSpan(start));
        ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _start) = (larger, start);
    }
}
