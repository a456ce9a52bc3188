using Decisioning.Storage.Codecs;

namespace Decisioning.Storage.Sqlite;

/// <summary>Strategies to and from their rows.</summary>
internal static class StrategyRows
{
    public static void Insert(Statement insert, StoredStrategy strategy)
    {
        insert.Bind(1, strategy.Tenant).Bind(2, strategy.Version).Bind(3, strategy.Name).Bind(4, strategy.Hash)
            .Bind(5, Instants.Write(strategy.PublishedAt)).Bind(6, StrategyFiles.Write(strategy.Files)).Run();
    }

    /// <summary>The first row of a statement that answers name, version, hash, time and files; null for none.</summary>
    public static StoredStrategy? Read(Statement select, string tenant)
    {
        if (!select.Step())
        {
            return null;
        }

        var strategy = new StoredStrategy(
            tenant,
            select.Text(0),
            select.Int(1),
            select.Text(2),
            StrategyFiles.Read(select.Blob(4).ToArray()),
            Instants.Read(select.Int(3)));
        select.Reset();
        return strategy;
    }
}
