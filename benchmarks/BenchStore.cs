namespace Decisioning.Benchmarks;

/// <summary>An empty store to measure on, gone when disposed.</summary>
internal sealed class BenchStore : IAsyncDisposable
{
    private readonly string _folder;

    private BenchStore(string name, string folder, string[] settings) => (Name, _folder, Settings) = (name, folder, settings);

    /// <summary>What kind it is.</summary>
    public string Name { get; }

    /// <summary>How the engine is told of it, as arguments of its command line.</summary>
    public string[] Settings { get; }

    /// <summary>One of each kind, one after the other.</summary>
    public static async IAsyncEnumerable<BenchStore> AllAsync()
    {
        var folder = Directory.CreateTempSubdirectory("decisioning-bench-").FullName;
        yield return new("SQLite", folder, [$"--Storage:DataFolder={folder}"]);
        await Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
