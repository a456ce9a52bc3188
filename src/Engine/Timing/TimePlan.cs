using System.Collections.Immutable;
using System.Numerics;
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

    // By thing, as Touched.Things has them, the items of Timed that read it, as a bitset; null for none. Those of the last look at every event.
    private readonly ulong[]?[] _readers;
    private readonly ulong[] _always;

    private TimePlan(Strategy strategy)
    {
        Strategy = strategy;
        var sources = _sources = new TimeSources(strategy);
        var things = new Dependencies(strategy, isOfEvents: true);
        var timed = ImmutableArray.CreateBuilder<TimedItem>();
        var reads = new List<IEnumerable<string>>();
        var untimed = ImmutableArray.CreateBuilder<TimedItem>();
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
            Add(new TimedItem.OfSegment(segment), Segments[segment.Index].IsTimed, things.Of(segment.When));
        }

        foreach (var rule in strategy.Rules.Where(rule => rule.On.IsEmpty && !rule.ReadsEvent && rule.Then.Any(effect => effect is not RuleEffect.Offer)))
        {
            var all = new TimedCondition.Joined([.. rule.Layers.Select(layer => sources.Of(layer.When))], isAll: true);
            Add(new TimedItem.OfRule(rule, all), all.IsTimed, rule.Layers.SelectMany(layer => things.Of(layer.When)));
        }

        (Timed, Untimed) = (timed.ToImmutable(), untimed.ToImmutable());
        Words = (Timed.Length + 63) / 64;
        (_readers, _always) = (new ulong[StrategyPlan.Of(strategy).Things][], new ulong[Words]);
        foreach (var (item, read) in reads.Index())
        {
            AddReads(item, read);
        }

        void Add(TimedItem item, bool isTimed, IEnumerable<string> read)
        {
            (isTimed ? timed : untimed).Add(item);
            if (isTimed)
            {
                reads.Add(read);
            }
        }
    }

    public Strategy Strategy { get; }

    /// <summary>By index; each reads only earlier ones.</summary>
    public ImmutableArray<TimedCondition> Segments { get; }

    /// <summary>What time alone may change.</summary>
    public ImmutableArray<TimedItem> Timed { get; }

    /// <summary>What only other things change: looked at where such a thing changed after its turn.</summary>
    public ImmutableArray<TimedItem> Untimed { get; }

    /// <summary>How many words a bitset of <see cref="Timed"/> has.</summary>
    public int Words { get; }

    /// <summary>Finds the items of <see cref="Timed"/> that read one of some things, or may.</summary>
    /// <param name="things">The things, as <see cref="Touched.Things"/> says them; null for all.</param>
    /// <param name="items">Gets the items, as a bitset.</param>
    public void FindReaders(ulong[]? things, Span<ulong> items)
    {
        if (things is null)
        {
            items.Fill(ulong.MaxValue);
            items[^1] = ulong.MaxValue >> ((Words * 64) - Timed.Length);
            return;
        }

        _always.CopyTo(items);
        for (var word = 0; word < things.Length; word++)
        {
            for (var rest = things[word]; rest != 0; rest &= rest - 1)
            {
                var readers = _readers[(word << 6) + BitOperations.TrailingZeroCount(rest)];
                for (var i = 0; readers is not null && i < readers.Length; i++)
                {
                    items[i] |= readers[i];
                }
            }
        }
    }

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

    // What changes with time alone was foreseen without the event too: only what the event itself changes is another.
    private void AddReads(int item, IEnumerable<string> things)
    {
        var plan = StrategyPlan.Of(Strategy);
        foreach (var thing in things.Where(thing => thing is not (Dependencies.Now or Dependencies.Local)))
        {
            var isKnown = plan.Find(thing) is { } known && !plan.Always.Contains(known);
            var items = isKnown ? _readers[plan.Find(thing)!.Index] ??= new ulong[Words] : _always;
            items[item >> 6] |= 1UL << (item & 63);
        }
    }

    public static TimePlan Of(Strategy strategy) => _plans.GetValue(strategy, made => new TimePlan(made));
}
