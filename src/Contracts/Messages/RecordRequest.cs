using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Orleans;

namespace Decisioning.Contracts.Messages;

/// <summary>Events of one customer to record.</summary>
/// <param name="Events">In the order they are to be applied, at most <see cref="Decisioning.Engine.Limits.EventsPerBatchMax"/>.</param>
[GenerateSerializer, Immutable, Alias("decisioning.record-request")]
public sealed record RecordRequest([property: Id(0)] ImmutableArray<CustomerEvent> Events);
