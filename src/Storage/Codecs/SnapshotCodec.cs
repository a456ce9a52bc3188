using System.Buffers.Binary;
using Decisioning.Engine.Customers;
using Decisioning.Storage.Wire;
using Google.Protobuf;

namespace Decisioning.Storage.Codecs;

/// <summary>
/// Snapshots to and from their stored form: <c>0xD5</c>, a version byte, the CRC-32C of the customer's key and the rest (4
/// bytes, little endian; of the rest alone in version 1), then the state. A snapshot can always be made again from the log, so
/// one that is not understood is simply not used.
/// </summary>
internal static class SnapshotCodec
{
    /// <summary>Goes up when the meaning of stored fields changes, so that older programs leave newer snapshots alone and the reverse.</summary>
    public const byte Version = 2;

    private const byte VersionWithoutCustomer = 1;

    private const byte Magic = 0xD5;
    private const int HeaderBytes = 6;

    public static byte[] Write(string customer, CustomerState state)
    {
        var stored = StateCodec.Write(state);
        var bytes = new byte[HeaderBytes + stored.CalculateSize()];
        stored.WriteTo(bytes.AsSpan(HeaderBytes));
        bytes[0] = Magic;
        bytes[1] = Version;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(2), Seal.Of(customer, bytes.AsSpan(HeaderBytes)));
        return bytes;
    }

    /// <summary>Reads a snapshot, or says why it cannot be used.</summary>
    public static bool TryRead(string customer, ReadOnlySpan<byte> bytes, out CustomerState state, out string problem)
    {
        state = CustomerState.Empty;
        problem = "";
        if (bytes.Length < HeaderBytes || bytes[0] != Magic)
        {
            problem = "it is not a snapshot";
        }
        else if (bytes[1] is not (Version or VersionWithoutCustomer))
        {
            problem = $"it is of version {bytes[1]}, this program reads versions up to {Version}";
        }
        else if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[2..]) != (bytes[1] == Version ? Seal.Of(customer, bytes[HeaderBytes..]) : Seal.Of(bytes[HeaderBytes..])))
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
}
