using System.Collections.Immutable;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Features;

/// <summary>A feature of a strategy: a named value computed from a customer's events by their event time.</summary>
/// <param name="Slot">Its place among the strategy's features.</param>
/// <param name="Name">Its name, as conditions write it after <c>features.</c></param>
/// <param name="Key">
/// A hash of everything that defines its cell. Features of one key share the cell: they differ in their windows only. A cell is
/// kept when the strategy changes and a feature of the new one has its key.
/// </param>
/// <param name="Kind">How it is computed.</param>
/// <param name="Events">The events it looks at; empty for all.</param>
/// <param name="Where">Which of them count; null for all.</param>
/// <param name="Of">What is summed, kept, compared or told apart; null where the kind needs none.</param>
/// <param name="Within">The sliding window, a minute to two years; null for all time.</param>
/// <param name="Type">The type conditions see.</param>
public sealed record Feature(
    int Slot,
    string Name,
    ulong Key,
    FeatureKind Kind,
    ImmutableArray<string> Events,
    Condition? Where,
    CompiledExpression<Facts>? Of,
    TimeSpan? Within,
    CelType Type)
{
    /// <summary>What a sequence waits for; null for other kinds.</summary>
    public SequenceDefinition? Sequence { get; init; }

    /// <summary>How long nothing may happen within a session; zero for other kinds.</summary>
    public TimeSpan Gap { get; init; }

    /// <summary>The unit a recency is told in, as whole units rounded down; null for a duration, and for other kinds.</summary>
    public TimeSpan? Unit { get; init; }

    /// <summary>
    /// Bounds, lowest first, that turn the number into a score from 1: one more for each bound that is reached; of a recency, whose bounds are in
    /// ticks, one more for each bound that is not. 1 for nothing. Empty for the number itself.
    /// </summary>
    public ImmutableArray<double> Bands { get; init; } = [];

    /// <summary>The conditions it asks of events.</summary>
    public IEnumerable<Condition> Conditions => (Sequence is null ? [Where] : Sequence.Steps.Concat(Sequence.Without).Select(step => step.Where)).OfType<Condition>();

    /// <summary>Whether events of a name may count for it.</summary>
    public bool LooksAt(string @event) => Events.IsEmpty || Events.Contains(@event);

    /// <summary>How far back events can still change it: its window, twice that for a trend, and of a sequence how long it is on its way and holds; null for all time.</summary>
    public TimeSpan? Horizon => Kind switch
    {
        FeatureKind.Sequence => Within + (Sequence?.For ?? TimeSpan.Zero),
        FeatureKind.CountTrend or FeatureKind.SumTrend => Within + Within,
        _ => Within,
    };

    /// <summary>The window it reads; null for all time.</summary>
    internal Window? Window => Within is { } within && Kind != FeatureKind.Sequence ? Features.Window.Of(within) : null;

    /// <summary>The longer window a trend reads besides; null for other kinds.</summary>
    internal Window? WindowBefore => Kind is FeatureKind.CountTrend or FeatureKind.SumTrend ? Window?.Doubled : null;
}
