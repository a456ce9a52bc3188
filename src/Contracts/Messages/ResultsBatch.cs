using System.Collections.Immutable;
using Orleans;

namespace Decisioning.Contracts.Messages;

/// <summary>Decisions, responses and stage changes of many customers, for those who count results.</summary>
/// <param name="Items">In the order they came, 1 to 500.</param>
[GenerateSerializer, Immutable, Alias("decisioning.results-batch")]
public sealed record ResultsBatch([property: Id(0)] ImmutableArray<CustomerChanges> Items);
