using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Storage.Codecs;
using Decisioning.Storage.Commits;
using Npgsql;

namespace Decisioning.Storage.Postgres;

// The due table: parts by the number of the customer, so that processes share the sweep.
internal sealed partial class PostgresStore
{
    /// <summary>As in the index of the table: never change it.</summary>
    public int Shards => 64;

    public async Task<ImmutableArray<DueCustomer>> DueAsync(
        int shard, DueCustomer? after, DateTimeOffset until, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(shard, Shards);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var rows = await ReadAsync(
            connection => RowsAsync(
                connection,
                PostgresSql.ReadDueRows,
                row => (Number: row.GetInt64(0), DueAt: row.GetInt64(1), Key: row.GetString(2)),
                cancellationToken,
                (long)shard,
                after is null ? long.MinValue : Instants.Write(after.DueAt),
                after?.Number ?? 0L,
                Instants.Write(until),
                limit),
            cancellationToken).ConfigureAwait(false);
        var due = ImmutableArray.CreateBuilder<DueCustomer>(rows.Count);
        foreach (var (number, dueAt, stored) in rows)
        {
            if (CustomerKey.TryParse(StoredKey.Read(stored), out var key))
            {
                due.Add(new(key, Instants.Read(dueAt), number));
            }
        }

        return due.ToImmutable();
    }

    public Task SettleAsync(CustomerKey customer, long sequence, DateTimeOffset seen, DateTimeOffset? next, CancellationToken cancellationToken) =>
        WriterOf(customer).SettleAsync(new PostgresSettle(customer, sequence, seen, next), cancellationToken);

    public async Task<long> SpreadAsync(DueSpread spread, CancellationToken cancellationToken)
    {
        var total = 0L;
        while (true)
        {
            var (given, isLast) = await ReadAsync(connection => SpreadStepAsync(connection, spread, cancellationToken), cancellationToken).ConfigureAwait(false);
            total += given;
            if (isLast)
            {
                return total;
            }
        }
    }

    // Every silo may be at it: the tenant's row is locked for the step, and says where the last step ended, whoever did it.
    private static async Task<(int Given, bool IsLast)> SpreadStepAsync(NpgsqlConnection connection, DueSpread spread, CancellationToken cancellationToken)
    {
        var tenant = StoredKey.Write(spread.Tenant);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await RowsAsync(connection, PostgresSql.HoldErasures, _ => true, cancellationToken).ConfigureAwait(false);
        var state = await RowsAsync(connection, PostgresSql.LockSpread, row => (Version: row.GetInt64(0), DoneTo: row.GetInt64(1)), cancellationToken, tenant)
            .ConfigureAwait(false);
        if (SpreadStep.After(spread, state[0].Version, state[0].DoneTo) is not { } step)
        {
            return (0, true);
        }

        var last = (await RowsAsync(connection, PostgresSql.ReadLastCustomer, row => row.GetInt64(0), cancellationToken).ConfigureAwait(false))[0];
        var (first, end) = TenantKeys.Of(tenant);
        await using var move = connection.Command(PostgresSql.SpreadDue, Instants.Write(spread.From), spread.TicksPerCustomer(last), step.From, step.To, first, end);
        var given = await move.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        await using var put = connection.Command(PostgresSql.PutSpread, tenant, spread.Version, step.DoneTo(last));
        await put.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return (given, step.IsLast(last));
    }
}
