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

    // Of each item of Timed the things it reads, as Touched.Things has them; null for one that looks at something that is another at every event.
    private readonly ImmutableArray<ulong[]?> _reads;

    private TimePlan(Strategy strategy)
    {
        Strategy = strategy;
        var sources = _sources = new TimeSources(strategy);
        var things = new Dependencies(strategy);
        var timed = ImmutableArray.CreateBuilder<TimedItem>();
        var reads = new List<ulong[]?>();
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

        (Timed, Untimed, _reads) = (timed.ToImmutable(), untimed.ToImmutable(), [.. reads]);

        void Add(TimedItem item, bool isTimed, IEnumerable<string> read)
        {
            (isTimed ? timed : untimed).Add(item);
            if (isTimed)
            {
                reads.Add(BitsOf(read));
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

    /// <summary>Whether an item of <see cref="Timed"/> reads one of some things, or may.</summary>
    public bool Reads(int item, ulong[] things)
    {
        if (_reads[item] is not { } read)
        {
            return true;
        }

        for (var word = 0; word < read.Length; word++)
        {
            if ((read[word] & things[word]) != 0)
            {
                return true;
            }
        }

        return false;
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

    private ulong[]? BitsOf(IEnumerable<string> things)
    {
        var plan = StrategyPlan.Of(Strategy);
        var bits = new ulong[(plan.Things + 63) / 64];
        foreach (var thing in things)
        {
            if (plan.Find(thing) is not { } readers || plan.Always.Contains(readers))
            {
                return null;
            }

            bits[readers.Index >> 6] |= 1UL << (readers.Index & 63);
        }

        return bits;
    }

    public static TimePlan Of(Strategy strategy) => _plans.GetValue(strategy, made => new TimePlan(made));
}
