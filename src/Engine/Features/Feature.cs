using System.Collections.Immutable;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Features;

/// <summary>A feature of a strategy: a named value computed from a customer's events by their event time.</summary>
/// <param name="Slot">Its place among the strategy's features.</param>
/// <param name="Name">Its name, as conditions write it after <c>features.</c></param>
/// <param name="Key">A hash of everything that defines its cell; equal keys may keep the cell when the strategy changes.</param>
/// <param name="Kind">How it is computed.</param>
/// <param name="Events">The events it looks at; empty for all.</param>
/// <param name="Where">Which of them count; null for all.</param>
/// <param name="Of">What is summed, kept or told apart; null where the kind needs none.</param>
/// <param name="Within">The sliding window, at least a minute; null for all time.</param>
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
    CelType Type);
