using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Replaying;
using Orleans;

namespace Decisioning.Contracts.Messages;

/// <summary>Asks for a customer as it was.</summary>
/// <param name="Customer">Who.</param>
/// <param name="At">The instant: what was received at or before it counts.</param>
[GenerateSerializer, Immutable, Alias("decisioning.state-at-question")]
public sealed record StateAtQuestion([property: Id(0)] CustomerKey Customer, [property: Id(1)] DateTimeOffset At);

/// <summary>A customer as it was.</summary>
/// <param name="View">The customer; null when the events of then are no longer kept.</param>
/// <param name="KeptSince">Null, or from when on the log can tell.</param>
[GenerateSerializer, Immutable, Alias("decisioning.state-at-reply")]
public sealed record StateAtReply([property: Id(0)] CustomerView? View, [property: Id(1)] DateTimeOffset? KeptSince = null);

/// <summary>Asks to make decisions again.</summary>
/// <param name="Customer">The one customer; empty for all.</param>
/// <param name="After">Of all customers: where the page before said to go on; empty for the first page.</param>
/// <param name="StrategyVersion">Another version to decide by; 0 for none.</param>
/// <param name="Files">Another strategy to decide by; empty for none.</param>
/// <param name="RowsMax">Decisions to tell of at most.</param>
[GenerateSerializer, Immutable, Alias("decisioning.replay-page-request")]
public sealed record ReplayPageRequest(
    [property: Id(0)] string Customer,
    [property: Id(1)] string After,
    [property: Id(2)] long StrategyVersion,
    [property: Id(3)] ImmutableArray<StrategyFile> Files,
    [property: Id(4)] int RowsMax);

/// <summary>What came of making decisions again.</summary>
/// <param name="Customers">Customers gone through.</param>
/// <param name="Decisions">Decisions made again.</param>
/// <param name="Differing">Those that came out otherwise.</param>
/// <param name="Untold">Those that cannot be made again.</param>
/// <param name="Skipped">Those left out, the oldest of customers with too many.</param>
/// <param name="Rows">Some that came out otherwise or cannot be made again.</param>
/// <param name="Offers">How often what was offered, where it differs.</param>
/// <param name="After">Where to go on; empty at the end.</param>
/// <param name="Mistakes">Mistakes of the strategy given.</param>
/// <param name="IsNoVersion">Whether the version asked for cannot be had.</param>
[GenerateSerializer, Immutable, Alias("decisioning.replay-page")]
public sealed record ReplayPage(
    [property: Id(0)] long Customers,
    [property: Id(1)] long Decisions,
    [property: Id(2)] long Differing,
    [property: Id(3)] long Untold,
    [property: Id(4)] long Skipped,
    [property: Id(5)] ImmutableArray<ReplayRow> Rows,
    [property: Id(6)] ImmutableArray<OfferTally> Offers,
    [property: Id(7)] string After,
    [property: Id(8)] ImmutableArray<StrategyMistake> Mistakes,
    [property: Id(9)] bool IsNoVersion = false)
{
    /// <summary>Nothing was made again: there is no such strategy.</summary>
    public static ReplayPage Refused(ImmutableArray<StrategyMistake> mistakes) => new(0, 0, 0, 0, 0, [], [], "", mistakes, mistakes.IsEmpty);
}

/// <summary>A decision that came out otherwise or cannot be made again.</summary>
/// <param name="Customer">Whose.</param>
/// <param name="DecisionId">Its id.</param>
/// <param name="RequestId">The caller's id of the question.</param>
/// <param name="Sequence">The customer's sequence it was made on.</param>
/// <param name="DecidedAt">When.</param>
/// <param name="StrategyVersion">The strategy's version it was made with.</param>
/// <param name="Differences">What differs.</param>
/// <param name="Why">Why it cannot be made again; empty when it was.</param>
[GenerateSerializer, Immutable, Alias("decisioning.replay-row")]
public sealed record ReplayRow(
    [property: Id(0)] CustomerKey Customer,
    [property: Id(1)] string DecisionId,
    [property: Id(2)] string RequestId,
    [property: Id(3)] long Sequence,
    [property: Id(4)] DateTimeOffset DecidedAt,
    [property: Id(5)] long StrategyVersion,
    [property: Id(6)] ImmutableArray<Difference> Differences,
    [property: Id(7)] string Why);

/// <summary>How often an action was offered at a placement.</summary>
/// <param name="Placement">The placement; empty for none.</param>
/// <param name="Action">The action.</param>
/// <param name="Recorded">As recorded.</param>
/// <param name="Again">As made again.</param>
[GenerateSerializer, Immutable, Alias("decisioning.offer-tally")]
public sealed record OfferTally(
    [property: Id(0)] string Placement, [property: Id(1)] string Action, [property: Id(2)] long Recorded, [property: Id(3)] long Again);

/// <summary>Asks to compare states with logs.</summary>
/// <param name="Customer">The one customer; empty for all.</param>
/// <param name="After">Of all customers: where the page before said to go on; empty for the first page.</param>
[GenerateSerializer, Immutable, Alias("decisioning.verify-page-request")]
public sealed record VerifyPageRequest([property: Id(0)] string Customer, [property: Id(1)] string After);

/// <summary>What came of comparing.</summary>
/// <param name="Customers">Customers compared.</param>
/// <param name="Events">Their events.</param>
/// <param name="Differing">Those whose state is not what the log says.</param>
/// <param name="After">Where to go on; empty at the end.</param>
[GenerateSerializer, Immutable, Alias("decisioning.verify-page")]
public sealed record VerifyPage(
    [property: Id(0)] long Customers,
    [property: Id(1)] long Events,
    [property: Id(2)] ImmutableArray<CustomerMismatch> Differing,
    [property: Id(3)] string After);

/// <summary>A customer whose state is not what the log says.</summary>
/// <param name="Customer">Who.</param>
/// <param name="Sequence">The sequence compared at.</param>
/// <param name="Differences">What differs.</param>
[GenerateSerializer, Immutable, Alias("decisioning.customer-mismatch")]
public sealed record CustomerMismatch(
    [property: Id(0)] CustomerKey Customer, [property: Id(1)] long Sequence, [property: Id(2)] ImmutableArray<Difference> Differences);

/// <summary>How a customer's state compares with the log.</summary>
/// <param name="Sequence">The sequence compared at.</param>
/// <param name="Events">The events folded.</param>
/// <param name="Differences">What differs; empty for nothing.</param>
[GenerateSerializer, Immutable, Alias("decisioning.verify-reply")]
public sealed record VerifyReply(
    [property: Id(0)] long Sequence, [property: Id(1)] long Events, [property: Id(2)] ImmutableArray<Difference> Differences);
