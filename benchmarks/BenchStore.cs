using Decisioning.Tests.Shared;

namespace Decisioning.Benchmarks;

/// <summary>An empty store to measure on, gone when disposed.</summary>
internal sealed class BenchStore : IDisposable
{
    private readonly Action _remove;

    private BenchStore(string name, string[] settings, Action remove, string? connectionString = null) =>
        (Name, Settings, _remove, ConnectionString) = (name, settings, remove, connectionString);

    /// <summary>What kind it is.</summary>
    public string Name { get; }

    /// <summary>How the engine is told of it, as arguments of its command line.</summary>
    public string[] Settings { get; }

    /// <summary>How others reach its server; null where there is none.</summary>
    public string? ConnectionString { get; }

    /// <summary>
    /// For an engine that is told what customers did for months and then measured: what time brought about since then, up to a hundred events of each, is looked at when
    /// the measurement is over, not a minute after they were told. What else is due is due as ever.
    /// </summary>
    public static string HistoryIsLeftAlone => "--Decisioning:Due:QuietAfterHistory=01:00:00";

    /// <summary>One of each kind, each made when the one before is gone; PostgreSQL only where it is installed.</summary>
    public static IEnumerable<BenchStore> All()
    {
        yield return Sqlite();
        if (PostgresServer.Programs is not null)
        {
            yield return Postgres();
        }
    }

    /// <summary>The embedded one.</summary>
    public static BenchStore Sqlite()
    {
        var folder = Directory.CreateTempSubdirectory("decisioning-bench-").FullName;
        return new("SQLite", [$"--Storage:DataFolder={folder}"], () => Directory.Delete(folder, recursive: true));
    }

    /// <summary>A server of its own, where it is installed.</summary>
    public static BenchStore Postgres()
    {
        var server = PostgresServer.Start(sync: true, "shared_buffers=512MB", "max_wal_size=4GB");
        return new("PostgreSQL", ["--Storage:Kind=postgres", $"--Storage:Postgres:ConnectionString={server.ConnectionString}"], server.Dispose, server.ConnectionString);
    }

    /// <inheritdoc/>
    public void Dispose() => _remove();
}
