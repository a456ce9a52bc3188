using System.Collections.Immutable;
using Decisioning.Storage.Codecs;
using Npgsql;

namespace Decisioning.Storage.Postgres;

// The published strategies.
internal sealed partial class PostgresStore
{
    /// <summary>Publications by others that one may lose against before giving up.</summary>
    private const int PublishTriesMax = 100;

    public async Task<StoredStrategy> PublishAsync(
        string tenant, string name, string hash, ImmutableArray<StrategyFile> files, DateTimeOffset publishedAt, CancellationToken cancellationToken)
    {
        var strategy = new StoredStrategy(tenant, name, 0, hash, StrategyFiles.Sort(files), publishedAt.ToUniversalTime());
        for (var tries = 0; tries < PublishTriesMax; tries++)
        {
            var latest = await FindLatestAsync(tenant, newerThan: 0, cancellationToken).ConfigureAwait(false);
            if (latest is not null && latest.Hash == hash)
            {
                return latest;
            }

            // The key of the table lets one publication of a version through; the others look again.
            strategy = strategy with { Version = (latest?.Version ?? 0) + 1 };
            if (await ReadAsync(connection => InsertAsync(connection, strategy, cancellationToken), cancellationToken).ConfigureAwait(false))
            {
                return strategy;
            }
        }

        throw new StorageUnavailableException("the strategy was not published: others publish all the time; publish it again");
    }

    public Task<StoredStrategy?> FindLatestAsync(string tenant, long newerThan, CancellationToken cancellationToken) =>
        FindAsync(PostgresSql.ReadLatestStrategy, tenant, newerThan, cancellationToken);

    public Task<StoredStrategy?> FindVersionAsync(string tenant, long version, CancellationToken cancellationToken) =>
        FindAsync(PostgresSql.ReadStrategyVersion, tenant, version, cancellationToken);

    public Task<StoredStrategy?> FindHashAsync(string tenant, string hash, CancellationToken cancellationToken) =>
        FindAsync(PostgresSql.ReadStrategyHash, tenant, hash, cancellationToken);

    private static async Task<bool> InsertAsync(NpgsqlConnection connection, StoredStrategy strategy, CancellationToken cancellationToken)
    {
        await using var insert = connection.Command(PostgresSql.InsertStrategy,
            StoredKey.Write(strategy.Tenant),
            strategy.Version,
            strategy.Name,
            strategy.Hash,
            Instants.Write(strategy.PublishedAt),
            StrategyFiles.Write(strategy.Files));
        return await insert.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false) == 1;
    }

    private async Task<StoredStrategy?> FindAsync(string sql, string tenant, object which, CancellationToken cancellationToken)
    {
        var found = await ReadAsync(
            connection => RowsAsync(
                connection,
                sql,
                row => new StoredStrategy(
                    tenant, row.GetString(0), row.GetInt64(1), row.GetString(2), StrategyFiles.Read(row.GetFieldValue<byte[]>(4)), Instants.Read(row.GetInt64(3))),
                cancellationToken,
                StoredKey.Write(tenant),
                which),
            cancellationToken).ConfigureAwait(false);
        return found.Count > 0 ? found[0] : null;
    }
}
