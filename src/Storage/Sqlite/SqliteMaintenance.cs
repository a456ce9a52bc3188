using System.Collections.Immutable;
using Decisioning.Storage.Maintenance;
using Microsoft.Data.Sqlite;

namespace Decisioning.Storage.Sqlite;

/// <summary>The embedded store seen from outside of an engine: by connections that only read.</summary>
internal static class SqliteMaintenance
{
    /// <summary>The schema from which on customers and events are deleted.</summary>
    private const int ErasureSince = 6;

    // Every number given is a row, or was one until it was erased; counting a hundred million rows takes minutes.
    private static readonly ImmutableArray<(string Name, int Since, int Until, string Sql)> Counts =
    [
        ("customers", 1, ErasureSince, "SELECT coalesce(max(customer_id), 0) FROM customer"),
        ("events", 1, ErasureSince, "SELECT coalesce(max(position), 0) FROM event"),
        ("customers", ErasureSince, int.MaxValue, "SELECT max((SELECT coalesce(max(customer_id), 0) FROM customer), reached_customer) - erased_customers FROM log_state"),
        ("events", ErasureSince, int.MaxValue, "SELECT max((SELECT coalesce(max(position), 0) FROM event), reached_event) - erased_events FROM log_state"),
        ("decisions", 1, int.MaxValue, "SELECT count(*) FROM decision"),
        ("snapshots", 1, int.MaxValue, "SELECT count(*) FROM snapshot"),
        ("due rows", 2, int.MaxValue, "SELECT count(*) FROM due"),
        ("bases", 4, int.MaxValue, "SELECT count(*) FROM base"),
        ("strategies", 1, int.MaxValue, "SELECT count(*) FROM strategy"),
        ("keys", 5, int.MaxValue, "SELECT count(*) FROM access_key"),
        ("audit rows", 5, int.MaxValue, "SELECT count(*) FROM audit"),
    ];

    /// <exception cref="StoreRefusedException">There is none, it is not ours, or it cannot be read.</exception>
    public static StoreStatus Status(StorageOptions options)
    {
        var path = Path.GetFullPath(options.DataFolder);
        return File.Exists(DataFolder.DatabaseIn(path))
            ? Explained($"the database in `{path}` cannot be read", () => Read(path))
            : throw new StoreRefusedException($"there is no database in `{path}`; name the engine's data folder with `--data`");
    }

    /// <summary>As the other; where there is no database yet, nothing.</summary>
    public static StoreStatus StatusOrNothing(StorageOptions options)
    {
        var path = Path.GetFullPath(options.DataFolder);
        return File.Exists(DataFolder.DatabaseIn(path))
            ? Status(options)
            : new(StorageKind.Sqlite, path, 0, [.. MigrationScripts.Read("Sqlite").Select(script => script.Name)], false, [], 0);
    }

    /// <exception cref="StoreRefusedException">The store cannot be read, the file is there, or the copy cannot be written or is damaged.</exception>
    public static StoreBackup Backup(StorageOptions options, string file)
    {
        var (path, target) = (Path.GetFullPath(options.DataFolder), Path.GetFullPath(file));
        var status = Status(options);
        if (status.Schema == 0 || status.IsNewer)
        {
            throw new StoreRefusedException($"the database in `{path}` has schema {status.Schema}, which this program cannot check a copy of; use the program that made it");
        }

        if (File.Exists(target))
        {
            throw new StoreRefusedException($"`{target}` is there already; choose another name, or remove it first");
        }

        if (!Directory.Exists(Path.GetDirectoryName(target)))
        {
            throw new StoreRefusedException($"the copy cannot be written: there is no folder `{Path.GetDirectoryName(target)}`; make it or choose another");
        }

        var part = target + ".part";
        try
        {
            File.Delete(part);
            Explained($"copying `{path}` to `{part}` failed", () => Copy(path, part));
            var checkedCopy = Explained($"the copy `{part}` cannot be read", () => StoreCheck.Read(part, status.Schema));
            File.Move(part, target, overwrite: false);
            return checkedCopy with { File = target };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreRefusedException($"the copy cannot be written: {e.Message.TrimEnd('.')}; choose another place", e);
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>What a database of a schema says it holds.</summary>
    public static ImmutableArray<(string Name, long Count)> CountsOf(SqliteConnection connection, int schema) =>
        [.. Counts.Where(count => count.Since <= schema && schema < count.Until).Select(count => (count.Name, Scalar(connection, count.Sql)))];

    private static StoreStatus Read(string path)
    {
        using var connection = Connect(path);
        var scripts = MigrationScripts.Read("Sqlite");
        var version = Scalar(connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'schema_version'") == 0
            ? 0
            : (int)Scalar(connection, "SELECT coalesce(max(version), 0) FROM schema_version");
        var database = DataFolder.DatabaseIn(path);
        return new(
            StorageKind.Sqlite,
            path,
            version,
            [.. scripts.Skip(version).Select(script => script.Name)],
            version > scripts.Length,
            CountsOf(connection, version),
            Length(database) + Length(database + "-wal"));
    }

    // One reading transaction, which no writer waits for and which waits for none; what comes meanwhile is in the next copy.
    private static bool Copy(string path, string part)
    {
        using (var connection = Connect(path))
        {
            using var command = connection.CreateCommand();
            command.CommandText = "VACUUM INTO $file";
            command.Parameters.AddWithValue("$file", part);
            command.ExecuteNonQuery();
        }

        using var stream = new FileStream(part, FileMode.Open, FileAccess.ReadWrite);
        stream.Flush(flushToDisk: true);
        return true;
    }

    private static SqliteConnection Connect(string path)
    {
        ForeignFolder.Refuse(path, DataFolder.DatabaseName, DataFolder.ApplicationId);
        var database = DataFolder.DatabaseIn(path);

        // Without a write-ahead log nobody has it open: then it is read without making one.
        var source = Length(database + "-wal") == 0 && !File.Exists(database + "-shm") ? $"file:{Uri.EscapeDataString(database).Replace("%2F", "/", StringComparison.Ordinal)}?immutable=1" : database;
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = source, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        try
        {
            connection.Open();
            Scalar(connection, "SELECT count(*) FROM sqlite_schema");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static long Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Texts of this class only.
        command.CommandText = sql;
#pragma warning restore CA2100
        return (long)command.ExecuteScalar()!;
    }

    private static long Length(string file) => new FileInfo(file) is { Exists: true } info ? info.Length : 0;

    private static T Explained<T>(string failure, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (SqliteException e)
        {
            throw new StoreRefusedException($"{failure}: {DataFolder.Explain(e)}", e);
        }
    }
}
