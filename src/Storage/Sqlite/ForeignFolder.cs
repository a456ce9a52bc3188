using System.Buffers.Binary;

namespace Decisioning.Storage.Sqlite;

/// <summary>Tells a folder that is not ours by looking only, before anything in it is opened or made.</summary>
internal static class ForeignFolder
{
    private const int HeaderBytes = 100;
    private const int ApplicationIdAt = 68;

    private static ReadOnlySpan<byte> Magic => "SQLite format 3\0"u8;

    /// <exception cref="StoreRefusedException">The folder is a file, holds other things and no database, or a database that is not ours.</exception>
    public static void Refuse(string path, string databaseName, int applicationId)
    {
        if (File.Exists(path))
        {
            throw new StoreRefusedException($"the data folder `{path}` is a file; choose a folder");
        }

        if (!Directory.Exists(path))
        {
            return;
        }

        try
        {
            var database = Path.Combine(path, databaseName);
            if (File.Exists(database))
            {
                RefuseForeign(database, path, applicationId);
            }
            else if (Directory.EnumerateFileSystemEntries(path).Select(Path.GetFileName).FirstOrDefault(name => IsForeign(name!, databaseName)) is { } other)
            {
                throw new StoreRefusedException(
                    $"the data folder `{path}` holds other files (`{other}`) and no database of this program; choose an empty folder or one that is not there yet");
            }
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StoreRefusedException($"the data folder `{path}` cannot be read; give this user the right to read and write there or choose another folder", e);
        }
    }

    // A volume's own folder, hidden files, and what a start that was cut short left of ours.
    private static bool IsForeign(string name, string databaseName) =>
        !name.StartsWith('.') && name != "lost+found" && Path.GetFileNameWithoutExtension(name) != Path.GetFileNameWithoutExtension(databaseName);

    private static void RefuseForeign(string database, string path, int applicationId)
    {
        var header = new byte[HeaderBytes];
        using var stream = new FileStream(database, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var length = stream.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false);

        // An empty file is one that a start left behind that was cut short; so is one whose mark is still in the write-ahead log.
        if (length > 0 && (length < HeaderBytes || !header.AsSpan().StartsWith(Magic)))
        {
            throw new StoreRefusedException($"the database in `{path}` is damaged or not a database; restore it from a backup or choose another folder");
        }

        var mark = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(ApplicationIdAt));
        if (mark != 0 && mark != applicationId)
        {
            throw new StoreRefusedException($"`{database}` is a database of another program; choose another data folder");
        }
    }
}
