using System.Buffers.Binary;
using Google.Protobuf;

namespace Decisioning.Tests.Shared;

/// <summary>The body of a call of gRPC, for clients that know HTTP/2 alone.</summary>
internal static class GrpcFrame
{
    private const int Prefix = 5;

    /// <summary>A message as it goes over the wire: not compressed, its length, its bytes.</summary>
    public static byte[] Of(IMessage message)
    {
        var bytes = message.ToByteArray();
        var frame = new byte[Prefix + bytes.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), bytes.Length);
        bytes.CopyTo(frame, Prefix);
        return frame;
    }
}
