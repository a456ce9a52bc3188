using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text;
using System.Text.Unicode;

namespace Decisioning.Engine.Decisions;

/// <summary>
/// What a response needs to know of the item it answers, self-contained, so that it still counts days later on another channel.
/// As text: a version byte, the fields, a CRC-32C, in base64url. The checksum is against mistakes (cut, pasted, mangled tokens), it
/// is no signature: whoever may send events may also make a token.
/// </summary>
/// <param name="DecisionId">The decision.</param>
/// <param name="Issue">The action's issue.</param>
/// <param name="Group">The action's group.</param>
/// <param name="Action">The action.</param>
/// <param name="Treatment">The treatment.</param>
/// <param name="Channel">The treatment's channel.</param>
/// <param name="Placement">The treatment's placement.</param>
/// <param name="DecidedAt">When it was decided, UTC, in whole microseconds.</param>
public sealed record TrackingToken(
    string DecisionId, string Issue, string Group, string Action, string Treatment, string Channel, string Placement, DateTimeOffset DecidedAt)
{
    private const byte Version = 1;
    private const int TextBytesMax = byte.MaxValue;
    private const int TextCount = 7;
    private const int TimeBytes = sizeof(long);
    private const int ChecksumBytes = sizeof(uint);
    private const int BytesMin = 1 + TextCount + TimeBytes + ChecksumBytes;
    private const int BytesMax = BytesMin + (TextCount * TextBytesMax);
    private const string Cure = "give the `tracking_token` of the decision's item back unchanged";

    /// <summary>The token as text, at most <see cref="Limits.TrackingTokenCharsMax"/> characters.</summary>
    /// <exception cref="ArgumentException">A field has more than 255 bytes in UTF-8.</exception>
    public string Write()
    {
        Span<byte> bytes = stackalloc byte[BytesMax];
        bytes[0] = Version;
        var at = 1;
        WriteText(bytes, ref at, DecisionId);
        WriteText(bytes, ref at, Issue);
        WriteText(bytes, ref at, Group);
        WriteText(bytes, ref at, Action);
        WriteText(bytes, ref at, Treatment);
        WriteText(bytes, ref at, Channel);
        WriteText(bytes, ref at, Placement);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[at..], DecidedAt.UtcTicks / TimeSpan.TicksPerMicrosecond);
        at += TimeBytes;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[at..], Checksum(bytes[..at]));
        return Base64Url.EncodeToString(bytes[..(at + ChecksumBytes)]);
    }

    /// <summary>Reads a token back; refuses everything that <see cref="Write"/> did not write.</summary>
    /// <param name="text">The text.</param>
    /// <param name="token">The token, when it is one.</param>
    /// <param name="error">Why it is none, with the cure.</param>
    public static bool TryRead(string text, [NotNullWhen(true)] out TrackingToken? token, [NotNullWhen(false)] out string? error)
    {
        Span<byte> buffer = stackalloc byte[BytesMax];
        (token, error) = Refusal(text, buffer, out var length) is { } refusal ? (null, $"{refusal}: {Cure}") : Fields(buffer[..length]);
        return token is not null;
    }

    private static string? Refusal(string text, Span<byte> buffer, out int length)
    {
        length = 0;
        if (text.Length > Limits.TrackingTokenCharsMax)
        {
            return $"the token has {text.Length} characters, at most {Limits.TrackingTokenCharsMax} are possible";
        }

        // Decoders overlook stray bits in the last character and white space; a token has one spelling.
        if (!Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, buffer, out length) || Base64Url.EncodeToString(buffer[..length]) != text)
        {
            return "the token is not base64url";
        }

        if (length < BytesMin)
        {
            return "the token is cut off";
        }

        if (Checksum(buffer[..(length - ChecksumBytes)]) != BinaryPrimitives.ReadUInt32LittleEndian(buffer[(length - ChecksumBytes)..]))
        {
            return "the token's checksum does not match";
        }

        return buffer[0] == Version ? null : $"the token is of version `{buffer[0]}`, known is `{Version}`";
    }

    private static (TrackingToken? Token, string? Error) Fields(ReadOnlySpan<byte> bytes)
    {
        var at = 1;
        if (ReadText(bytes, ref at) is { } decision && ReadText(bytes, ref at) is { } issue && ReadText(bytes, ref at) is { } group
            && ReadText(bytes, ref at) is { } action && ReadText(bytes, ref at) is { } treatment && ReadText(bytes, ref at) is { } channel
            && ReadText(bytes, ref at) is { } placement && at + TimeBytes + ChecksumBytes == bytes.Length
            && Instant(BinaryPrimitives.ReadInt64LittleEndian(bytes[at..])) is { } decidedAt)
        {
            return (new(decision, issue, group, action, treatment, channel, placement, decidedAt), null);
        }

        return (null, $"the token's fields cannot be read: {Cure}");
    }

    private static void WriteText(Span<byte> bytes, ref int at, string text)
    {
        if (!Encoding.UTF8.TryGetBytes(text, bytes.Slice(at + 1, TextBytesMax), out var length))
        {
            throw new ArgumentException($"`{text}` has more than {TextBytesMax} bytes", nameof(text));
        }

        bytes[at] = (byte)length;
        at += 1 + length;
    }

    private static string? ReadText(ReadOnlySpan<byte> bytes, ref int at)
    {
        if (at >= bytes.Length || at + 1 + bytes[at] > bytes.Length)
        {
            return null;
        }

        var text = bytes.Slice(at + 1, bytes[at]);
        at += 1 + text.Length;
        return Utf8.IsValid(text) ? Encoding.UTF8.GetString(text) : null;
    }

    private static DateTimeOffset? Instant(long microseconds) =>
        microseconds >= 0 && microseconds <= DateTimeOffset.MaxValue.UtcTicks / TimeSpan.TicksPerMicrosecond
            ? new(microseconds * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero)
            : null;

    /// <summary>A CRC finds every burst of up to 32 bits, so every changed byte and every changed character.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var one in bytes)
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return ~crc;
    }
}
