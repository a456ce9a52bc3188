using Decisioning.Engine.Customers;

namespace Decisioning.Storage.Tests;

/// <summary>The customers of a store as tests ask for them.</summary>
internal static class Listing
{
    /// <summary>The keys of a tenant's customers after a place.</summary>
    public static async Task<CustomerKey[]> KeysAsync(this ICustomerLog log, string tenant, long after = 0) =>
        await log.CustomersAsync(tenant, after, CancellationToken.None).Select(listed => listed.Customer).ToArrayAsync();

    /// <summary>Where a customer stands in the order.</summary>
    public static async Task<long> PlaceOfAsync(this ICustomerLog log, CustomerKey customer) =>
        (await log.CustomersAsync(customer.Tenant, 0, CancellationToken.None).FirstAsync(listed => listed.Customer == customer)).Place;
}
