using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Orleans;

namespace Decisioning.Contracts.Messages;

/// <summary>What an identity is linked with, as far as its log can be read.</summary>
/// <param name="MovedTo">Where it has moved; null for one of its own.</param>
/// <param name="Identities">Further identities that moved here or announced themselves.</param>
/// <param name="Unreadable">Events and states of its log that are damaged: what these alone said is not known. 0 when the log could be loaded.</param>
[GenerateSerializer, Immutable, Alias("decisioning.links-reply")]
public sealed record LinksReply(
    [property: Id(0)] CustomerKey? MovedTo, [property: Id(1)] ImmutableArray<LinkedIdentity> Identities, [property: Id(2)] long Unreadable);

/// <summary>Asks an identity that is to be erased to move no further.</summary>
/// <param name="To">Whose moves end: those to one of these, who are erased with it. A move to anybody else goes on.</param>
[GenerateSerializer, Immutable, Alias("decisioning.end-move-request")]
public sealed record EndMoveRequest([property: Id(0)] ImmutableArray<CustomerKey> To);

/// <summary>Asks an identity to be erased.</summary>
/// <param name="Known">The identities that were looked at: should there be another, which moved here or which this one moved to, nothing is erased and the reply names it.</param>
[GenerateSerializer, Immutable, Alias("decisioning.erase-identity-request")]
public sealed record EraseIdentityRequest([property: Id(0)] ImmutableArray<CustomerKey> Known);

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
    [property: Id(4)] int DueRows)
{
    /// <summary>Identities linked with this one that were not looked at. When there are some, nothing was erased.</summary>
    [Id(5)]
    public ImmutableArray<CustomerKey> Unknown { get; init; } = [];
}

/// <summary>Which rows of a customer an export page holds.</summary>
public enum ExportPart : byte
{
    /// <summary>The events of the log, in their order.</summary>
    Events = 1,

    /// <summary>The recorded decisions, newest first.</summary>
    Decisions = 2,
}

/// <summary>Asks where the pages of a customer's log begin.</summary>
/// <param name="Customer">Whose.</param>
[GenerateSerializer, Immutable, Alias("decisioning.export-pages-request")]
public sealed record ExportPagesRequest([property: Id(0)] CustomerKey Customer);

/// <summary>The pages of a customer's log.</summary>
/// <param name="Starts">What each is asked for by, the oldest events first.</param>
/// <param name="Missing">Events that are on none, as the log is damaged.</param>
[GenerateSerializer, Immutable, Alias("decisioning.export-pages")]
public sealed record ExportPages([property: Id(0)] ImmutableArray<long> Starts, [property: Id(1)] long Missing);

/// <summary>Asks for a page of what is kept of a customer.</summary>
/// <param name="Customer">Who.</param>
/// <param name="Part">Which rows.</param>
/// <param name="From">Of events one of <see cref="ExportPages.Starts"/>; of decisions <see cref="ExportPage.Next"/> of the page before, 0 for the first.</param>
[GenerateSerializer, Immutable, Alias("decisioning.export-page-request")]
public sealed record ExportPageRequest([property: Id(0)] CustomerKey Customer, [property: Id(1)] ExportPart Part, [property: Id(2)] long From);

/// <summary>A page of what is kept of a customer.</summary>
/// <param name="Events">Events; those whose contents are no longer kept are left out.</param>
/// <param name="Decisions">Decisions.</param>
/// <param name="Next">Where to go on with decisions; 0 at the end.</param>
/// <param name="Unreadable">Rows of the page that are damaged and left out.</param>
[GenerateSerializer, Immutable, Alias("decisioning.export-page")]
public sealed record ExportPage(
    [property: Id(0)] ImmutableArray<ExportedEvent> Events,
    [property: Id(1)] ImmutableArray<ExportedDecision> Decisions,
    [property: Id(2)] long Next,
    [property: Id(3)] int Unreadable);

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
