using Decisioning.Storage.Codecs;
using Decisioning.Storage.Wire;
using Google.Protobuf;

namespace Decisioning.Storage.Sqlite;

/// <summary>Strategies to and from their rows.</summary>
internal static class StrategyRows
{
    public static void Insert(Statement insert, StoredStrategy strategy)
    {
        var files = new StoredFiles();
        files.Files.AddRange(strategy.Files.Select(file => new StoredFile { Path = file.Path, Text = file.Text }));
        insert.Bind(1, strategy.Tenant).Bind(2, strategy.Version).Bind(3, strategy.Name).Bind(4, strategy.Hash)
            .Bind(5, Instants.Write(strategy.PublishedAt)).Bind(6, files.ToByteArray()).Run();
    }

    /// <summary>The first row of a statement that answers name, version, hash, time and files; null for none.</summary>
    public static StoredStrategy? Read(Statement select, string tenant)
    {
        if (!select.Step())
        {
            return null;
        }

        var files = StoredFiles.Parser.ParseFrom(select.Blob(4)).Files;
        var strategy = new StoredStrategy(
            tenant,
            select.Text(0),
            select.Int(1),
            select.Text(2),
            [.. files.Select(file => new StrategyFile(file.Path, file.Text))],
            Instants.Read(select.Int(3)));
        select.Reset();
        return strategy;
    }
}
