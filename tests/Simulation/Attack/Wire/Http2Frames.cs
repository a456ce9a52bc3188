using System.Buffers.Binary;
using System.Text;

namespace Decisioning.Simulation.Tests.Attack.Wire;

/// <summary>Frames of HTTP/2 as bytes, right ones and wrong ones alike.</summary>
internal static class Http2Frames
{
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte Priority = 2;
    public const byte Reset = 3;
    public const byte Settings = 4;
    public const byte Ping = 6;
    public const byte GoAway = 7;
    public const byte WindowUpdate = 8;
    public const byte Continuation = 9;

    public const byte EndStream = 1;
    public const byte Ack = 1;
    public const byte EndHeaders = 4;
    public const byte Padded = 8;

    /// <summary>Bytes before the payload of a frame.</summary>
    public const int HeadBytes = 9;

    /// <summary>What a client begins with.</summary>
    public static readonly byte[] Preface = Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    private static readonly string[] Codes =
    [
        "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED", "FRAME_SIZE_ERROR", "REFUSED_STREAM",
        "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM", "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
    ];

    /// <summary>The name of a code of GOAWAY or RST_STREAM.</summary>
    public static string Name(uint code) => code < Codes.Length ? Codes[code] : $"code {code}";

    /// <summary>A frame.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="flags">Its flags.</param>
    /// <param name="stream">Its stream.</param>
    /// <param name="payload">What it holds.</param>
    /// <param name="length">What it says its length is; null for the truth.</param>
    public static byte[] Of(byte type, byte flags, int stream, byte[] payload, int? length = null)
    {
        var frame = new byte[HeadBytes + payload.Length];
        var said = length ?? payload.Length;
        (frame[0], frame[1], frame[2], frame[3], frame[4]) = ((byte)((said >> 16) & 0xFF), (byte)((said >> 8) & 0xFF), (byte)(said & 0xFF), type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, HeadBytes);
        return frame;
    }

    /// <summary>A number as a payload.</summary>
    public static byte[] Number(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }

    /// <summary>One setting.</summary>
    public static byte[] Setting(ushort id, uint value)
    {
        var bytes = new byte[6];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, id);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(2), value);
        return bytes;
    }

    /// <summary>Headers of a call of gRPC as HPACK, none of them indexed.</summary>
    public static byte[] Call(string path, string? key, params (string Name, string Value)[] more)
    {
        (string, string)[] needed =
            [(":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "localhost"), ("content-type", "application/grpc"), ("te", "trailers")];
        (string, string)[] credential = key is null ? [] : [("authorization", "Bearer " + key)];
        return [.. needed.Concat(credential).Concat(more).SelectMany(header => Literal(header.Item1, header.Item2))];
    }

    /// <summary>One header as HPACK: literal, not indexed or put into the table.</summary>
    public static byte[] Literal(string name, string value, bool isIndexed = false) => [(byte)(isIndexed ? 0x40 : 0), .. Text(name), .. Text(value)];

    /// <summary>A number of HPACK in a byte's lowest bits and what follows.</summary>
    public static byte[] Integer(int value, int bits)
    {
        var most = (1 << bits) - 1;
        if (value < most)
        {
            return [(byte)value];
        }

        var bytes = new List<byte> { (byte)most };
        for (value -= most; value >= 128; value >>= 7)
        {
            bytes.Add((byte)((value & 127) | 128));
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }

    private static byte[] Text(string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        return [.. Integer(bytes.Length, 7), .. bytes];
    }
}
