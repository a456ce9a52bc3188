using Decisioning.Engine.Customers;
using Decisioning.Storage.Commits;

namespace Decisioning.Storage.Sqlite;

// Erasure: the key first, in one commit, then the rows in small ones. The database overwrites what is deleted (secure_delete).
internal sealed partial class SqliteStore
{
    /// <summary>How often the write-ahead log is tried to be emptied after an erasure: a reader is done in milliseconds, a backup is not waited for.</summary>
    private const int EmptyLogTries = 20;

    // One erasure at a time: what else has no key is what a crash left.
    private readonly SemaphoreSlim _erasing = new(1);
    private readonly Task _finishing;

    public async Task<ErasedRows> EraseAsync(CustomerKey customer, CancellationToken cancellationToken)
    {
        await _erasing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _writer.DecisionsWrittenAsync(WhenEraseFull, cancellationToken).ConfigureAwait(false);
            var erased = await DoEraseAsync(new ForgetWork(customer), cancellationToken).ConfigureAwait(false);
            return erased + await EraseForgottenAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _erasing.Release();
        }
    }

    /// <summary>Finishes what a crash cut short.</summary>
    private async Task FinishErasuresAsync()
    {
        await _erasing.WaitAsync().ConfigureAwait(false);
        try
        {
            await EraseForgottenAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is StorageUnavailableException or ObjectDisposedException)
        {
            Log.ErasureNotFinished(_logger, e.Message);
        }
        finally
        {
            _erasing.Release();
        }
    }

    private async Task<ErasedRows> EraseForgottenAsync(CancellationToken cancellationToken)
    {
        var erased = ErasedRows.None;
        var forgotten = await ReadAsync(ReadForgotten, cancellationToken).ConfigureAwait(false);
        foreach (var customerId in forgotten)
        {
            var isLast = false;
            while (!isLast)
            {
                ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
                (var rows, isLast) = await DoEraseAsync(new EraseWork(customerId, RowsPerCommit), cancellationToken).ConfigureAwait(false);
                erased += rows;
            }
        }

        if (forgotten.Count > 0)
        {
            await EmptyLogAsync(cancellationToken).ConfigureAwait(false);
        }

        return erased;
    }

    private async Task EmptyLogAsync(CancellationToken cancellationToken)
    {
        for (var tries = 1; !await DoEraseAsync(new EmptyLogWork(), cancellationToken).ConfigureAwait(false); tries++)
        {
            if (tries == EmptyLogTries)
            {
                Log.LogNotEmptied(_logger, _folder.Path);
                return;
            }
        }
    }

    private static List<long> ReadForgotten(LogReader reader)
    {
        var forgotten = new List<long>();
        var rows = reader.Prepared(Sql.ReadForgotten).Bind(1, KeyHash.Of(CustomerHead.NoKey));
        while (rows.Step())
        {
            forgotten.Add(rows.Int(0));
        }

        return forgotten;
    }

    private const string WhenEraseFull = "the customer was not erased: the queue is full; ask again";

    private Task<T> DoEraseAsync<T>(Work<WriteBatch, T> work, CancellationToken cancellationToken) =>
        _writer.DoAsync(work, WhenEraseFull, cancellationToken);
}
