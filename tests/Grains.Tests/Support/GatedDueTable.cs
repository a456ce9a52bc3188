using System.Collections.Concurrent;
using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Storage;
using Decisioning.Tests.Shared;

namespace Decisioning.Grains.Tests.Support;

/// <summary>The real due table; settling can be made to fail once, as when the process dies before it.</summary>
internal sealed class GatedDueTable(IDueTable inner) : IDueTable
{
    private readonly ConcurrentDictionary<string, long> _spreads = new(StringComparer.Ordinal);
    private int _failures;

    public int Shards => inner.Shards;

    public void FailNextSettling() => Interlocked.Increment(ref _failures);

    public Task<ImmutableArray<DueCustomer>> DueAsync(int shard, DueCustomer? after, DateTimeOffset until, int limit, CancellationToken cancellationToken) =>
        inner.DueAsync(shard, after, until, limit, cancellationToken);

    public Task SettleAsync(CustomerKey customer, long sequence, DateTimeOffset seen, DateTimeOffset? next, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _failures) > 0)
        {
            Interlocked.Decrement(ref _failures);
            throw new StorageUnavailableException("the test's disk is gone");
        }

        return inner.SettleAsync(customer, sequence, seen, next, cancellationToken);
    }

    public async Task<long> SpreadAsync(DueSpread spread, CancellationToken cancellationToken)
    {
        var given = await inner.SpreadAsync(spread, cancellationToken);
        _spreads[spread.Tenant] = spread.Version;
        return given;
    }

    /// <summary>Answers once a tenant's customers were spread for a version.</summary>
    public Task SpreadDoneAsync(string tenant, long version) => Eventually.HoldsAsync(() => _spreads.GetValueOrDefault(tenant) >= version);
}
