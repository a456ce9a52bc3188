using Decisioning.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Decisioning.Storage.Tests.Sqlite;

/// <summary>A folder of its own for one test, and stores opened on it one after another.</summary>
internal sealed class TestStore : IDisposable
{
    private readonly StorageMeter _meter = new(null);

    private bool _isKept;

    public TestStore(string? folder = null) => Folder = folder ?? Path.Combine(Path.GetTempPath(), "decisioning-tests", Guid.NewGuid().ToString("N"));

    public string Folder { get; }

    public string Database => Path.Combine(Folder, "decisioning.db");

    public StorageOptions Options { get; } = new() { CacheMegabytes = 8 };

    public SqliteStore Open(ILogger<SqliteStore>? logger = null)
    {
        Options.DataFolder = Folder;
        return new(Microsoft.Extensions.Options.Options.Create(Options), _meter, logger ?? NullLogger<SqliteStore>.Instance);
    }

    /// <summary>What a crash leaves at this moment: the files as they are, without the shared memory.</summary>
    public TestStore CopyAsCrashed()
    {
        var copy = new TestStore { Options = { IndexBatch = Options.IndexBatch } };
        Directory.CreateDirectory(copy.Folder);
        if (File.Exists(Database + "-wal"))
        {
            File.Copy(Database + "-wal", copy.Database + "-wal");
        }

        File.Copy(Database, copy.Database);
        return copy;
    }

    /// <summary>Runs a statement of another program on the database.</summary>
    public void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Every file of the folder with its bytes: what must be the same where nothing may be touched.</summary>
    public string Bytes() => string.Join('\n', Directory.GetFiles(Folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(file => $"{file} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}"));

    /// <summary>Leaves the folder where it is: it cannot be removed.</summary>
    public void Keep() => _isKept = true;

    public void Dispose()
    {
        _meter.Dispose();
        if (!_isKept && Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
