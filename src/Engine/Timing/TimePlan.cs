using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Timing;

/// <summary>What of a strategy time alone changes, worked out once.</summary>
internal sealed class TimePlan
{
    private static readonly ConditionalWeakTable<Strategy, TimePlan> _plans = [];

    private readonly Dictionary<Condition, TimedCondition> _others = new(ReferenceEqualityComparer.Instance);
    private readonly TimeSources _sources;

    private TimePlan(Strategy strategy)
    {
        Strategy = strategy;
        var sources = _sources = new TimeSources(strategy);
        var timed = ImmutableArray.CreateBuilder<TimedItem>();
        var untimed = ImmutableArray.CreateBuilder<TimedItem>();
        foreach (var score in strategy.Scores.Where(score => !score.Grades.IsEmpty))
        {
            (score.HalfLife is null ? untimed : timed).Add(new TimedItem.OfGrade(score));
        }

        timed.AddRange(strategy.Stages.Select(stage => new TimedItem.OfStage(stage, sources.Of(stage.Enter), stage.Exit is null ? null : sources.Of(stage.Exit))));
        Segments = [.. strategy.Segments.Select(segment => sources.Of(segment.When))];
        foreach (var segment in strategy.Segments)
        {
            (Segments[segment.Index].IsTimed ? timed : untimed).Add(new TimedItem.OfSegment(segment));
        }

        foreach (var rule in strategy.Rules.Where(rule => rule.On.IsEmpty && !rule.ReadsEvent && rule.Then.Any(effect => effect is not RuleEffect.Offer)))
        {
            var all = new TimedCondition.Joined([.. rule.Layers.Select(layer => sources.Of(layer.When))], isAll: true);
            (all.IsTimed ? timed : untimed).Add(new TimedItem.OfRule(rule, all));
        }

        (Timed, Untimed) = (timed.ToImmutable(), untimed.ToImmutable());
    }

    public Strategy Strategy { get; }

    /// <summary>By index; each reads only earlier ones.</summary>
    public ImmutableArray<TimedCondition> Segments { get; }

    /// <summary>What time alone may change.</summary>
    public ImmutableArray<TimedItem> Timed { get; }

    /// <summary>What only other things change: looked at where such a thing changed after its turn.</summary>
    public ImmutableArray<TimedItem> Untimed { get; }

    /// <summary>Any condition of the strategy, such as an action's; taken apart when it is first asked for.</summary>
    public TimedCondition Of(Condition condition)
    {
        lock (_others)
        {
            if (!_others.TryGetValue(condition, out var timed))
            {
                _others[condition] = timed = _sources.Of(condition);
            }

            return timed;
        }
    }

    public static TimePlan Of(Strategy strategy) => _plans.GetValue(strategy, made => new TimePlan(made));
}
