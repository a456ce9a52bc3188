using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Values;
using Orleans;

namespace Decisioning.Contracts.Messages;

/// <summary>Asks for a page of customers.</summary>
/// <param name="Features">The features wanted.</param>
/// <param name="PageSize">1 to 1,000.</param>
/// <param name="After">Where the page before said to go on (<see cref="CustomerPage.After"/>): a number above 0; empty for the first page.</param>
/// <param name="IncludeAnonymous">Whether visitors not known by name are listed.</param>
[GenerateSerializer, Immutable, Alias("decisioning.customer-page-request")]
public sealed record CustomerPageRequest(
    [property: Id(0)] ImmutableArray<string> Features,
    [property: Id(1)] int PageSize,
    [property: Id(2)] string After,
    [property: Id(3)] bool IncludeAnonymous);

/// <summary>A page of customers.</summary>
/// <param name="Customers">In an order that stays the same from page to page.</param>
/// <param name="After">Where to go on; empty at the end.</param>
/// <param name="UnknownFeatures">Features asked for that the strategy does not have.</param>
[GenerateSerializer, Immutable, Alias("decisioning.customer-page")]
public sealed record CustomerPage(
    [property: Id(0)] ImmutableArray<CustomerRow> Customers,
    [property: Id(1)] string After,
    [property: Id(2)] ImmutableArray<string> UnknownFeatures);

/// <summary>A customer with some features.</summary>
/// <param name="Customer">Who.</param>
/// <param name="Sequence">How many events were applied.</param>
/// <param name="Features">The features asked for.</param>
[GenerateSerializer, Immutable, Alias("decisioning.customer-row")]
public sealed record CustomerRow(
    [property: Id(0)] CustomerKey Customer,
    [property: Id(1)] long Sequence,
    [property: Id(2)] PropertyMap Features);
