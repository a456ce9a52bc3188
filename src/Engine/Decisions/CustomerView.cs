using System.Collections.Immutable;
using Decisioning.Engine.Values;
using Orleans;

namespace Decisioning.Engine.Decisions;

/// <summary>A customer as seen at an instant, through the current strategy: what people and programs ask for.</summary>
/// <param name="Sequence">The customer's sequence; 0 when nothing is known.</param>
/// <param name="StrategyVersion">The strategy it is seen through.</param>
/// <param name="At">The instant.</param>
/// <param name="Profile">Attributes.</param>
/// <param name="Features">Every feature of the strategy by name, computed at the instant.</param>
/// <param name="Segments">The segments the customer belongs to.</param>
/// <param name="Tags">The tags the customer carries.</param>
/// <param name="Scores">Scores, decayed to the instant.</param>
/// <param name="Stages">The stages the customer is in.</param>
/// <param name="Consents">What the customer agreed to and refused.</param>
/// <param name="LateEvents">How many events came later than allowed.</param>
/// <param name="FirstEventAt">When the first event happened; null for none.</param>
/// <param name="LatestEventAt">When the newest event happened; null for none.</param>
/// <param name="NextLookAt">When the customer is looked at next because time alone may change something, which may be now; null for never.</param>
[GenerateSerializer, Immutable, Alias("decisioning.customer-view")]
public sealed record CustomerView(
    [property: Id(0)] long Sequence,
    [property: Id(1)] long StrategyVersion,
    [property: Id(2)] DateTimeOffset At,
    [property: Id(3)] PropertyMap Profile,
    [property: Id(4)] PropertyMap Features,
    [property: Id(5)] ImmutableArray<string> Segments,
    [property: Id(6)] ImmutableArray<TagView> Tags,
    [property: Id(7)] ImmutableArray<ScoreView> Scores,
    [property: Id(8)] ImmutableArray<StageView> Stages,
    [property: Id(9)] ImmutableArray<ConsentView> Consents,
    [property: Id(10)] long LateEvents,
    [property: Id(11)] DateTimeOffset? FirstEventAt,
    [property: Id(12)] DateTimeOffset? LatestEventAt,
    [property: Id(13)] DateTimeOffset? NextLookAt = null);

/// <summary>A tag a customer carries.</summary>
/// <param name="Name">The tag.</param>
/// <param name="Level">How strong; empty when not said.</param>
/// <param name="Evidence">The rule that gave it, and after a colon the evidence it gave with it.</param>
/// <param name="Since">When it was given first.</param>
/// <param name="ExpiresAt">When it ends; null for never.</param>
[GenerateSerializer, Immutable, Alias("decisioning.tag-view")]
public sealed record TagView(
    [property: Id(0)] string Name,
    [property: Id(1)] string Level,
    [property: Id(2)] string Evidence,
    [property: Id(3)] DateTimeOffset Since,
    [property: Id(4)] DateTimeOffset? ExpiresAt);

/// <summary>A score, decayed to the instant of the view.</summary>
/// <param name="Name">The score.</param>
/// <param name="Points">Its points.</param>
/// <param name="Grade">Its grade; empty for none.</param>
[GenerateSerializer, Immutable, Alias("decisioning.score-view")]
public sealed record ScoreView([property: Id(0)] string Name, [property: Id(1)] double Points, [property: Id(2)] string Grade);

/// <summary>A stage a customer is in.</summary>
/// <param name="Name">The stage.</param>
/// <param name="EnteredAt">Since when.</param>
/// <param name="Entries">How often it was entered, this time included.</param>
[GenerateSerializer, Immutable, Alias("decisioning.stage-view")]
public sealed record StageView([property: Id(0)] string Name, [property: Id(1)] DateTimeOffset EnteredAt, [property: Id(2)] int Entries);

/// <summary>A consent.</summary>
/// <param name="Purpose">What for.</param>
/// <param name="Channel">Where; <c>any</c> for all channels.</param>
/// <param name="Status"><c>GRANTED</c>, <c>DENIED</c> or <c>REVOKED</c>.</param>
/// <param name="At">When it was said.</param>
[GenerateSerializer, Immutable, Alias("decisioning.consent-view")]
public sealed record ConsentView(
    [property: Id(0)] string Purpose,
    [property: Id(1)] string Channel,
    [property: Id(2)] string Status,
    [property: Id(3)] DateTimeOffset At);
