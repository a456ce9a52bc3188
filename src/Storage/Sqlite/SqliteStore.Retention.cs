using System.Collections.Immutable;
using System.Globalization;
using Decisioning.Engine.Customers;
using Decisioning.Storage.Codecs;
using Decisioning.Storage.Commits;

namespace Decisioning.Storage.Sqlite;

// Retention: the log is in the order of time, so what is past its age is at its beginning.
internal sealed partial class SqliteStore
{
    /// <summary>Rows of one commit: about 2 ms of the writer, which the appends that wait meanwhile share.</summary>
    private const int RowsPerCommit = 500;

    // The log up to here is reduced, as this process has seen: what a pass need not read again.
    private long _reducedTo;

    // One process has the database.
    public Task<IAsyncDisposable?> TryTakeTurnAsync(CancellationToken cancellationToken) => Task.FromResult<IAsyncDisposable?>(NoTurn.Instance);

    public async Task<RetentionPage> FindDueAsync(RetentionCutoffs cutoffs, string? cursor, int rowsMax, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rowsMax, 1);
        return cutoffs.Newest is { } newest
            ? await ReadAsync(reader => FindDue(reader, cutoffs, newest, Math.Max(PositionOf(cursor), Volatile.Read(ref _reducedTo)), rowsMax), cancellationToken).ConfigureAwait(false)
            : new([], null);
    }

    public async Task<long> ReduceAsync(CustomerKey customer, CustomerState state, long upTo, CancellationToken cancellationToken)
    {
        var head = await FindHeadAsync(customer.Value, cancellationToken).ConfigureAwait(false);
        var snapshot = head is null ? null : await ReadAsync(reader => reader.ReadSnapshot(head, out _), cancellationToken).ConfigureAwait(false);
        if (head is null || snapshot is null || snapshot.Sequence < state.Sequence || state.Sequence < upTo)
        {
            throw new ArgumentException(
                $"the state of customer `{customer.Mark}` at sequence {state.Sequence} must be at {upTo} or after it and not after the newest snapshot at {snapshot?.Sequence ?? 0}", nameof(state));
        }

        var positions = await ReadAsync(reader => reader.ReadPositionsToReduce(head, upTo), cancellationToken).ConfigureAwait(false);
        if (positions.Length == 0)
        {
            return 0;
        }

        await KeepBaseAsync(head, state, cancellationToken).ConfigureAwait(false);
        var reduced = 0L;
        for (var from = 0; from < positions.Length; from += RowsPerCommit)
        {
            var count = Math.Min(RowsPerCommit, positions.Length - from);
            reduced += await DoAsync(new ReduceWork(customer.Value, head.CustomerId, positions.AsMemory(from, count)), cancellationToken).ConfigureAwait(false);
        }

        return reduced;
    }

    public async Task<RetentionStep> DeleteDecisionsAsync(
        DateTimeOffset decidedBefore, DateTimeOffset now, string? cursor, int rowsMax, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rowsMax, 1);
        var positions = new List<long>();
        var next = await ReadAsync(
            reader => FindOldDecisions(reader, decidedBefore, Instants.Write(now), PositionOf(cursor), rowsMax, positions), cancellationToken).ConfigureAwait(false);
        foreach (var chunk in positions.Chunk(RowsPerCommit))
        {
            await DoAsync(new DeleteDecisionsWork([.. chunk]), cancellationToken).ConfigureAwait(false);
        }

        return new(positions.Count, next);
    }

    private RetentionPage FindDue(LogReader reader, RetentionCutoffs cutoffs, DateTimeOffset newest, long after, int rowsMax)
    {
        var due = new Dictionary<long, CustomerKey?>();
        var (last, count, isAnyOld) = (0L, 0, false);
        var (reducedTo, isReducedSoFar) = (0L, after == Volatile.Read(ref _reducedTo));
        var rows = reader.Prepared(Sql.ReadEventsAfter).Bind(1, after).Bind(2, rowsMax);
        while (rows.Step())
        {
            count++;
            last = rows.Int(0);
            if (EventCodec.ReadReceivedAt(rows.Blob(2)) is not { } receivedAt)
            {
                isAnyOld = true;
                reducedTo = isReducedSoFar ? last : reducedTo;
                continue;
            }

            isReducedSoFar = false;
            isAnyOld |= receivedAt < newest;
            if (receivedAt < newest && !due.ContainsKey(rows.Int(1)))
            {
                due.Add(rows.Int(1), reader.FindKey(rows.Int(1)) is { } key && receivedAt < cutoffs.Of(key.Tenant) ? key : null);
            }
        }

        // What is reduced stays so; two passes at once may forget a step of each other, which costs reading it again.
        Volatile.Write(ref _reducedTo, Math.Max(reducedTo, Volatile.Read(ref _reducedTo)));
        ImmutableArray<CustomerKey> customers = [.. due.Values.OfType<CustomerKey>()];
        return new(customers, isAnyOld && count == rowsMax ? last.ToString(CultureInfo.InvariantCulture) : null);
    }

    private static string? FindOldDecisions(LogReader reader, DateTimeOffset decidedBefore, long now, long after, int rowsMax, List<long> positions)
    {
        var (last, count, isAnyOld) = (0L, 0, false);
        var rows = reader.Prepared(Sql.ReadDecisionsAfter).Bind(1, after).Bind(2, rowsMax);
        while (rows.Step())
        {
            count++;
            last = rows.Int(0);
            if (DecisionCodec.ReadDecidedAt(rows.Blob(2)) >= decidedBefore)
            {
                continue;
            }

            isAnyOld = true;

            // The expiry is the latest of this decision and all before it: what is deleted is the beginning of a customer's chain.
            if (rows.Int(1) <= now)
            {
                positions.Add(last);
            }
        }

        return isAnyOld && count == rowsMax ? last.ToString(CultureInfo.InvariantCulture) : null;
    }

    private static long PositionOf(string? cursor) => cursor is null ? 0 : long.Parse(cursor, CultureInfo.InvariantCulture);

    private async Task KeepBaseAsync(CustomerHead head, CustomerState state, CancellationToken cancellationToken)
    {
        await DoAsync(new BaseWork(head, state.Sequence, SnapshotCodec.Write(head.Key, state)), cancellationToken).ConfigureAwait(false);

        // Nothing is reduced on the word of a base that cannot be read back.
        var kept = await ReadAsync(reader => reader.ReadBase(head), cancellationToken).ConfigureAwait(false);
        if (kept is null || kept.Sequence < state.Sequence || (kept.Sequence == state.Sequence && !StoredForm.AreSame(kept, state)))
        {
            throw new StorageUnavailableException($"the base of customer `{CustomerKey.MarkOf(head.Key)}` reads back otherwise than it was written; nothing was reduced");
        }
    }

    private Task<T> DoAsync<T>(Work<WriteBatch, T> work, CancellationToken cancellationToken) =>
        _writer.DoAsync(work, "the log was not made smaller: the queue is full; it goes on later", cancellationToken);

    private async ValueTask<CustomerHead?> FindHeadAsync(string key, CancellationToken cancellationToken)
    {
        var head = _writer.FindHead(key);
        return await ReadAsync(reader => head ?? reader.FindHead(key), cancellationToken).ConfigureAwait(false);
    }

    private sealed class NoTurn : IAsyncDisposable
    {
        public static NoTurn Instance { get; } = new();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
