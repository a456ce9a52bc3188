using System.Collections.Immutable;
using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Values;
using Decisioning.Grains.Strategies;
using Decisioning.Storage;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Concurrency;

namespace Decisioning.Grains.Customers;

/// <summary>Reads pages of customers from the log and asks each customer's grain, a bounded number at once.</summary>
[StatelessWorker]
public sealed class CustomerDirectoryGrain(ICustomerLog log, StrategyCatalog strategies, GrainReferences<ICustomerGrain> customers, IOptions<GrainsOptions> options)
    : Grain, ICustomerDirectoryGrain
{
    /// <inheritdoc/>
    public Task<CustomerPage> PageAsync(CustomerPageRequest request, CancellationToken cancellationToken = default) => Stores.CallAsync(async () =>
    {
        var tenant = this.GetPrimaryKeyString();
        await strategies.EnsureAsync(tenant, cancellationToken);
        var known = strategies.Of(tenant).Current?.Features.Select(feature => feature.Name).ToHashSet(StringComparer.Ordinal) ?? [];
        var keys = await ListAsync(tenant, request, cancellationToken);
        var rows = ImmutableArray.CreateBuilder<CustomerRow>(keys.Count);
        foreach (var some in keys.Take(request.PageSize).Chunk(options.Value.DirectoryCallsMax))
        {
            rows.AddRange((await Task.WhenAll(some.Select(listed => RowAsync(listed.Customer, request.Features, cancellationToken)))).OfType<CustomerRow>());
        }

        return new CustomerPage(
            rows.ToImmutable(),
            keys.Count > request.PageSize ? Places.Write(keys[request.PageSize - 1].Place) : "",
            request.Features.RemoveAll(name => known.Contains(name)));
    });

    private async Task<List<ListedCustomer>> ListAsync(string tenant, CustomerPageRequest request, CancellationToken cancellationToken)
    {
        // One more than the page holds tells whether there is another.
        var keys = new List<ListedCustomer>(request.PageSize + 1);
        await foreach (var listed in log.CustomersAsync(tenant, Places.Read(request.After), cancellationToken))
        {
            if (request.IncludeAnonymous || !listed.Customer.IsAnonymous)
            {
                keys.Add(listed);
            }

            if (keys.Count > request.PageSize)
            {
                break;
            }
        }

        return keys;
    }

    // Null for an identity that moved: its customer has a row of its own.
    private async Task<CustomerRow?> RowAsync(CustomerKey key, ImmutableArray<string> features, CancellationToken cancellationToken)
    {
        var reply = await customers.Of(key.Value).ViewAsync(new ViewRequest(), cancellationToken);
        if (reply.Customer != key)
        {
            return null;
        }

        var values = reply.View?.Features ?? PropertyMap.Empty;
        return new(key, reply.Sequence, PropertyMap.From(values.Entries.Where(entry => features.Contains(entry.Key))));
    }
}
