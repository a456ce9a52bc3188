namespace Decisioning.Storage.Sqlite;

/// <summary>
/// The hash under which a customer's key is indexed: FNV-1a over its UTF-16 code units. Stored: never change it. Keys that
/// share a hash are told apart by their text.
/// </summary>
internal static class KeyHash
{
    public static long Of(string key)
    {
        unchecked
        {
            var hash = 0xcbf29ce484222325;
            foreach (var c in key)
            {
                hash = (hash ^ (byte)c) * 0x100000001b3;
                hash = (hash ^ (byte)(c >> 8)) * 0x100000001b3;
            }

            return (long)hash;
        }
    }
}
