using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Storage.Codecs;
using Decisioning.Storage.Commits;

namespace Decisioning.Storage.Sqlite;

// The due table: one part, because one process has the database.
internal sealed partial class SqliteStore
{
    public int Shards => 1;

    public async Task<ImmutableArray<DueCustomer>> DueAsync(
        int shard, DueCustomer? after, DateTimeOffset until, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(shard, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return await ReadAsync(reader => ReadDueRows(reader, after, until, limit), cancellationToken).ConfigureAwait(false);
    }

    public Task SettleAsync(CustomerKey customer, long sequence, DateTimeOffset seen, DateTimeOffset? next, CancellationToken cancellationToken) =>
        _writer.SettleAsync(new SettleWork(customer, sequence, seen, next), cancellationToken);

    public async Task<long> SpreadAsync(DueSpread spread, CancellationToken cancellationToken)
    {
        var given = 0L;
        while (true)
        {
            var (some, isLast) = await _writer.DoAsync(new SpreadWork(spread), "the customers were not spread: the queue is full", cancellationToken).ConfigureAwait(false);
            given += some;
            if (isLast)
            {
                return given;
            }
        }
    }

    private static ImmutableArray<DueCustomer> ReadDueRows(LogReader reader, DueCustomer? after, DateTimeOffset until, int limit)
    {
        var rows = ImmutableArray.CreateBuilder<DueCustomer>();
        var statement = reader.Prepared(Sql.ReadDueRows)
            .Bind(1, after is null ? long.MinValue : Instants.Write(after.DueAt)).Bind(2, after?.Number ?? 0)
            .Bind(3, Instants.Write(until)).Bind(4, limit);
        while (statement.Step())
        {
            if (CustomerKey.TryParse(statement.Text(2), out var key))
            {
                rows.Add(new(key, Instants.Read(statement.Int(1)), statement.Int(0)));
            }
        }

        return rows.ToImmutable();
    }
}
