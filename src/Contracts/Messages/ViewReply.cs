using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Orleans;

namespace Decisioning.Contracts.Messages;

/// <summary>The answer to a <see cref="ViewRequest"/>.</summary>
/// <param name="Sequence">The customer's sequence now.</param>
/// <param name="View">The customer; null when the sequence asked for is not reached.</param>
[GenerateSerializer, Immutable, Alias("decisioning.view-reply")]
public sealed record ViewReply([property: Id(0)] long Sequence, [property: Id(1)] CustomerView? View)
{
    /// <summary>Who it is: where the identity asked for has moved, or itself. Null when there is no view.</summary>
    [Id(2)]
    public CustomerKey? Customer { get; init; }

    /// <summary>Further identities of the customer, the oldest first.</summary>
    [Id(3)]
    public ImmutableArray<CustomerKey> Identities { get; init; } = [];
}
