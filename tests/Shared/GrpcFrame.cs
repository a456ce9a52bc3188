using System.Buffers.Binary;
using Google.Protobuf;

namespace Decisioning.Tests.Shared;

/// <summary>The body of a call of gRPC, for clients that know HTTP/2 alone.</summary>
internal static class GrpcFrame
{
    private const int Prefix = 5;

    /// <summary>A message as it goes over the wire: not compressed, its length, its bytes.</summary>
    public static byte[] Of(IMessage message) => Of(message.ToByteArray());

    /// <summary>The same of bytes, whatever they are.</summary>
    /// <param name="message">The bytes.</param>
    /// <param name="flags">1 where they are compressed.</param>
    public static byte[] Of(byte[] message, byte flags = 0)
    {
        var frame = new byte[Prefix + message.Length];
        frame[0] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, Prefix);
        return frame;
    }
}
