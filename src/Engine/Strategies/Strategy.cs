using System.Collections.Frozen;
using System.Collections.Immutable;
using Decisioning.Engine.Actions;
using Decisioning.Engine.Arbitration;
using Decisioning.Engine.Calendars;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions.Analysis;
using Decisioning.Engine.Features;
using Decisioning.Engine.Journeys;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Scoring;
using NodaTime;

namespace Decisioning.Engine.Strategies;

/// <summary>
/// A strategy, checked and compiled: immutable, shared by all customers of a silo, swapped whole.
/// Made by the strategy compiler only.
/// </summary>
public sealed record Strategy
{
    private FrozenDictionary<string, ActionDefinition>? _actionByName;

    /// <summary>Its name, as written.</summary>
    public required string Name { get; init; }

    /// <summary>The version it was published as; 0 while it is not published.</summary>
    public long Version { get; init; }

    /// <summary>The SHA-256 of what was written, lower-case hex: identifies its content.</summary>
    public required string Hash { get; init; }

    /// <summary>The time zone of a customer who has none of their own.</summary>
    public required DateTimeZone TimeZone { get; init; }

    /// <summary>How much older than the customer's newest event an event may be and still run rules. Default: 1 day.</summary>
    public required Duration AllowedLateness { get; init; }

    /// <summary>How long an offered item waits for its response and counts against caps. Default: 1 day.</summary>
    public required TimeSpan OfferExpires { get; init; }

    /// <summary>How long a customer's events are meant to be kept, at least a day; null for ever. Windows should not be longer.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>Profile attributes that conditions may use, by name in ordinal order.</summary>
    public required ImmutableArray<PropertyType> Profile { get; init; }

    /// <summary>The events it knows, by name.</summary>
    public required FrozenDictionary<string, EventDefinition> Events { get; init; }

    /// <summary>Features by slot.</summary>
    public required ImmutableArray<Feature> Features { get; init; }

    /// <summary>Segments, each after those it refers to.</summary>
    public required ImmutableArray<Segment> Segments { get; init; }

    /// <summary>Tags that rules give, by name in ordinal order.</summary>
    public required ImmutableArray<string> Tags { get; init; }

    /// <summary>Scores.</summary>
    public required ImmutableArray<Score> Scores { get; init; }

    /// <summary>Stages of the journey, in the author's order.</summary>
    public required ImmutableArray<Stage> Stages { get; init; }

    /// <summary>Rules, in the author's order.</summary>
    public required ImmutableArray<Rule> Rules { get; init; }

    /// <summary>Consent purposes.</summary>
    public required ImmutableArray<string> Purposes { get; init; }

    /// <summary>Contact caps.</summary>
    public required ImmutableArray<ContactCap> Caps { get; init; }

    /// <summary>Hours in which channels rest.</summary>
    public ImmutableArray<QuietHours> QuietHours { get; init; } = [];

    /// <summary>Where and when customers like to hear from us; null where it is not asked.</summary>
    public ContactPreference? Preference { get; init; }

    /// <summary>The touch model: who is served how closely, the first that holds counts.</summary>
    public ImmutableArray<TouchRule> Touch { get; init; } = [];

    /// <summary>The money it may spend; null where it does not say.</summary>
    public BudgetPlan? Budget { get; init; }

    /// <summary>The locale of a customer who has none of their own. Default: <c>en</c>.</summary>
    public string Locale { get; init; } = "en";

    /// <summary>Actions, in the author's order of issues, groups, actions.</summary>
    public required ImmutableArray<ActionDefinition> Actions
    {
        get;
        init => (field, _actionByName) = (value, null);
    }

    /// <summary>Levers.</summary>
    public required ImmutableArray<Lever> Levers { get; init; }

    /// <summary>How what came through the funnel is put in order.</summary>
    public ArbitrationSettings Arbitration { get; init; } = ArbitrationSettings.Default;

    /// <summary>Calendars.</summary>
    public required ImmutableArray<StrategyCalendar> Calendars { get; init; }

    /// <summary>What reads the terms of its conditions; shared with copies of it.</summary>
    internal TermReaders<Facts> TermReaders { get; } = new();

    /// <summary>
    /// Makes now what is otherwise made when a customer needs it first: its plans, the code of its conditions, texts with placeholders;
    /// up to seconds for a strategy of a thousand rules and texts.
    /// </summary>
    /// <param name="cancellationToken">Ends it early; nothing is lost by that.</param>
    public void Warm(CancellationToken cancellationToken) => Warming.Warm(this, cancellationToken);

    /// <summary>The action of a name; null when there is none.</summary>
    public ActionDefinition? FindAction(string name)
    {
        _actionByName ??= Actions.DistinctBy(action => action.Name, StringComparer.Ordinal).ToFrozenDictionary(action => action.Name, StringComparer.Ordinal);
        return _actionByName.GetValueOrDefault(name);
    }
}
