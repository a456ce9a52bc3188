using System.Collections.Immutable;
using Decisioning.Engine.Customers;

namespace Decisioning.Gateway.Privacy;

/// <summary>Under which keys a person is kept: the one place that says it, for exports and erasures.</summary>
internal static class CustomerIdentities
{
    /// <summary>Every key of whoever is known by one of them, that one first.</summary>
    public static Task<ImmutableArray<CustomerKey>> OfAsync(CustomerKey key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<ImmutableArray<CustomerKey>>([key]);
    }
}
