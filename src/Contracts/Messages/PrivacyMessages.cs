using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Orleans;

namespace Decisioning.Contracts.Messages;

/// <summary>What an erasure deleted.</summary>
/// <param name="Customers">1, or 0 when there was nobody.</param>
/// <param name="Events">Events of the log, each with its message id.</param>
/// <param name="Decisions">Recorded decisions.</param>
/// <param name="Snapshots">States kept so that the log need not be folded again.</param>
/// <param name="DueRows">Rows of the table that says when to look at whom.</param>
[GenerateSerializer, Immutable, Alias("decisioning.erase-reply")]
public sealed record EraseReply(
    [property: Id(0)] int Customers,
    [property: Id(1)] long Events,
    [property: Id(2)] long Decisions,
    [property: Id(3)] int Snapshots,
    [property: Id(4)] int DueRows);

/// <summary>Which rows of a customer an export page holds.</summary>
public enum ExportPart : byte
{
    /// <summary>The events of the log, in their order.</summary>
    Events = 1,

    /// <summary>The recorded decisions, newest first.</summary>
    Decisions = 2,
}

/// <summary>Asks for a page of what is kept of a customer.</summary>
/// <param name="Customer">Who.</param>
/// <param name="Part">Which rows.</param>
/// <param name="After">Where to go on: <see cref="ExportPage.After"/> of the page before; 0 for the first page.</param>
[GenerateSerializer, Immutable, Alias("decisioning.export-page-request")]
public sealed record ExportPageRequest([property: Id(0)] CustomerKey Customer, [property: Id(1)] ExportPart Part, [property: Id(2)] long After);

/// <summary>A page of what is kept of a customer.</summary>
/// <param name="Events">Events; those whose contents are no longer kept are left out.</param>
/// <param name="Decisions">Decisions.</param>
/// <param name="After">Where to go on; 0 at the end.</param>
[GenerateSerializer, Immutable, Alias("decisioning.export-page")]
public sealed record ExportPage(
    [property: Id(0)] ImmutableArray<ExportedEvent> Events,
    [property: Id(1)] ImmutableArray<ExportedDecision> Decisions,
    [property: Id(2)] long After);

/// <summary>An event of a customer's log.</summary>
/// <param name="Sequence">Its place.</param>
/// <param name="Event">The event.</param>
/// <param name="StrategyVersion">The version of the strategy that it became state with; 0 for not known.</param>
[GenerateSerializer, Immutable, Alias("decisioning.exported-event")]
public sealed record ExportedEvent([property: Id(0)] long Sequence, [property: Id(1)] CustomerEvent Event, [property: Id(2)] long StrategyVersion);

/// <summary>A decision as recorded.</summary>
/// <param name="Request">What was asked.</param>
/// <param name="Decision">What was answered, as far as it is kept.</param>
[GenerateSerializer, Immutable, Alias("decisioning.exported-decision")]
public sealed record ExportedDecision([property: Id(0)] DecisionRequest Request, [property: Id(1)] Decision Decision);
