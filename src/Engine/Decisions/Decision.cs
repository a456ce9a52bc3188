using System.Collections.Immutable;
using Decisioning.Engine.Journeys;
using Decisioning.Engine.Values;
using Orleans;

namespace Decisioning.Engine.Decisions;

/// <summary>The answer to one <see cref="DecisionRequest"/>, with its reasons. A function of state, strategy, request, now and seed.</summary>
/// <param name="DecisionId">Its id, made from the customer and the request id.</param>
/// <param name="Sequence">The customer's sequence it was made on.</param>
/// <param name="Strategy">The strategy's name.</param>
/// <param name="StrategyVersion">The strategy's version.</param>
/// <param name="StrategyHash">The strategy's hash.</param>
/// <param name="DecidedAt">The <c>now</c> it was made at.</param>
/// <param name="Seed">The seed it was made with.</param>
/// <param name="Items">What to do, best first within each placement.</param>
/// <param name="Verdicts">Why each other candidate is not among them, in the strategy's order; empty for <see cref="ExplainLevel.None"/>.</param>
/// <param name="Rules">Every rule layer by layer; only for <see cref="ExplainLevel.Full"/>.</param>
/// <param name="Stages">The stages the customer is in; empty for <see cref="ExplainLevel.None"/>, and so the next two.</param>
/// <param name="Segments">The segments the customer belongs to.</param>
/// <param name="Tags">The tags the customer carries.</param>
/// <param name="Touch">How closely the customer is served: <c>high</c>, <c>low</c> or <c>tech</c>; empty where the strategy does not say.</param>
[GenerateSerializer, Immutable, Alias("decisioning.decision")]
public sealed record Decision(
    [property: Id(0)] string DecisionId,
    [property: Id(1)] long Sequence,
    [property: Id(2)] string Strategy,
    [property: Id(3)] long StrategyVersion,
    [property: Id(4)] string StrategyHash,
    [property: Id(5)] DateTimeOffset DecidedAt,
    [property: Id(6)] ulong Seed,
    [property: Id(7)] ImmutableArray<DecisionItem> Items,
    [property: Id(8)] ImmutableArray<Verdict> Verdicts,
    [property: Id(9)] ImmutableArray<RuleReport> Rules,
    [property: Id(10)] ImmutableArray<string> Stages,
    [property: Id(11)] ImmutableArray<string> Segments,
    [property: Id(12)] ImmutableArray<string> Tags,
    [property: Id(13)] string Touch = "")
{
    /// <summary>What the schedule says for the stages the customer is in, at every level of explanation; not kept in the log.</summary>
    [Id(14)]
    public ImmutableArray<PlannedStage> Plans { get; init; } = [];

    /// <summary>The placements asked for that no action has a treatment for on that channel, each once; not kept in the log.</summary>
    [Id(15)]
    public ImmutableArray<string> UnknownPlacements { get; init; } = [];

    /// <summary>Where there are such: placements that actions do have treatments for on that channel, the first 20 by name; not kept in the log.</summary>
    [Id(16)]
    public ImmutableArray<string> KnownPlacements { get; init; } = [];
}

/// <summary>What the schedule says for a stage the customer is in.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Objective">What it is to reach; empty for not said.</param>
/// <param name="Message">What customers in it should hear; empty for not said.</param>
/// <param name="Level">How personal content is to them.</param>
[GenerateSerializer, Immutable, Alias("decisioning.planned-stage")]
public sealed record PlannedStage(
    [property: Id(0)] string Stage,
    [property: Id(1)] string Objective,
    [property: Id(2)] string Message,
    [property: Id(3)] PersonalizationLevel Level);

