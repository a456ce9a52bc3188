using System.Collections.Immutable;
using Decisioning.Engine.Customers;

namespace Decisioning.Storage.Memory;

// The due table.
public sealed partial class MemoryStore
{
    private readonly Dictionary<string, long> _spreads = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public int Shards => 1;

    /// <inheritdoc/>
    public Task<ImmutableArray<DueCustomer>> DueAsync(
        int shard, DueCustomer? after, DateTimeOffset until, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(shard, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var rows = _order
                .Select(key => (Key: key, Rows: _customers[key.Value]))
                .Where(row => row.Rows.DueAt <= until)
                .Select(row => new DueCustomer(row.Key, row.Rows.DueAt!.Value, row.Rows.Number))
                .OrderBy(due => due.DueAt).ThenBy(due => due.Number);
            return Task.FromResult<ImmutableArray<DueCustomer>>([.. rows
                .Where(due => after is null || (due.DueAt, due.Number).CompareTo((after.DueAt, after.Number)) > 0)
                .Take(limit)]);
        }
    }

    /// <inheritdoc/>
    public Task SettleAsync(CustomerKey customer, long sequence, DateTimeOffset seen, DateTimeOffset? next, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (_customers.TryGetValue(customer.Value, out var rows) && rows.Events.Count == sequence && rows.DueAt == seen)
            {
                rows.DueAt = next?.ToUniversalTime();
            }

            return Task.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public Task<long> SpreadAsync(DueSpread spread, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (_spreads.GetValueOrDefault(spread.Tenant) >= spread.Version)
            {
                return Task.FromResult(0L);
            }

            _spreads[spread.Tenant] = spread.Version;
            var each = spread.TicksPerCustomer(_order.Count);
            var given = 0L;
            foreach (var rows in _order.Where(key => key.Tenant == spread.Tenant).Select(key => _customers[key.Value]))
            {
                var instant = spread.From.AddTicks(each * rows.Number).ToUniversalTime();
                rows.DueAt = rows.DueAt < instant ? rows.DueAt : instant;
                given++;
            }

            return Task.FromResult(given);
        }
    }
}
