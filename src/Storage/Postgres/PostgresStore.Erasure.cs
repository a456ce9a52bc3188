using Decisioning.Engine.Customers;
using Decisioning.Storage.Commits;
using Npgsql;

namespace Decisioning.Storage.Postgres;

// Erasure: the key first, in one transaction that no write of any process overlaps, then the rows in small ones.
internal sealed partial class PostgresStore
{
    private const int ForgottenPerPage = 100;
    private const int EraseTriesMax = 10;
    private const string WhenEraseFull = "the customer was not erased: the queue is full; ask again";

    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _vacuumLock = new();
    private readonly Task _finishing;
    private Task _vacuum = Task.CompletedTask;
    private bool _isVacuumWanted;

    public async Task<ErasedRows> EraseAsync(CustomerKey customer, CancellationToken cancellationToken)
    {
        await WriterOf(customer).DecisionsWrittenAsync(WhenEraseFull, cancellationToken).ConfigureAwait(false);
        var (erased, generation) = await ReadAsync(connection => ForgetAsync(connection, customer, cancellationToken), cancellationToken).ConfigureAwait(false);

        // What is decided for new customers from here on is not of before the erasure: it must not be taken for what the erasure overtook.
        _customers.Advance(generation);
        return erased + await EraseForgottenAsync(cancellationToken).ConfigureAwait(false);
    }

    // Of who has no row another process may still hold a decision that would make one: erasing turns the generation whoever was there.
    private static async Task<(ErasedRows Erased, long Generation)> ForgetAsync(NpgsqlConnection connection, CustomerKey customer, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await RowsAsync(connection, PostgresSql.HoldWrites, _ => true, cancellationToken).ConfigureAwait(false);
        var gone = await RowsAsync(
            connection, PostgresSql.Forget, row => new ErasedRows(1, 0, 0, (int)row.GetInt64(1), (int)row.GetInt64(2)), cancellationToken, StoredKey.Write(customer.Value))
            .ConfigureAwait(false);
        var generations = await RowsAsync(connection, PostgresSql.TurnGeneration, row => row.GetInt64(0), cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return (gone.Count > 0 ? gone[0] : ErasedRows.None, generations[0]);
    }

    /// <summary>Deletes the rows of whoever has no key: a crash may have left some.</summary>
    private async Task<ErasedRows> EraseForgottenAsync(CancellationToken cancellationToken)
    {
        var erased = ErasedRows.None;
        List<long> forgotten;
        do
        {
            forgotten = await ReadAsync(
                connection => RowsAsync(
                    connection, PostgresSql.ReadForgotten, row => row.GetInt64(0), cancellationToken, PostgresSql.ForgottenFirst, PostgresSql.ForgottenEnd, ForgottenPerPage),
                cancellationToken).ConfigureAwait(false);
            foreach (var number in forgotten)
            {
                erased += await EraseRowsAsync(number, cancellationToken).ConfigureAwait(false);
            }
        }
        while (forgotten.Count == ForgottenPerPage);

        if (erased != ErasedRows.None)
        {
            VacuumSoon();
        }

        return erased;
    }

    private async Task<ErasedRows> EraseRowsAsync(long number, CancellationToken cancellationToken)
    {
        var (events, decisions) = (0L, 0L);
        int some;
        do
        {
            events += some = await DeleteAsync(PostgresSql.EraseEvents, number, RowsPerCommit).ConfigureAwait(false);
        }
        while (some == RowsPerCommit);

        do
        {
            decisions += some = await DeleteAsync(PostgresSql.EraseDecisions, number, RowsPerCommit).ConfigureAwait(false);
        }
        while (some == RowsPerCommit);

        await DeleteAsync(PostgresSql.EraseCustomer, number).ConfigureAwait(false);
        return new(0, events, decisions, 0, 0);

        async ValueTask<int> DeleteAsync(string sql, params object[] values)
        {
            for (var tries = 1; ; tries++)
            {
                try
                {
                    return await ReadAsync(
                        async connection =>
                        {
                            await using var command = connection.Command(sql, values);
                            return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
                        },
                        cancellationToken).ConfigureAwait(false);
                }
                catch (StorageUnavailableException e) when (tries < EraseTriesMax && e.InnerException is PostgresException server && PostgresCommit.IsBystander(server))
                {
                    // The log is being made smaller by age at the same rows.
                }
            }
        }
    }

    /// <summary>Finishes what a crash cut short.</summary>
    private async Task FinishErasuresAsync()
    {
        try
        {
            await EraseForgottenAsync(_closing.Token).ConfigureAwait(false);
        }
        catch (StorageUnavailableException e)
        {
            Log.ErasureNotFinished(_logger, e.Message);
        }
        catch (OperationCanceledException)
        {
            // The next start goes on.
        }
    }

    // One at a time; erasures that come while it runs share the next.
    private void VacuumSoon()
    {
        lock (_vacuumLock)
        {
            _isVacuumWanted = true;
            if (_vacuum.IsCompleted && !_closing.IsCancellationRequested)
            {
                _vacuum = Task.Run(VacuumAsync);
            }
        }
    }

    private async Task VacuumAsync()
    {
        while (IsVacuumWanted())
        {
            try
            {
                await _database.VacuumAsync(_closing.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is NpgsqlException or OperationCanceledException or ObjectDisposedException)
            {
                if (!_closing.IsCancellationRequested)
                {
                    Log.NotVacuumed(_logger, _database.Place, _database.Explain(e));
                }
            }
        }
    }

    private bool IsVacuumWanted()
    {
        lock (_vacuumLock)
        {
            var isWanted = _isVacuumWanted;
            _isVacuumWanted = false;
            return isWanted;
        }
    }

    private void EndErasures()
    {
        _closing.Cancel();
        lock (_vacuumLock)
        {
            _isVacuumWanted = false;
        }

        _finishing.Wait();
        _vacuum.Wait();
    }
}