/// <summary>One chosen action.</summary>
/// <param name="Rank">1 for the best of its placement.</param>
/// <param name="Issue">Its issue.</param>
/// <param name="Group">Its group.</param>
/// <param name="Action">Its name.</param>
/// <param name="Treatment">The treatment.</param>
/// <param name="Channel">The treatment's channel.</param>
/// <param name="Placement">The treatment's placement.</param>
/// <param name="Content">The rendered content by part.</param>
/// <param name="TrackingToken">Opaque and self-contained: give it back with the response.</param>
/// <param name="IsFallback">Whether it stands in because nothing else was left.</param>
/// <param name="Propensity">Probability of a positive response.</param>
/// <param name="ContextWeight">The product of the weights of the situation.</param>
/// <param name="Value">What a positive response is worth; with the policy of goals, what it does for them.</param>
/// <param name="LeverWeight">The product of the levers.</param>
/// <param name="Priority">propensity × context weight × value × lever weight, or the product of those of them that count in the strategy.</param>
/// <param name="ActionProbability">
/// The probability with which this policy picks this action here, given the items before it; 1 without exploration. The probability of a
/// whole answer is the product of its items'.
/// </param>
/// <param name="ExpiresAt">Until when it may be shown and counts against caps.</param>
/// <param name="Reasons">The conditions that held and the rules that suggested it, by path; empty for <see cref="ExplainLevel.None"/>.</param>
/// <param name="IsMandatory">Whether it goes before all others by the strategy's word.</param>
/// <param name="Bundle">The action whose bundle it belongs to, that one included: all of them are offered together; empty for none.</param>
/// <param name="SendAt">When to send it; null for at once.</param>
/// <param name="Container">Of several named requests the one it answers; empty where there were not several.</param>
[GenerateSerializer, Immutable, Alias("decisioning.decision-item")]
public sealed record DecisionItem(
    [property: Id(0)] int Rank,
    [property: Id(1)] string Issue,
    [property: Id(2)] string Group,
    [property: Id(3)] string Action,
    [property: Id(4)] string Treatment,
    [property: Id(5)] string Channel,
    [property: Id(6)] string Placement,
    [property: Id(7)] PropertyMap Content,
    [property: Id(8)] string TrackingToken,
    [property: Id(9)] bool IsFallback,
    [property: Id(10)] double Propensity,
    [property: Id(11)] double ContextWeight,
    [property: Id(12)] double Value,
    [property: Id(13)] double LeverWeight,
    [property: Id(14)] double Priority,
    [property: Id(15)] double ActionProbability,
    [property: Id(16)] DateTimeOffset ExpiresAt,
    [property: Id(17)] ImmutableArray<string> Reasons,
    [property: Id(18)] bool IsMandatory = false,
    [property: Id(19)] string Bundle = "",
    [property: Id(20)] DateTimeOffset? SendAt = null,
    [property: Id(21)] string Container = "");

/// <summary>Why a candidate was not chosen.</summary>
/// <param name="Action">The action.</param>
/// <param name="Stage">The funnel stage that dropped it.</param>
/// <param name="Rule">The condition, cap or rule that dropped it, by path.</param>
/// <param name="Reason">In words, with the values seen for <see cref="ExplainLevel.Full"/>.</param>
/// <param name="Seen">What the condition saw; only for <see cref="ExplainLevel.Full"/>.</param>
/// <param name="AllowedAgainAt">
/// When it comes through the funnel again if nothing but time passes; null where that is not known. For <see cref="ExplainLevel.Full"/> all
/// stages are looked at, otherwise its validity and the contact policy alone.
/// </param>
/// <param name="Priority">Its priority, when it came as far as the arbitration; 0 otherwise.</param>
/// <param name="WouldWin">The smallest change found with which it would have been chosen; only for <see cref="ExplainLevel.Full"/>, null where none is known.</param>
[GenerateSerializer, Immutable, Alias("decisioning.verdict")]
public sealed record Verdict(
    [property: Id(0)] string Action,
    [property: Id(1)] FunnelStage Stage,
    [property: Id(2)] string Rule,
    [property: Id(3)] string Reason,
    [property: Id(4)] PropertyMap Seen,
    [property: Id(5)] DateTimeOffset? AllowedAgainAt = null,
    [property: Id(6)] double Priority = 0,
    [property: Id(7)] Counterfactual? WouldWin = null);

/// <summary>A rule as it stands now, layer by layer.</summary>
/// <param name="Rule">The rule's id.</param>
/// <param name="Holds">Whether all its layers hold.</param>
/// <param name="Layers">Each layer present, in the order asked.</param>
[GenerateSerializer, Immutable, Alias("decisioning.rule-report")]
public sealed record RuleReport(
    [property: Id(0)] string Rule,
    [property: Id(1)] bool Holds,
    [property: Id(2)] ImmutableArray<LayerReport> Layers);

/// <summary>What became of a layer.</summary>
public enum LayerResult : byte
{
    /// <summary>An earlier layer failed already.</summary>
    NotAsked = 0,

    /// <summary>It holds.</summary>
    Held = 1,

    /// <summary>It does not hold.</summary>
    Failed = 2,

    /// <summary>Something it needs is not there; counts as not holding.</summary>
    Error = 3,
}

/// <summary>One layer of a rule as it stands now.</summary>
/// <param name="Layer">Which: <c>behaviour</c>, <c>order</c>, <c>device</c>, <c>time</c> or <c>profile</c>.</param>
/// <param name="Result">What became of it.</param>
/// <param name="Expression">As written.</param>
/// <param name="Seen">The values it saw, by name; empty if not asked.</param>
/// <param name="Error">What was missing, for <see cref="LayerResult.Error"/>; empty otherwise.</param>
[GenerateSerializer, Immutable, Alias("decisioning.layer-report")]
public sealed record LayerReport(
    [property: Id(0)] string Layer,
    [property: Id(1)] LayerResult Result,
    [property: Id(2)] string Expression,
    [property: Id(3)] PropertyMap Seen,
    [property: Id(4)] string Error);
