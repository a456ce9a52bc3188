namespace Grpc.Core;

[Flags]
#pragma warning disable CA1711 // the name is the package's
public enum WriteFlags
#pragma warning restore CA1711
{
    /// <summary>The write may wait in a buffer for the next one.</summary>
    BufferHint = 1,

    /// <summary>This message is sent uncompressed even if the call is compressed.</summary>
    NoCompress = 2,
}

/// <summary>How the next message is written.</summary>
public class WriteOptions(WriteFlags flags = default)
{
    public static readonly WriteOptions Default = new();

    public WriteFlags Flags { get; } = flags;
}
