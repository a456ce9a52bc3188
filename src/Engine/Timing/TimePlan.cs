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
        var things = new Dependencies(strategy, isOfEvents: true);
        var timed = ImmutableArray.CreateBuilder<TimedItem>();
        var untimed = ImmutableArray.CreateBuilder<TimedItem>();
        var (timedReads, untimedReads) = (new List<IEnumerable<string>>(), new List<IEnumerable<string>>());
        var conditions = new List<TimedCondition?>();
        foreach (var score in strategy.Scores.Where(score => !score.Grades.IsEmpty))
        {
            Add(new TimedItem.OfGrade(score), score.HalfLife is not null, ["scores." + score.Name]);
        }

        foreach (var stage in strategy.Stages)
        {
            var (enter, exit) = (sources.Of(stage.Enter), stage.Exit is null ? null : sources.Of(stage.Exit));
            Add(new TimedItem.OfStage(stage, enter, exit), true, ["stages." + stage.Name, .. things.Of(stage.Enter), .. stage.Exit is null ? [] : things.Of(stage.Exit)]);
        }

        Segments = [.. strategy.Segments.Select(segment => sources.Of(segment.When))];
        foreach (var segment in strategy.Segments)
        {
            Add(new TimedItem.OfSegment(segment), Segments[segment.Index].IsTimed, things.Of(segment.When), Segments[segment.Index]);
        }

        foreach (var rule in strategy.Rules.Where(rule => rule.On.IsEmpty && !rule.ReadsEvent && rule.Then.Any(effect => effect is not RuleEffect.Offer)))
        {
            var all = new TimedCondition.Joined([.. rule.Layers.Select(layer => sources.Of(layer.When))], isAll: true);
            Add(new TimedItem.OfRule(rule, all), all.IsTimed, rule.Layers.SelectMany(layer => things.Of(layer.When)), all);
        }

        (Timed, Untimed) = (timed.ToImmutable(), untimed.ToImmutable());
        (TimedReaders, UntimedReaders) = (ReadersOf(timedReads), ReadersOf(untimedReads));
        Ungated = new ulong[TimedReaders.Words];
        Gates = GatesOf(conditions);

        // One without a condition is asked whatever changes.
        void Add(TimedItem item, bool isTimed, IEnumerable<string> read, TimedCondition? condition = null)
        {
            (isTimed ? timed : untimed).Add(item);
            if (isTimed)
            {
                conditions.Add(condition);
            }

            (isTimed ? timedReads : untimedReads).Add(read);
        }
    }

    public Strategy Strategy { get; }

    /// <summary>By index; each reads only earlier ones.</summary>
    public ImmutableArray<TimedCondition> Segments { get; }

    /// <summary>What time alone may change.</summary>
    public ImmutableArray<TimedItem> Timed { get; }

    /// <summary>What only other things change: looked at where such a thing changed after its turn.</summary>
    public ImmutableArray<TimedItem> Untimed { get; }

    /// <summary>What of <see cref="Timed"/> reads something.</summary>
    public TimedReaders TimedReaders { get; }

    /// <summary>What of <see cref="Untimed"/> reads something.</summary>
    public TimedReaders UntimedReaders { get; }

    /// <summary>What most of <see cref="Timed"/> changes by, and with it at the earliest.</summary>
    public ImmutableArray<TimeGate> Gates { get; }

    /// <summary>The others of <see cref="Timed"/>, as a bitset.</summary>
    public ulong[] Ungated { get; }

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

    private ImmutableArray<TimeGate> GatesOf(List<TimedCondition?> conditions)
    {
        var gates = new Dictionary<object, TimeGate>();
        foreach (var (item, condition) in conditions.Index())
        {
            if (condition is null)
            {
                Set(Ungated, item);
                continue;
            }

            foreach (var test in condition.Tests.Where(test => test.IsOfClock))
            {
                Open(test, null, test, item);
            }

            foreach (var source in condition.Tests.Where(test => !test.IsOfClock).SelectMany(test => test.Sources))
            {
                Open(source, source, null, item);
            }
        }

        return [.. gates.Values];

        void Open(object key, TimeSource? source, TimedTest? clock, int item)
        {
            if (!gates.TryGetValue(key, out var gate))
            {
                gates[key] = gate = new(source, clock, Ungated.Length);
            }

            Set(gate.Items, item);
        }

        static void Set(ulong[] items, int item) => items[item >> 6] |= 1UL << (item & 63);
    }

    private TimedReaders ReadersOf(List<IEnumerable<string>> reads)
    {
        var readers = new TimedReaders(StrategyPlan.Of(Strategy), reads.Count);
        foreach (var (item, things) in reads.Index())
        {
            readers.Add(item, things);
        }

        return readers;
    }

    public static TimePlan Of(Strategy strategy) => _plans.GetValue(strategy, made => new TimePlan(made));
}
