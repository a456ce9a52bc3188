using System.Collections.Immutable;
using Decisioning.Engine.Customers;

namespace Decisioning.Storage;

/// <summary>
/// When each customer is to be looked at because time alone may change something: at most one row per customer, set along with
/// appends (<see cref="ICustomerLog.AppendAsync"/>). A row may be earlier than need be, never later. Safe for any number of callers at once.
/// </summary>
public interface IDueTable
{
    /// <summary>Into how many parts the table is divided, each swept by itself; at least 1, and the same for the life of a store.</summary>
    int Shards { get; }

    /// <summary>Customers who are due, earliest first, customers due at one instant in the order of <see cref="DueCustomer.Number"/>.</summary>
    /// <param name="shard">Which part: 0 to <see cref="Shards"/> - 1.</param>
    /// <param name="after">Where to go on: rows that sort after this one. Null starts at the earliest.</param>
    /// <param name="until">The last instant at which a customer is due that is answered.</param>
    /// <param name="limit">How many at most; at least 1.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StorageUnavailableException">The store failed.</exception>
    Task<ImmutableArray<DueCustomer>> DueAsync(int shard, DueCustomer? after, DateTimeOffset until, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Sets or removes a customer's row, but only if it still stands where it was seen and the customer's log ends where the caller
    /// believes; else nothing happens. So an activation that was overtaken cannot move the row past what the newer state needs.
    /// </summary>
    /// <param name="customer">Whose row.</param>
    /// <param name="sequence">The sequence of the customer's last event as the caller knows it; 0 for none.</param>
    /// <param name="seen">The instant at which the row was seen to stand.</param>
    /// <param name="next">When the customer is due next; null removes the row.</param>
    /// <param name="cancellationToken">Ends the wait for a place in the queue.</param>
    /// <exception cref="StorageUnavailableException">The store failed or is busy; the row may stand where it stood.</exception>
    Task SettleAsync(CustomerKey customer, long sequence, DateTimeOffset seen, DateTimeOffset? next, CancellationToken cancellationToken);

    /// <summary>
    /// Has every customer of a tenant looked at once, because a new strategy came into force: their rows are moved to instants one
    /// after another, only ever earlier. Works in small steps that others' commits pass between; cut short, it goes on where it was.
    /// </summary>
    /// <param name="spread">Whose customers, for which version, and when.</param>
    /// <param name="cancellationToken">Ends the work between two steps.</param>
    /// <returns>How many customers this call gave an instant; 0 when it was done for this or a newer version before.</returns>
    /// <exception cref="StorageUnavailableException">The store failed or is busy; the next call goes on.</exception>
    Task<long> SpreadAsync(DueSpread spread, CancellationToken cancellationToken);
}

/// <summary>A row of the due table.</summary>
/// <param name="Customer">Who is due.</param>
/// <param name="DueAt">Since when.</param>
/// <param name="Number">The store's number of the customer, which orders customers who are due at one instant.</param>
public sealed record DueCustomer(CustomerKey Customer, DateTimeOffset DueAt, long Number);

/// <summary>How a tenant's customers are spread over a span of time.</summary>
/// <param name="Tenant">The owner.</param>
/// <param name="Version">The version of the strategy that came into force: a tenant is spread once for each; at least 1.</param>
/// <param name="From">The earliest instant given.</param>
/// <param name="Over">The length of the span that no instant lies beyond.</param>
/// <param name="Each">The most that lies between one customer of the store and the next: a small store is done sooner.</param>
public sealed record DueSpread(string Tenant, long Version, DateTimeOffset From, TimeSpan Over, TimeSpan Each)
{
    /// <summary>What lies between one customer and the next in a store of so many, in ticks.</summary>
    internal long TicksPerCustomer(long customers) => Math.Min(Each.Ticks, Over.Ticks / Math.Max(1, customers));
}
