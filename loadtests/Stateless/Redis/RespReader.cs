using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Decisioning.LoadTests.Stateless.Redis;

/// <summary>Reads replies of the protocol RESP2 as their bytes arrive.</summary>
internal static class RespReader
{
    /// <summary>The longest text that is taken: profiles have some kilobytes.</summary>
    public const int TextMax = 16 << 20;

    /// <summary>The most items of a list.</summary>
    public const int ItemsMax = 1 << 20;

    /// <summary>How deep lists may lie in lists.</summary>
    public const int DepthMax = 8;

    private const int LineMax = 64 << 10;

    /// <summary>Reads one reply; false while it is not all there, and then nothing is taken from the reader.</summary>
    /// <exception cref="RedisException">It is no reply of Redis, or beyond the limits.</exception>
    public static bool TryRead(ref SequenceReader<byte> reader, out RedisReply reply)
    {
        var at = reader.Position;
        if (TryRead(ref reader, 0, out var read))
        {
            reply = read;
            return true;
        }

        reader = new(reader.Sequence.Slice(at));
        reply = RedisReply.Nil;
        return false;
    }

    private static bool TryRead(ref SequenceReader<byte> reader, int depth, out RedisReply reply)
    {
        reply = RedisReply.Nil;
        if (!reader.TryReadTo(out ReadOnlySequence<byte> line, "\r\n"u8))
        {
            return reader.Remaining <= LineMax ? false : throw new RedisException("a line of a reply has no end");
        }

        if (line.IsEmpty)
        {
            throw new RedisException("a reply is empty");
        }

        var (kind, rest) = (line.FirstSpan[0], line.Slice(1));
        switch (kind)
        {
            case (byte)'+':
                reply = RedisReply.Of(rest.ToArray());
                return true;
            case (byte)'-':
                reply = RedisReply.Refused(Encoding.UTF8.GetString(rest));
                return true;
            case (byte)':':
                reply = RedisReply.Of(Number(rest));
                return true;
            case (byte)'$':
                return TryReadText(ref reader, Length(rest, TextMax), out reply);
            case (byte)'*':
                return TryReadList(ref reader, Length(rest, ItemsMax), depth, out reply);
            default:
                throw new RedisException($"a reply begins with `{(char)kind}`, which is not RESP2");
        }
    }

    private static bool TryReadText(ref SequenceReader<byte> reader, int length, out RedisReply reply)
    {
        reply = RedisReply.Nil;
        if (length < 0)
        {
            return true;
        }

        if (reader.Remaining < length + 2)
        {
            return false;
        }

        var bytes = new byte[length];
        reader.TryCopyTo(bytes);
        reader.Advance(length);
        if (!reader.IsNext("\r\n"u8, advancePast: true))
        {
            throw new RedisException("a text of a reply is longer than it says");
        }

        reply = RedisReply.Of(bytes);
        return true;
    }

    private static bool TryReadList(ref SequenceReader<byte> reader, int length, int depth, out RedisReply reply)
    {
        reply = RedisReply.Nil;
        if (length < 0)
        {
            return true;
        }

        if (depth == DepthMax)
        {
            throw new RedisException($"a reply has lists in lists deeper than {DepthMax}");
        }

        var items = new RedisReply[length];
        for (var i = 0; i < length; i++)
        {
            if (!TryRead(ref reader, depth + 1, out items[i]))
            {
                return false;
            }
        }

        reply = RedisReply.Of(items);
        return true;
    }

    private static int Length(ReadOnlySequence<byte> digits, int most) => Number(digits) is var length && length >= -1 && length <= most
        ? (int)length
        : throw new RedisException($"a reply says that it has the length {length}; it may be {most} at most");

    private static long Number(ReadOnlySequence<byte> digits)
    {
        Span<byte> bytes = stackalloc byte[20];
        if (digits.Length <= bytes.Length)
        {
            digits.CopyTo(bytes);
            if (Utf8Parser.TryParse(bytes[..(int)digits.Length], out long number, out var used) && used == digits.Length)
            {
                return number;
            }
        }

        throw new RedisException("a reply has something else where a number is to be");
    }
}
