using System.Collections.Immutable;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Customers;

namespace Decisioning.Gateway.Privacy;

/// <summary>Under which keys a person is kept: the one place that says it, for exports and erasures.</summary>
internal sealed class CustomerIdentities(CustomerGrains customers)
{
    /// <summary>
    /// Every key of whoever is known by one of them: that one first, then the customer that it is linked with, then the customer's further identities. So
    /// erased from the end the rest is always found by the first.
    /// </summary>
    public async Task<ImmutableArray<CustomerKey>> OfAsync(CustomerKey key, CancellationToken cancellationToken)
    {
        var customer = (await customers.Of(key).ResolveAsync(cancellationToken)).Customer;
        var keys = ImmutableArray.CreateBuilder<CustomerKey>();
        keys.Add(key);
        if (customer != key)
        {
            keys.Add(customer);
        }

        foreach (var identity in (await customers.Of(customer).ViewAsync(new ViewRequest(), cancellationToken)).Identities)
        {
            // One that was announced may not have come, and be another's by now.
            if (!keys.Contains(identity) && (await customers.Of(identity).ResolveAsync(cancellationToken)).Customer == customer)
            {
                keys.Add(identity);
            }
        }

        return keys.ToImmutable();
    }
}
