using Google.Protobuf;

namespace Decisioning.Storage.Codecs;

/// <summary>Reads rows one by one where a damaged one is passed over; one that a newer version wrote is not damaged.</summary>
internal static class Damage
{
    /// <summary>Whether a failure to read a row means that its bytes are not as they were written.</summary>
    public static bool Is(Exception e) => e is InvalidDataException or InvalidProtocolBufferException;

    /// <summary>Whether a failure to read a row is of the row: not as it was written, or written by a newer version.</summary>
    public static bool IsOfRow(Exception e) => Is(e) || e is NewerFormException;

    /// <summary>The failure to read rows, as callers of the store see it.</summary>
    /// <param name="place">The store, for people.</param>
    /// <param name="e">What was thrown.</param>
    public static StorageUnavailableException Unreadable(string place, Exception e) =>
        new($"the store in `{place}` cannot be read: {e.Message}", e) { IsDamage = Is(e), IsNewer = e is NewerFormException };

    /// <summary>Reads a row.</summary>
    /// <returns>Whether it could be read.</returns>
    /// <exception cref="NewerFormException">A newer version wrote it.</exception>
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
