namespace Decisioning.Gateway.Requests;

/// <summary>
/// Ids for questions that come without one: 32 hexadecimal digits. They need not be secret, only no two alike: counted up from a number that chance gave
/// this process, since to ask the system for chance each time takes longer than to read the question.
/// </summary>
internal static class RequestIds
{
    private static readonly UInt128 First = ToNumber(Guid.NewGuid());
    private static long _last;

    /// <summary>One that nobody had before.</summary>
    public static string Next() => unchecked(First + (ulong)Interlocked.Increment(ref _last)).ToString("x32", System.Globalization.CultureInfo.InvariantCulture);

    private static UInt128 ToNumber(Guid guid)
    {
        Span<byte> bytes = stackalloc byte[16];
        guid.TryWriteBytes(bytes);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
