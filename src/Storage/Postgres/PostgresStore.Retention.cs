using System.Collections.Immutable;
using System.Data;
using System.Globalization;
using Decisioning.Engine.Customers;
using Decisioning.Storage.Codecs;
using Npgsql;

namespace Decisioning.Storage.Postgres;

// Retention: customers one after another, by number. The room of what is rewritten and deleted is the server's to use again.
internal sealed partial class PostgresStore
{
    /// <summary>Rows of one commit: about 10 ms of the server; appends of others are committed meanwhile.</summary>
    private const int RowsPerCommit = 500;

    public async Task<IAsyncDisposable?> TryTakeTurnAsync(CancellationToken cancellationToken)
    {
        var name = $"decisioning retention {_database.Schema}";
        NpgsqlConnection? connection = null;
        try
        {
            // The lock is the connection's: it ends with it, however that dies.
            connection = await _database.OpenReaderAsync(cancellationToken).ConfigureAwait(false);
            if ((await RowsAsync(connection, PostgresSql.TryLock, row => row.GetBoolean(0), cancellationToken, name).ConfigureAwait(false))[0])
            {
                var turn = new Turn(connection, name);
                connection = null;
                return turn;
            }

            return null;
        }
        catch (Exception e) when (e is NpgsqlException or ObjectDisposedException)
        {
            throw new StorageUnavailableException($"the database `{_database.Place}` cannot be read: {_database.Explain(e)}", e);
        }
        finally
        {
            if (connection is not null)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    public async Task<RetentionPage> FindDueAsync(RetentionCutoffs cutoffs, string? cursor, int rowsMax, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rowsMax, 1);
        if (cutoffs.Newest is null)
        {
            return new([], null);
        }

        var rows = await ReadAsync(
            connection => RowsAsync(
                connection,
                PostgresSql.ReadFirstKept,
                row => (Number: row.GetInt64(0), Key: row.GetString(1), ReceivedAt: row.IsDBNull(2) ? null : EventCodec.ReadReceivedAt(row.GetFieldValue<byte[]>(2))),
                cancellationToken,
                cursor is null ? 0L : long.Parse(cursor, CultureInfo.InvariantCulture),
                rowsMax),
            cancellationToken).ConfigureAwait(false);
        var due = ImmutableArray.CreateBuilder<CustomerKey>();
        foreach (var (_, stored, receivedAt) in rows)
        {
            if (CustomerKey.TryParse(StoredKey.Read(stored), out var key) && receivedAt < cutoffs.Of(key.Tenant))
            {
                due.Add(key);
            }
        }

        return new(due.ToImmutable(), rows.Count == rowsMax ? rows[^1].Number.ToString(CultureInfo.InvariantCulture) : null);
    }

    public async Task<long> ReduceAsync(CustomerKey customer, CustomerState state, long upTo, CancellationToken cancellationToken)
    {
        var number = await FindNumberAsync(customer, cancellationToken).ConfigureAwait(false);
        var snapshot = await ReadAsync(connection => StateAsync(connection, PostgresSql.ReadSnapshot, customer, number, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        if (snapshot is null || snapshot.Sequence < state.Sequence || state.Sequence < upTo)
        {
            throw new ArgumentException(
                $"the state of customer `{customer.Mark}` at sequence {state.Sequence} must be at {upTo} or after it and not after the newest snapshot at {snapshot?.Sequence ?? 0}", nameof(state));
        }

        await KeepBaseAsync(customer, number, state, cancellationToken).ConfigureAwait(false);
        var total = 0L;
        while (true)
        {
            var reduced = await ReadAsync(connection => ReduceStepAsync(connection, customer, number, upTo, cancellationToken), cancellationToken).ConfigureAwait(false);
            total += reduced;
            if (reduced < RowsPerCommit)
            {
                return total;
            }
        }
    }

    public async Task<RetentionStep> DeleteDecisionsAsync(
        DateTimeOffset decidedBefore, DateTimeOffset now, string? cursor, int rowsMax, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rowsMax, 1);
        var (number, position) = cursor?.Split('/') is [var customer, var at]
            ? (long.Parse(customer, CultureInfo.InvariantCulture), long.Parse(at, CultureInfo.InvariantCulture))
            : (0L, 0L);
        var step = await ReadAsync(
            connection => RowsAsync(
                connection,
                PostgresSql.DeleteDecisions,
                row => (Seen: row.GetInt64(0), Gone: row.GetInt64(1), Cursor: row.IsDBNull(2) ? null : row.GetString(2)),
                cancellationToken,
                number,
                position,
                rowsMax,
                Instants.Write(decidedBefore),
                Instants.Write(now)),
            cancellationToken).ConfigureAwait(false);
        return new((int)step[0].Gone, step[0].Seen == rowsMax ? step[0].Cursor : null);
    }

    /// <summary>The state that a customer's log begins with, null while the contents of all events are kept, and the events after it.</summary>
    /// <exception cref="InvalidDataException">The log has a gap, or the state cannot be used.</exception>
    private static async Task<(CustomerState? Base, ImmutableArray<RecordedEvent> Events)> WholeLogAsync(
        NpgsqlConnection connection, CustomerKey customer, long number, CancellationToken cancellationToken)
    {
        // As of one instant: a reduction in between would take the contents of events that the older base does not stand for.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken).ConfigureAwait(false);
        var start = await StateAsync(connection, PostgresSql.ReadBase, customer, number, cancellationToken).ConfigureAwait(false);
        return (start, await EventsAsync(connection, customer, number, start?.Sequence ?? 0, cancellationToken).ConfigureAwait(false));
    }

    private static async Task<CustomerState?> StateAsync(NpgsqlConnection connection, string sql, CustomerKey customer, long number, CancellationToken cancellationToken)
    {
        var payloads = await RowsAsync(connection, sql, row => row.GetFieldValue<byte[]>(0), cancellationToken, number).ConfigureAwait(false);
        return payloads.Count == 0 ? null : ReadBase(customer, payloads[0]);
    }

    private static CustomerState ReadBase(CustomerKey customer, byte[] payload) => SnapshotCodec.TryRead(customer.Value, payload, out var state, out var problem)
        ? state
        : throw new InvalidDataException($"the state that the log of customer `{customer.Mark}` begins with cannot be used: {problem}; restore the database from a backup");

    private async Task KeepBaseAsync(CustomerKey customer, long number, CustomerState state, CancellationToken cancellationToken)
    {
        var payload = SnapshotCodec.Write(customer.Value, state);
        var kept = await ReadAsync(
            async connection =>
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
                await RowsAsync(connection, PostgresSql.HoldErasures, _ => true, cancellationToken).ConfigureAwait(false);
                await using (var put = connection.Command(PostgresSql.PutBase, number, state.Sequence, payload, StoredKey.Write(customer.Value)))
                {
                    await put.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
                }

                await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
                return await StateAsync(connection, PostgresSql.ReadBase, customer, number, cancellationToken).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);

        // Nothing is reduced on the word of a base that cannot be read back.
        if (kept is null || kept.Sequence < state.Sequence || (kept.Sequence == state.Sequence && !StoredForm.AreSame(kept, state)))
        {
            throw new StorageUnavailableException($"the base of customer `{customer.Mark}` reads back otherwise than it was written; nothing was reduced");
        }
    }

    private static async Task<int> ReduceStepAsync(NpgsqlConnection connection, CustomerKey customer, long number, long upTo, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        var rows = await RowsAsync(
            connection, PostgresSql.ReadToReduce, row => (Sequence: row.GetInt64(0), Payload: row.GetFieldValue<byte[]>(1)), cancellationToken, number, upTo, RowsPerCommit)
            .ConfigureAwait(false);
        if (rows.Count > 0)
        {
            // The hash of the message id is in a column of its own.
            byte[][] payloads = [.. rows.Select(row => EventCodec.Reduce(customer.Value, row.Payload, keepsMessageHash: false) ?? row.Payload)];
            await using var reduce = connection.Command(PostgresSql.ReduceEvents, number, rows.Select(row => row.Sequence).ToArray(), payloads);
            await reduce.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            await using var note = connection.Command(PostgresSql.PutReducedTo, number, rows[^1].Sequence);
            await note.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }

        return rows.Count;
    }

    private sealed class Turn(NpgsqlConnection connection, string name) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await RowsAsync(connection, PostgresSql.Unlock, row => row.GetBoolean(0), CancellationToken.None, name).ConfigureAwait(false);
            }
            catch (NpgsqlException)
            {
                // The connection is gone, and the lock with it.
            }

            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }
}
