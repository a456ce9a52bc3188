using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Storage.Codecs;

namespace Decisioning.Storage.Postgres;

// What is kept, page by page: pages are asked for by the sequence before their first event.
internal sealed partial class PostgresStore
{
    public async Task<KeptPages> FindPagesAsync(CustomerKey customer, int eventsPerPage, CancellationToken cancellationToken)
    {
        var number = await FindNumberAsync(customer, cancellationToken).ConfigureAwait(false);
        var (count, last) = (await ReadAsync(
            connection => RowsAsync(connection, PostgresSql.CountEvents, row => (row.GetInt64(0), row.GetInt64(1)), cancellationToken, number), cancellationToken)
            .ConfigureAwait(false))[0];
        var starts = ImmutableArray.CreateBuilder<long>();
        for (var start = 0L; start < last; start += eventsPerPage)
        {
            starts.Add(start);
        }

        return new(starts.ToImmutable(), last - count);
    }

    public async Task<KeptEvents> ReadEventsAsync(CustomerKey customer, long page, int eventsPerPage, CancellationToken cancellationToken)
    {
        var number = await FindNumberAsync(customer, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(
            async connection => Kept(customer, await RowsAsync(
                connection, PostgresSql.ReadEventPage, row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1)), cancellationToken, number, page, page + eventsPerPage).ConfigureAwait(false)),
            cancellationToken).ConfigureAwait(false);
    }

    public async Task<KeptDecisions> ReadDecisionsAsync(CustomerKey customer, long from, int decisionsMax, CancellationToken cancellationToken)
    {
        var rows = await ReadAsync(
            connection => RowsAsync(
                connection,
                PostgresSql.ReadDecisions,
                row => (Position: row.GetInt64(0), Payload: row.GetFieldValue<byte[]>(1)),
                cancellationToken,
                StoredKey.Write(customer.Value),
                from == 0 ? long.MaxValue : from,
                decisionsMax),
            cancellationToken).ConfigureAwait(false);
        var (decisions, unreadable) = (ImmutableArray.CreateBuilder<DecisionRecord>(rows.Count), 0);
        foreach (var (_, payload) in rows)
        {
            if (Damage.TryRead(() => DecisionCodec.Read(customer, payload), out var record))
            {
                decisions.Add(record!);
            }
            else
            {
                unreadable++;
            }
        }

        return new(decisions.ToImmutable(), unreadable, rows.Count == decisionsMax ? rows[^1].Position : 0);
    }

    public async Task<KeptStates> ReadStatesAsync(CustomerKey customer, CancellationToken cancellationToken)
    {
        var number = await FindNumberAsync(customer, cancellationToken).ConfigureAwait(false);
        var (newest, unreadable) = (default(CustomerState), 0);
        foreach (var sql in new[] { PostgresSql.ReadSnapshot, PostgresSql.ReadBase })
        {
            var payloads = await ReadAsync(
                connection => RowsAsync(connection, sql, row => row.GetFieldValue<byte[]>(0), cancellationToken, number), cancellationToken).ConfigureAwait(false);
            foreach (var payload in payloads)
            {
                var isRead = SnapshotCodec.TryRead(customer.Value, payload, out var state, out _);
                newest ??= isRead ? state : null;
                unreadable += isRead ? 0 : 1;
            }
        }

        return new(newest, unreadable);
    }

    private static KeptEvents Kept(CustomerKey customer, List<(long Sequence, byte[] Payload)> rows)
    {
        var (events, unreadable) = (ImmutableArray.CreateBuilder<RecordedEvent>(rows.Count), 0);
        foreach (var (sequence, payload) in rows)
        {
            if (!Damage.TryRead(() => ReadIfKept(customer, sequence, payload), out var recorded))
            {
                unreadable++;
            }
            else if (recorded is not null)
            {
                events.Add(recorded);
            }
        }

        return new(events.ToImmutable(), unreadable);
    }

    private static RecordedEvent? ReadIfKept(CustomerKey customer, long row, byte[] payload)
    {
        var recorded = EventCodec.ReadIfKept(customer.Value, payload, isSealed: true, out var sequence);
        return sequence == row ? recorded : throw new InvalidDataException($"the event {row} holds another one, {sequence}");
    }
}
