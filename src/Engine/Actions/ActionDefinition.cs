using System.Collections.Immutable;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Actions;

/// <summary>Something we may do for a customer: issue &gt; group &gt; action &gt; treatment.</summary>
/// <param name="Index">Its place among the strategy's actions, in the order issue, group, name as written.</param>
/// <param name="Issue">The business issue it serves.</param>
/// <param name="Group">The group it belongs to.</param>
/// <param name="Name">Its name, unique in the strategy.</param>
/// <param name="Value">What a positive response is worth, in the strategy's currency, at least 0.</param>
/// <param name="Propensity">The probability of a positive response as long as nothing was learned, 0 to 1.</param>
/// <param name="Purpose">The consent purpose it needs; null for none.</param>
/// <param name="Eligible">Who may get it at all: all must hold, its issue's first, then its group's, then its own. None for everyone; so for the next two.</param>
/// <param name="Applicable">For whom it makes sense now.</param>
/// <param name="Suitable">For whom it is right.</param>
/// <param name="ContextWeights">What makes it weigh more or less in a situation.</param>
/// <param name="IsFallback">Whether it is offered only where nothing else is.</param>
/// <param name="ValidFrom">From when it may be offered (inclusive); null for always.</param>
/// <param name="ValidUntil">Until when it may be offered (exclusive); null for ever.</param>
/// <param name="Treatments">Its content per channel and placement. At least one.</param>
public sealed record ActionDefinition(
    int Index,
    string Issue,
    string Group,
    string Name,
    double Value,
    double Propensity,
    string? Purpose,
    ImmutableArray<Condition> Eligible,
    ImmutableArray<Condition> Applicable,
    ImmutableArray<Condition> Suitable,
    ImmutableArray<ContextWeight> ContextWeights,
    bool IsFallback,
    DateTimeOffset? ValidFrom,
    DateTimeOffset? ValidUntil,
    ImmutableArray<Treatment> Treatments)
{
    /// <summary>Whether it goes before all others wherever the funnel lets it through.</summary>
    public bool IsMandatory { get; init; }

    /// <summary>The stages it serves, by index, in the order written: it makes sense only in one of them. None for all, and outside of them too.</summary>
    public ImmutableArray<int> Stages { get; init; } = [];

    /// <summary>The modes of touch it is for; <see cref="TouchModes.All"/> where it does not say.</summary>
    public TouchModes Touch { get; init; } = TouchModes.All;

    /// <summary>Of the actions that share this name at most one is offered in a decision; null for no such bond.</summary>
    public string? Exclusive { get; init; }

    /// <summary>Of the actions for which this comes out alike, and not empty, one is offered in a decision; null where it is not asked.</summary>
    public ContentTemplate? Dedupe { get; init; }

    /// <summary>The actions, by index, that are offered together with it in the same decision, or it is not offered; in the order written.</summary>
    public ImmutableArray<int> Bundle { get; init; } = [];

    /// <summary>What offering it costs, in the strategy's currency, at least 0.</summary>
    public double Cost { get; init; }

    /// <summary>What a positive response contributes to each goal, by the goal's name, in the order written.</summary>
    public ImmutableArray<GoalValue> Goals { get; init; } = [];
}

/// <summary>What a positive response to an action contributes to a goal of the business.</summary>
/// <param name="Goal">The goal, as <c>arbitration.goals</c> names it.</param>
/// <param name="Value">How much, in the goal's own unit; negative where it harms.</param>
public readonly record struct GoalValue(string Goal, double Value);

/// <summary>A factor on an action's priority while a condition holds.</summary>
/// <param name="When">When it counts.</param>
/// <param name="Weight">The factor, above 0.</param>
public sealed record ContextWeight(Condition When, double Weight);

/// <summary>The content of an action for a channel and placement.</summary>
/// <param name="Name">Its name, unique in the action; <c>channel-placement</c> unless given.</param>
/// <param name="Channel">The channel it is for.</param>
/// <param name="Placement">The placement it is for.</param>
/// <param name="Content">Its parts by name, e.g. <c>text</c>, <c>image</c>, each a template.</param>
public sealed record Treatment(string Name, string Channel, string Placement, ImmutableArray<ContentPart> Content)
{
    /// <summary>The language it is written in, such as <c>de</c> or <c>de-AT</c>; null where it serves all.</summary>
    public string? Locale { get; init; }

    /// <summary>The modes of touch it is for; <see cref="TouchModes.All"/> where it does not say.</summary>
    public TouchModes Touch { get; init; } = TouchModes.All;

    /// <summary>When to send it: an hour of the customer's day, or an instant; null for at once.</summary>
    public SendTime? At { get; init; }
}

/// <summary>One part of a treatment's content.</summary>
/// <param name="Name">Its name, e.g. <c>text</c>.</param>
/// <param name="Template">Its template: text with <c>{{profile.first_name}}</c> or <c>{{features.last_topic}}</c> in it.</param>
public sealed record ContentPart(string Name, ContentTemplate Template);
