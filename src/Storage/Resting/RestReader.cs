using System.Buffers.Binary;
using System.Text;

namespace Decisioning.Storage.Resting;

/// <summary>Reads what <see cref="RestWriter"/> wrote, in the same order; only of this process, so that nothing in it is doubted.</summary>
internal ref struct RestReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    public byte Byte() => _bytes[_at++];

    public ulong Count()
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = _bytes[_at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }

    /// <summary>How many follow.</summary>
    public int Length() => (int)Count();

    public long Number()
    {
        var value = Count();
        return unchecked((long)(value >> 1) ^ -(long)(value & 1));
    }

    public ulong Raw() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    public UInt128 Raw128() => BinaryPrimitives.ReadUInt128LittleEndian(Take(2 * sizeof(ulong)));

    public long Ticks()
    {
        var number = Number();
        return (number & 1) == 0 ? number / 2 * TimeSpan.TicksPerMillisecond : number >> 1;
    }

    public double Double() => Byte() == 1 ? Number() : BitConverter.UInt64BitsToDouble(Raw());

    public string Name() => Name(Shared.Names);

    public string GivenName() => Name(Shared.GivenNames);

    public ulong Key() => Length() is > 0 and var number ? Shared.Keys.At(number - 1) : Raw();

    public string Text() => Characters(Length());

    public ReadOnlySpan<byte> Bytes() => Take(Length());

    private string Name(SharedNames names)
    {
        var number = Length();
        return (number & 1) == 1 ? names.At(number >> 1) : Characters(number >> 1);
    }

    private string Characters(int length) => length == 0 ? "" : Encoding.UTF8.GetString(Take(length));

    private ReadOnlySpan<byte> Take(int count)
    {
        var taken = _bytes.Slice(_at, count);
        _at += count;
        return taken;
    }
}
