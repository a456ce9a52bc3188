using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Decisioning.Storage.Sqlite;

/// <summary>A message id of one customer. The hash stands for the id: two ids with one hash would take 2^64 tries to make.</summary>
/// <param name="CustomerId">The customer's number.</param>
/// <param name="Hash">The first 16 bytes of the SHA-256 of the message id, most significant first.</param>
internal readonly record struct MessageKey(long CustomerId, UInt128 Hash) : IComparable<MessageKey>
{
    public const int HashBytes = 16;

    public static UInt128 HashOf(string messageId)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(messageId.AsSpan()), hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    public int CompareTo(MessageKey other) =>
        CustomerId != other.CustomerId ? CustomerId.CompareTo(other.CustomerId) : Hash.CompareTo(other.Hash);

    public static bool operator <(MessageKey left, MessageKey right) => left.CompareTo(right) < 0;

    public static bool operator >(MessageKey left, MessageKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(MessageKey left, MessageKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(MessageKey left, MessageKey right) => left.CompareTo(right) >= 0;
}
