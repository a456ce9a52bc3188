using System.Buffers.Binary;
using System.Text;
using Decisioning.Simulation.Tests.Attack.Wire;
using Decisioning.Tests.Shared;

namespace Decisioning.Simulation.Tests.Attack.Mutation;

/// <summary>What may become of a message of protobuf, and of the frame of gRPC around it.</summary>
internal static class ProtoMutation
{
    private const int DepthMax = 8;

    // The ends of what numbers, instants (years 1 and 9999) and durations hold, and one beyond.
    private static readonly long[] Numbers =
    [
        0, 1, -1, int.MaxValue, int.MinValue, (long)int.MaxValue + 1, uint.MaxValue, long.MaxValue, long.MinValue, -62_135_596_800, -62_135_596_801, 253_402_300_799, 253_402_300_800,
        -62_167_219_200, 999_999_999, 1_000_000_000,
    ];

    private static readonly double[] Doubles = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, double.Epsilon, -0.0];

    private static readonly byte[][] Texts =
    [
        [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xFF, 0xFE], [0], "\r\n"u8.ToArray(), "\u202e\u2066"u8.ToArray(), "😀"u8.ToArray(), "' OR 1=1 --"u8.ToArray(), "../../etc"u8.ToArray(),
        "{{7*7}}"u8.ToArray(), new byte[10_000], Encoding.UTF8.GetBytes(new string('x', 300_000)),
    ];

    /// <summary>A body with a message that has been changed, or is framed wrongly.</summary>
    public static byte[] Mutate(Random random, byte[] message)
    {
        for (var left = random.Next(1, 4); left > 0; left--)
        {
            message = random.Next(4) == 0 ? Bytes(random, message) : Fields(random, message, DepthMax);
        }

        return random.Next(8) == 0 ? Misframe(random, message) : GrpcFrame.Of(message);
    }

    private static byte[] Bytes(Random random, byte[] message)
    {
        var bytes = new List<byte>(message);
        var at = random.Next(bytes.Count + 1);
        var count = Math.Min(random.Next(1, 20), bytes.Count - at);
        switch (random.Next(5))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes.RemoveRange(at, count);
                break;
            case 2:
                bytes.InsertRange(at, bytes.GetRange(at, count));
                break;
            case 3:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            default:
                var more = new byte[random.Next(1, 40)];
                random.NextBytes(more);
                bytes.InsertRange(at, more);
                break;
        }

        return [.. bytes];
    }

    // One field of the message, or of a message within it, is another afterwards; the lengths around it are right.
    private static byte[] Fields(Random random, byte[] message, int depth)
    {
        if (Parse(message) is not { Count: > 0 } fields)
        {
            return [.. message, .. Unknown(random)];
        }

        var at = random.Next(fields.Count);
        var field = fields[at];
        switch (random.Next(9))
        {
            case 0:
                fields.RemoveAt(at);
                break;
            case 1:
                fields.Insert(at, field);
                break;
            case 2:
                fields.Add(fields[0]);
                fields.RemoveAt(0);
                break;
            case 3:
                return [.. message, .. Unknown(random)];
            case 4:
                fields[at] = field with { Number = random.Next(1, 20) };
                break;
            case 5 when field.Type == 2:
                fields[at] = field with { Bytes = Deep(random, field) };
                break;
            default:
                fields[at] = field.Type switch
                {
                    0 => field with { Bytes = Varint(unchecked((ulong)Numbers[random.Next(Numbers.Length)])) },
                    1 => field with { Bytes = BitConverter.GetBytes(Doubles[random.Next(Doubles.Length)]) },
                    2 when depth > 0 && random.Next(3) > 0 => field with { Bytes = Fields(random, field.Bytes, depth - 1) },
                    2 => field with { Bytes = Texts[random.Next(Texts.Length)] },
                    _ => field with { Bytes = Bytes(random, field.Bytes) },
                };
                break;
        }

        return [.. fields.SelectMany(Bytes)];
    }

    // The field within itself, a thousand times: deeper than any reader may follow.
    private static byte[] Deep(Random random, Field field)
    {
        var bytes = field.Bytes;
        for (var left = random.Next(2) == 0 ? 20 : 1000; left > 0; left--)
        {
            bytes = Bytes(field with { Number = random.Next(1, 8), Bytes = bytes });
        }

        return bytes;
    }

    private static byte[] Misframe(Random random, byte[] message)
    {
        var framed = GrpcFrame.Of(message);
        switch (random.Next(6))
        {
            case 0:
                BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), message.Length + random.Next(-Math.Min(5, message.Length), 20));
                return framed;
            case 1:
                BinaryPrimitives.WriteUInt32BigEndian(framed.AsSpan(1), uint.MaxValue - (uint)random.Next(3));
                return framed;
            case 2:
                framed[0] = (byte)random.Next(1, 256);
                return framed;
            case 3:
                return framed[..random.Next(framed.Length)];
            case 4:
                return [.. framed, .. framed];
            default:
                return [.. framed, .. framed[..random.Next(framed.Length)]];
        }
    }

    private static byte[] Unknown(Random random) => Bytes(new Field(random.Next(50, 600_000), 2, Texts[random.Next(Texts.Length)]));

    private static List<Field>? Parse(byte[] message)
    {
        var (fields, at) = (new List<Field>(), 0);
        while (at < message.Length)
        {
            if (ReadVarint(message, ref at) is not { } tag || tag >> 3 is 0 or > int.MaxValue)
            {
                return null;
            }

            var (start, type) = (at, (int)(tag & 7));
            var length = type switch { 1 => 8UL, 5 => 4UL, _ => 0UL };
            if (type is 0 or 2)
            {
                if (ReadVarint(message, ref at) is not { } value)
                {
                    return null;
                }

                (start, length) = type == 2 ? (at, value) : (start, 0UL);
            }
            else if (type is not (1 or 5))
            {
                return null;
            }

            if (length > (ulong)(message.Length - at))
            {
                return null;
            }

            at += (int)length;
            fields.Add(new((int)(tag >> 3), type, message[start..at]));
        }

        return fields;
    }

    private static ulong? ReadVarint(byte[] bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; shift < 64 && at < bytes.Length; shift += 7)
        {
            var next = bytes[at++];
            value |= (ulong)(next & 127) << shift;
            if (next < 128)
            {
                return value;
            }
        }

        return null;
    }

    private static byte[] Bytes(Field field) =>
        [.. Varint(((ulong)field.Number << 3) | (uint)field.Type), .. field.Type == 2 ? Varint((ulong)field.Bytes.Length) : [], .. field.Bytes];

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 128; value >>= 7)
        {
            bytes.Add((byte)((value & 127) | 128));
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }

    /// <summary>A field as it is on the wire.</summary>
    /// <param name="Number">Its number.</param>
    /// <param name="Type">Its type on the wire: 2 has a length.</param>
    /// <param name="Bytes">What follows the tag, without the length.</param>
    private sealed record Field(int Number, int Type, byte[] Bytes);
}
