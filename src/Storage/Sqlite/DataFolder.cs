using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Decisioning.Storage.Sqlite;

/// <summary>
/// The folder with the database, held by this process until disposed. The lock is the operating system's on an open file:
/// it ends with the process however that dies.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    /// <summary>The database within the folder.</summary>
    public const string DatabaseName = "decisioning.db";
    private const string LockName = "decisioning.lock";

    /// <summary>Marks a database as ours: "DCSN" in SQLite's application_id.</summary>
    public const int ApplicationId = 0x4443534E;

    private readonly FileStream _lock;
    private readonly int _cacheMegabytes;

    private DataFolder(string path, FileStream held, int cacheMegabytes)
    {
        Path = path;
        _lock = held;
        _cacheMegabytes = cacheMegabytes;
    }

    /// <summary>The folder's full path.</summary>
    public string Path { get; }

    private string Database => DatabaseIn(Path);

    /// <summary>Where the database of a folder is.</summary>
    public static string DatabaseIn(string folder) => System.IO.Path.Combine(folder, DatabaseName);

    /// <summary>Takes the folder, makes it when missing, and brings the schema up to date.</summary>
    /// <exception cref="StoreRefusedException">It cannot be used; nothing in it was changed.</exception>
    public static DataFolder Open(StorageOptions options)
    {
        var path = System.IO.Path.GetFullPath(options.DataFolder);
        ForeignFolder.Refuse(path, DatabaseName, ApplicationId);
        var lockFile = System.IO.Path.Combine(path, LockName);
        var isNew = !File.Exists(lockFile);
        var folder = new DataFolder(path, Lock(path, lockFile), options.CacheMegabytes);
        try
        {
            using var connection = folder.Connect(SqliteOpenMode.ReadWriteCreate, cacheShare: 1);
            folder.MarkOurs(connection);
            SchemaMigrator.Migrate(connection, path);
            return folder;
        }
        catch (Exception e)
        {
            folder.Dispose();
            if (isNew)
            {
                File.Delete(lockFile);
            }

            if (e is SqliteException sqlite)
            {
                throw new StoreRefusedException($"the database in `{path}` cannot be opened: {Explain(sqlite)}", e);
            }

            throw;
        }
    }

    /// <summary>
    /// Opens the connection that writes. What an earlier connection left in the write-ahead log goes to the database first:
    /// after a failed fsync nobody knows which of those pages are on the disk, so they are written again, not synced again.
    /// </summary>
    public LogDatabase OpenWriter()
    {
        var connection = Connect(SqliteOpenMode.ReadWrite, cacheShare: 1);
        try
        {
            // FULL: a commit is answered when it is on the disk. The log is written back to the database every 16 MB. What is deleted is
            // overwritten, always: an erasure must not leave what an older snapshot held.
            Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4096; PRAGMA secure_delete = ON;");
            Checkpoint(connection);
            return new(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection that can only read.</summary>
    public SqliteConnection OpenReader() => Connect(SqliteOpenMode.ReadOnly, cacheShare: 8);

    public void Dispose() => _lock.Dispose();

    /// <summary>What an error of the database means to who runs the engine.</summary>
    public static string Explain(SqliteException e) => e.SqliteErrorCode switch
    {
        raw.SQLITE_FULL => "the disk is full; make room, writing goes on by itself",
        raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM => "it cannot be written; check the rights of the folder and its files",
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => "it is damaged or not a database; restore it from a backup or choose another folder",
        raw.SQLITE_IOERR => $"the disk failed (SQLite error {e.SqliteExtendedErrorCode}); see the system's log",
        _ => e.Message,
    };

    private static FileStream Lock(string path, string lockFile)
    {
        try
        {
            Directory.CreateDirectory(path);
            return new(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StoreRefusedException($"the data folder `{path}` cannot be written; give this user the right to write there or choose another folder", e);
        }
        catch (IOException e)
        {
            throw new StoreRefusedException($"the data folder `{path}` cannot be taken: {ExplainLock(e)}", e);
        }
    }

    // The numbers are the system's: EAGAIN on Linux and macOS and the sharing violation on Windows; EROFS and the write protection on Windows; ENOSPC and a full disk on Windows.
    private static string ExplainLock(IOException e) => (e.HResult & 0xFFFF) switch
    {
        11 or 35 or 32 => "another engine runs on it; stop that one or choose another folder",
        30 or 19 => "it is on a read-only disk; make the disk writable or choose another folder",
        28 or 112 => "the disk is full; make room or choose another folder",
        _ => $"{e.Message.TrimEnd('.')}; choose another folder",
    };

    private static void Checkpoint(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        using var reader = command.ExecuteReader();
        if (reader.Read() && reader.GetInt32(0) != 0)
        {
            throw new IOException("the database is in use by another program");
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Texts of this class only.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private SqliteConnection Connect(SqliteOpenMode mode, int cacheShare)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Database, Mode = mode, Pooling = false }.ToString());
        try
        {
            connection.Open();
            Execute(connection, $"PRAGMA busy_timeout = 1000; PRAGMA cache_size = -{_cacheMegabytes * 1024 / cacheShare}; PRAGMA temp_store = MEMORY;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // Looks before it writes anything: another program's database stays as it is.
    private void MarkOurs(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT (SELECT application_id FROM pragma_application_id), (SELECT count(*) FROM sqlite_schema)";
        using var reader = command.ExecuteReader();
        reader.Read();
        if (reader.GetInt32(0) == ApplicationId)
        {
            return;
        }

        if (reader.GetInt32(0) != 0 || reader.GetInt64(1) != 0)
        {
            throw new StoreRefusedException($"`{Database}` is a database of another program; choose another data folder");
        }

        reader.Close();
        Execute(connection, $"PRAGMA application_id = {ApplicationId}");
    }
}
