using Decisioning.Contracts.Messages;
using Orleans;

namespace Decisioning.Contracts;

/// <summary>Lists the customers of a tenant, by the tenant's name. For exports; stateless.</summary>
[Alias("decisioning.customer-directory")]
public interface ICustomerDirectoryGrain : IGrainWithStringKey
{
    /// <summary>One page of customers with some of their features.</summary>
    [Alias("page")]
    Task<CustomerPage> PageAsync(CustomerPageRequest request, CancellationToken cancellationToken = default);
}
