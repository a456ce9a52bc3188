using System.Buffers.Binary;
using System.Numerics;
using Decisioning.Engine.Customers;
using Decisioning.Storage.Wire;
using Google.Protobuf;

namespace Decisioning.Storage.Codecs;

/// <summary>
/// Snapshots to and from their stored form: <c>0xD5</c>, a version byte, the CRC-32C of the rest (4 bytes, little endian),
/// then the state. A snapshot can always be made again from the log, so one that is not understood is simply not used.
/// </summary>
internal static class SnapshotCodec
{
    /// <summary>Goes up when the meaning of stored fields changes, so that older programs leave newer snapshots alone and the reverse.</summary>
    public const byte Version = 1;

    private const byte Magic = 0xD5;
    private const int HeaderBytes = 6;

    public static byte[] Write(CustomerState state)
    {
        var stored = StateCodec.Write(state);
        var bytes = new byte[HeaderBytes + stored.CalculateSize()];
        stored.WriteTo(bytes.AsSpan(HeaderBytes));
        bytes[0] = Magic;
        bytes[1] = Version;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(2), Checksum(bytes.AsSpan(HeaderBytes)));
        return bytes;
    }

    /// <summary>Reads a snapshot, or says why it cannot be used.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out CustomerState state, out string problem)
    {
        state = CustomerState.Empty;
        problem = "";
        if (bytes.Length < HeaderBytes || bytes[0] != Magic)
        {
            problem = "it is not a snapshot";
        }
        else if (bytes[1] != Version)
        {
            problem = $"it is of version {bytes[1]}, this program reads version {Version}";
        }
        else if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[2..]) != Checksum(bytes[HeaderBytes..]))
        {
            problem = "its checksum is wrong";
        }
        else
        {
            try
            {
                state = StateCodec.Read(StoredState.Parser.ParseFrom(bytes[HeaderBytes..]));
            }
            catch (Exception e) when (e is InvalidProtocolBufferException or InvalidDataException or ArgumentException)
            {
                problem = "it cannot be read: " + e.Message;
            }
        }

        return problem.Length == 0;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var b in bytes)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return ~crc;
    }
}
