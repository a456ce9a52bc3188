using System.Collections.Frozen;
using System.Collections.Immutable;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Features;

/// <summary>
/// How a strategy's features are counted, worked out once: the cells, and per event which of them it may change, by condition and by
/// value, so that of an event each condition and each value is evaluated once, however many features share it.
/// </summary>
internal sealed class FeaturePlan
{
    private readonly FrozenDictionary<ulong, CellPlan> _cells;
    private readonly FrozenDictionary<string, ImmutableArray<CountedWhere>> _byEvent;
    private readonly ImmutableArray<CountedWhere> _ofAnyEvent;

    public FeaturePlan(ImmutableArray<Feature> features)
    {
        var cells = features.GroupBy(feature => feature.Key).Select(same => new CellPlan(same.Key, [.. same])).ToImmutableArray();
        var uses = cells.SelectMany(Uses).ToImmutableArray();
        _cells = cells.ToFrozenDictionary(cell => cell.Key);
        _byEvent = uses.SelectMany(use => use.Events).Distinct(StringComparer.Ordinal)
            .ToFrozenDictionary(name => name, name => Group(uses.Where(use => use.Events.IsEmpty || use.Events.Contains(name))), StringComparer.Ordinal);
        _ofAnyEvent = Group(uses.Where(use => use.Events.IsEmpty));
    }

    /// <summary>The cell of a key; null for one the strategy does not have.</summary>
    public CellPlan? Find(ulong key) => _cells.GetValueOrDefault(key);

    /// <summary>What an event may change.</summary>
    public ImmutableArray<CountedWhere> CountedBy(string @event) => _byEvent.TryGetValue(@event, out var counted) ? counted : _ofAnyEvent;

    private static IEnumerable<Use> Uses(CellPlan cell)
    {
        var feature = cell.Features[0];
        if (feature.Sequence is not { } sequence)
        {
            return [new(feature.Events, feature.Where, feature.Of, new(cell, 0))];
        }

        return sequence.Steps.Select((step, index) => new Use(step.Events, step.Where, null, new(cell, index)))
            .Concat(sequence.Without.Select(step => new Use(step.Events, step.Where, null, new(cell, SequenceCell.WithoutRole))));
    }

    private static ImmutableArray<CountedWhere> Group(IEnumerable<Use> uses) =>
        [.. uses.GroupBy(use => use.Where?.Expression).Select(same => new CountedWhere(
            same.First().Where,
            [.. same.GroupBy(use => use.Of).Select(alike => new CountedValue(alike.Key, [.. alike.Select(use => use.Counter)]))]))];

    private sealed record Use(ImmutableArray<string> Events, Condition? Where, CompiledExpression<Facts>? Of, Counter Counter);
}

/// <summary>What an event changes when a condition holds; null for always.</summary>
internal sealed record CountedWhere(Condition? Where, ImmutableArray<CountedValue> Values);

/// <summary>What an event changes that has a value; null where none is needed.</summary>
internal sealed record CountedValue(CompiledExpression<Facts>? Of, ImmutableArray<Counter> Counters);

/// <summary>A cell that an event changes, and as which step.</summary>
internal readonly record struct Counter(CellPlan Cell, int Role);
