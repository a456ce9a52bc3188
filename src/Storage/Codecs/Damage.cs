using Google.Protobuf;

namespace Decisioning.Storage.Codecs;

/// <summary>Reads rows one by one where a damaged one is passed over.</summary>
internal static class Damage
{
    /// <summary>Whether a failure to read a row means that its bytes are not as they were written.</summary>
    public static bool Is(Exception e) => e is InvalidDataException or InvalidProtocolBufferException;

    /// <summary>Reads a row.</summary>
    /// <returns>Whether it could be read.</returns>
    public static bool TryRead<T>(Func<T> read, out T? row)
    {
        try
        {
            row = read();
            return true;
        }
        catch (Exception e) when (Is(e))
        {
            row = default;
            return false;
        }
    }
}
