using System.Collections.Immutable;
using Decisioning.Engine.Features;
using Decisioning.Engine.Journeys;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Rules.Indexing;
using Decisioning.Engine.Scoring;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Customers;

/// <summary>
/// What is remembered of one customer: one immutable value, swapped whole. A function of the customer's log and the
/// strategy alone (INVARIANT (deterministic)); nothing in it changes by time passing – readers take <c>now</c> along.
/// Names, not slots, identify tags, scores and stages, so that a state outlives the strategy it was folded with.
/// </summary>
public sealed record CustomerState
{
    private readonly MaybeInstant _latestEventAt;
    private readonly MaybeInstant _timePassedAt;
    private readonly MaybeInstant _updatedAt;
    private readonly MaybeInstant _firstEventAt;

    /// <summary>A customer nothing is known of.</summary>
    public static CustomerState Empty { get; } = new();

    /// <summary>How many events were applied: the sequence of the last one. 0 for a new customer.</summary>
    public long Sequence { get; init; }

    /// <summary>The newest event time seen: what lateness is measured against. Null for a new customer.</summary>
    public DateTimeOffset? LatestEventAt
    {
        get => _latestEventAt.Value;
        init => _latestEventAt = new(value);
    }

    /// <summary>The newest instant at which time alone was looked at (<see cref="EventType.Wake"/>); null for never.</summary>
    public DateTimeOffset? TimePassedAt
    {
        get => _timePassedAt.Value;
        init => _timePassedAt = new(value);
    }

    /// <summary>The instant the state stands at: of the newest event, or of the newest wake when that is later. Null for a new customer.</summary>
    public DateTimeOffset? AsOf() => TimePassedAt is { } passed && !(LatestEventAt >= passed) ? passed : LatestEventAt;

    /// <summary>When the last event was received. Null for a new customer.</summary>
    public DateTimeOffset? UpdatedAt
    {
        get => _updatedAt.Value;
        init => _updatedAt = new(value);
    }

    /// <summary>When the first event happened, by event time. Null for a new customer.</summary>
    public DateTimeOffset? FirstEventAt
    {
        get => _firstEventAt.Value;
        init => _firstEventAt = new(value);
    }

    /// <summary>Events that came later than the strategy's allowed lateness; their rules did not run.</summary>
    public long LateEvents { get; init; }

    /// <summary>Attributes of the profile, at most <see cref="Limits.ProfileAttributesMax"/>.</summary>
    public PropertyMap Profile { get; init; } = PropertyMap.Empty;

    /// <summary>The newest context seen (device, channel, campaign, timezone): what conditions read when the request brings none.</summary>
    public PropertyMap Context { get; init; } = PropertyMap.Empty;

    /// <summary>The cells from which features are read.</summary>
    public FeatureCells Features { get; init; } = FeatureCells.Empty;

    /// <summary>Tags, by name in ordinal order; expired ones may still be here, readers take <c>now</c> along.</summary>
    public ImmutableArray<TagState> Tags { get; init; } = [];

    /// <summary>Scores, by name in ordinal order.</summary>
    public ImmutableArray<ScoreState> Scores { get; init; } = [];

    /// <summary>
    /// What entries with a cap gave and what still counts, by key; at most one for each of the strategy's entries. Mostly empty, 56 bytes each.
    /// </summary>
    public ImmutableArray<PointsGiven> PointsGiven { get; init; } = [];

    /// <summary>Stages the customer is or was in, by name in ordinal order.</summary>
    public ImmutableArray<StageState> Stages { get; init; } = [];

    /// <summary>
    /// Names of the segments the customer belonged to when they were last evaluated, in the strategy's order, at most
    /// <see cref="Limits.SegmentsMax"/>: what entering and leaving is told by. Who belongs to a segment now, conditions ask themselves.
    /// </summary>
    public ImmutableArray<string> Segments { get; init; } = [];

    /// <summary>Consents by purpose and channel, at most <see cref="Limits.ConsentsPerCustomerMax"/>.</summary>
    public ImmutableArray<ConsentState> Consents { get; init; } = [];

    /// <summary>Outcomes that caps count, oldest first, at most <see cref="Limits.ContactsPerCustomerMax"/>.</summary>
    public ImmutableArray<Contact> Contacts { get; init; } = [];

    /// <summary>Ids of rules that held when they were last evaluated: their effects came, and come again only after they did not hold.</summary>
    public ImmutableArray<string> RulesHeld { get; init; } = [];

    /// <summary>
    /// The <see cref="Strategies.Strategy.Hash"/> of the strategy its rules were last evaluated with; empty for none yet. With another
    /// one every rule is evaluated at the next event, else only those that the event can change.
    /// </summary>
    public string FoldedWith { get; init; } = "";

    /// <summary>
    /// What changed after the rules that read it were evaluated, as dotted names (<c>tags.hot</c>, <c>stages.find</c>), in ordinal order:
    /// the next event evaluates them. Mostly empty.
    /// </summary>
    public ImmutableArray<string> Carried { get; init; } = [];

    /// <summary>The newest message ids, to answer repeats from memory.</summary>
    public SeenMessages Seen { get; init; } = SeenMessages.Empty;

    /// <summary>Where this identity moved when it was linked; null for a customer of its own. After it the log has <see cref="EventType.Link"/> only.</summary>
    public IdentityMove? MovedTo { get; init; }

    /// <summary>Further identities of the customer, the oldest first, at most <see cref="Limits.IdentitiesPerCustomerMax"/>.</summary>
    public ImmutableArray<LinkedIdentity> Identities { get; init; } = [];

    /// <summary>What conditions read of it when it was folded, so that the next event reads less; never stored. Null for not known.</summary>
    internal CodeMemory? Codes { get; init; }
}
