using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Orleans;

namespace Decisioning.Contracts.Messages;

/// <summary>Changes of one customer, as published on the streams of <see cref="Streams"/>.</summary>
/// <param name="Customer">Whose.</param>
/// <param name="Changes">In the order they happened, at least one.</param>
[GenerateSerializer, Immutable, Alias("decisioning.customer-changes")]
public sealed record CustomerChanges([property: Id(0)] CustomerKey Customer, [property: Id(1)] ImmutableArray<CustomerChange> Changes);
