using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Orleans;

namespace Decisioning.Contracts.Messages;

/// <summary>Events of one customer to record.</summary>
/// <param name="Events">In the order they are to be applied, at most <see cref="Decisioning.Engine.Limits.EventsPerBatchMax"/>.</param>
[GenerateSerializer, Immutable, Alias("decisioning.record-request")]
public sealed record RecordRequest([property: Id(0)] ImmutableArray<CustomerEvent> Events)
{
    /// <summary>Further identities of the customer that the events name; default: none. The reply says which are not linked yet.</summary>
    [Id(1)]
    public ImmutableArray<CustomerKey> Identities { get; init; } = [];

    /// <summary>Whether nothing is to be recorded before all <see cref="Identities"/> are linked: their history comes before these events.</summary>
    [Id(2)]
    public bool IsLinkFirst { get; init; }
}
