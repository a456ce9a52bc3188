using System.Collections.Immutable;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Customers;

namespace Decisioning.Gateway.Privacy;

/// <summary>Under which keys a person is kept: the one place that says it, for exports and erasures.</summary>
internal sealed class CustomerIdentities(CustomerGrains customers)
{
    /// <summary>Every key of whoever is known by one of them: that one, the one that the person is known by, and the others.</summary>
    public async Task<ImmutableArray<CustomerKey>> OfAsync(CustomerKey key, CancellationToken cancellationToken)
    {
        var reply = await customers.Of(key).ViewAsync(new ViewRequest(), cancellationToken);
        return [.. new[] { key, reply.Customer ?? key }.Concat(reply.Identities).Distinct()];
    }
}
