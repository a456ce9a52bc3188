using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Decisioning.Engine.Customers;

namespace Decisioning.Engine.Decisions;

/// <summary>
/// What makes a decision one and the same when it is asked for again: id and seed, both from a SHA-256 of the customer's key and
/// the request id. INVARIANT (deterministic).
/// </summary>
/// <param name="Id">26 characters of Crockford's base32: 128 bits, safe in URLs and easy to read out.</param>
/// <param name="Seed">64 other bits of the same hash.</param>
internal readonly record struct DecisionIdentity(string Id, ulong Seed)
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int IdChars = 26;
    private const int StackBytesMax = 1024;

    public static DecisionIdentity Of(CustomerKey key, string requestId)
    {
        var bytesMax = Encoding.UTF8.GetMaxByteCount(key.Value.Length + requestId.Length) + 1;
        var input = bytesMax <= StackBytesMax ? stackalloc byte[StackBytesMax] : new byte[bytesMax];
        var length = Encoding.UTF8.GetBytes(key.Value, input);

        // No text holds a zero byte by accident: it keeps `ab` + `c` apart from `a` + `bc`.
        input[length++] = 0;
        length += Encoding.UTF8.GetBytes(requestId, input[length..]);

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input[..length], hash);
        return new(Base32(BinaryPrimitives.ReadUInt128BigEndian(hash)), BinaryPrimitives.ReadUInt64BigEndian(hash[16..]));
    }

    private static string Base32(UInt128 bits) => string.Create(IdChars, bits, static (chars, rest) =>
    {
        for (var i = chars.Length - 1; i >= 0; i--)
        {
            chars[i] = Alphabet[(int)(rest & 31)];
            rest >>= 5;
        }
    });
}
