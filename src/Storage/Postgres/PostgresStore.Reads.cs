using Decisioning.Storage.Codecs;
using Npgsql;

namespace Decisioning.Storage.Postgres;

// How statements are run, and what becomes of their failures.
internal sealed partial class PostgresStore
{
    /// <summary>Does something on a connection. What failed because the connection was dead is done once more on a new one: callers only read, or may repeat.</summary>
    private async ValueTask<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            try
            {
                await using var connection = await _database.OpenReaderAsync(cancellationToken).ConfigureAwait(false);
                return await read(connection).ConfigureAwait(false);
            }
            catch (NpgsqlException e) when (e.IsTransient && e.InnerException is not TimeoutException && !_database.IsAway)
            {
                // The server was restarted, say: connections that were idle meanwhile are dead too.
                _database.ForgetReaders();
                await using var connection = await _database.OpenReaderAsync(cancellationToken).ConfigureAwait(false);
                return await read(connection).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is NpgsqlException or ObjectDisposedException)
        {
            throw new StorageUnavailableException($"the database `{_database.Place}` cannot be read: {_database.Explain(e)}", e);
        }
        catch (Exception e) when (Damage.IsOfRow(e))
        {
            throw Damage.Unreadable(_database.Place, e);
        }
    }

    private static async Task<List<T>> RowsAsync<T>(
        NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = connection.Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
