using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Decisioning.Storage.Codecs;

/// <summary>
/// The last field of a stored message, number 15: the CRC-32C of the customer's key and of all bytes before it. A database
/// keeps what it was given but does not notice when the disk gives back something else; a message that parses is not yet right.
/// </summary>
internal static class Seal
{
    /// <summary>What it adds to each message: a byte of tag and four of checksum, little endian.</summary>
    public const int Bytes = 5;

    private const byte Tag = (15 << 3) | (int)WireFormat.WireType.Fixed32;

    /// <summary>The bytes of a message of the customer with this key, sealed.</summary>
    public static byte[] Write(string customer, IMessage message)
    {
        var bytes = new byte[message.CalculateSize() + Bytes];
        message.WriteTo(bytes.AsSpan(0, bytes.Length - Bytes));
        return Close(customer, bytes);
    }

    /// <inheritdoc cref="Write(string, IMessage)"/>
    public static byte[] Write(string customer, ReadOnlySpan<byte> message)
    {
        var bytes = new byte[message.Length + Bytes];
        message.CopyTo(bytes);
        return Close(customer, bytes);
    }

    /// <summary>Looks whether bytes are as they were written for this customer.</summary>
    /// <param name="customer">The key of the customer whose they should be.</param>
    /// <param name="bytes">The bytes of the message, with its seal.</param>
    /// <param name="isSealed">Whether there must be a seal; without one nothing is looked at.</param>
    /// <exception cref="InvalidDataException">They are not.</exception>
    public static void Check(string customer, ReadOnlySpan<byte> bytes, bool isSealed)
    {
        if (isSealed && (bytes.Length < Bytes || bytes[^Bytes] != Tag || BinaryPrimitives.ReadUInt32LittleEndian(bytes[^(Bytes - 1)..]) != Of(customer, bytes[..^Bytes])))
        {
            throw new InvalidDataException("a row is damaged: its checksum is wrong; restore the database from a backup");
        }
    }

    /// <summary>The checksum of bytes that belong to the customer with this key.</summary>
    public static uint Of(string customer, ReadOnlySpan<byte> bytes) =>
        ~Continue(Continue(uint.MaxValue, MemoryMarshal.AsBytes(customer.AsSpan())), bytes);

    /// <summary>The checksum of bytes that belong to nobody.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => ~Continue(uint.MaxValue, bytes);

    private static byte[] Close(string customer, byte[] bytes)
    {
        var size = bytes.Length - Bytes;
        bytes[size] = Tag;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(size + 1), Of(customer, bytes.AsSpan(0, size)));
        return bytes;
    }

    private static uint Continue(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var b in bytes)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return crc;
    }
}
