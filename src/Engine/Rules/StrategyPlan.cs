using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Features;
using Decisioning.Engine.Rules.Indexing;
using Decisioning.Engine.Scoring;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Rules;

/// <summary>
/// What folding looks up in a strategy, worked out once: which rules, segments and stages read what an event can change. One that
/// reads the event at hand, the instant, or something not known here is evaluated at every event; every other one only when
/// a thing it reads was touched. INVARIANT (index equals naive): evaluating all of them at every event gives the same state.
/// </summary>
internal sealed class StrategyPlan
{
    private static readonly ConditionalWeakTable<Strategy, StrategyPlan> _plans = [];

    private readonly Dictionary<string, Readers> _readers = new(StringComparer.Ordinal);

    private StrategyPlan(Strategy strategy)
    {
        Strategy = strategy;
        Index = IndexOf(strategy);
        RuleWords = WordsOf(strategy.Rules.Length);
        var dependencies = new Dependencies(strategy);
        Unknown = For(Dependencies.Unknown);
        Event = For(Dependencies.Event);
        Always = [Unknown, Event, For(Dependencies.Now)];
        Local = For(Dependencies.Local);
        Context = For(Dependencies.Context);
        Consent = For(Dependencies.Consent);
        Counting = new FeaturePlan(strategy.Features);
        Features = [.. strategy.Features.Select(feature => For("features." + feature.Name))];
        Scores = [.. strategy.Scores.Select(score => For("scores." + score.Name))];
        Stages = [.. strategy.Stages.Select(stage => For("stages." + stage.Name))];
        AllRows = new ulong[Index.Words];
        foreach (var rule in strategy.Rules.Where(rule => rule.On.IsEmpty))
        {
            AllRows[rule.Index >> 6] |= 1UL << (rule.Index & 63);
            foreach (var readers in rule.Layers.SelectMany(layer => dependencies.Of(layer.When)).Select(For))
            {
                readers.AddRow(rule.Index, rule.ReadsEvent);
            }
        }

        foreach (var segment in strategy.Segments)
        {
            var row = RowOf(segment);
            AllRows[row >> 6] |= 1UL << (row & 63);
            foreach (var readers in dependencies.Of(segment.When).Select(For))
            {
                readers.AddRow(row, readsEvent: false);
            }
        }

        foreach (var column in Index.Columns)
        {
            foreach (var readers in column.Terms.SelectMany(term => dependencies.Of(term)).Select(For))
            {
                readers.AddColumn(column.Index);
            }
        }

        foreach (var stage in strategy.Stages)
        {
            Stages[stage.Index].AddStage(stage.Index);
            foreach (var readers in dependencies.Of(stage.Enter).Concat(stage.Exit is null ? [] : dependencies.Of(stage.Exit)).Select(For))
            {
                readers.AddStage(stage.Index);
            }
        }

        RulesOn = strategy.Rules
            .SelectMany(rule => rule.On.Select(name => (Name: name, rule.Index)))
            .GroupBy(entry => entry.Name, StringComparer.Ordinal)
            .ToFrozenDictionary(same => same.Key, same => same.Select(entry => entry.Index).ToImmutableArray(), StringComparer.Ordinal);
        EventRows = new ulong[Index.Words];
        foreach (var rule in strategy.Rules.Where(rule => rule.ReadsEvent))
        {
            EventRows[rule.Index >> 6] |= 1UL << (rule.Index & 63);
        }

        EventReaders = [.. _readers.Values.Where(static readers => readers.HasEventRows)];
        RuleIds = new([.. strategy.Rules.Select(rule => rule.Id)]);
        SegmentNames = new([.. strategy.Segments.Select(segment => segment.Name)]);
        PointsByEvent = strategy.Scores
            .SelectMany(score => score.Points.SelectMany(points => points.Events.Select(name => (Name: name, Entry: (Score: score, Points: points)))))
            .GroupBy(each => each.Name, StringComparer.Ordinal)
            .ToFrozenDictionary(same => same.Key, same => same.Select(each => each.Entry).ToImmutableArray(), StringComparer.Ordinal);
        LatenessTicks = (long)Math.Clamp(strategy.AllowedLateness.TotalTicks, 0, TimeSpan.MaxValue.Ticks / 2);
    }

    public Strategy Strategy { get; }

    /// <summary>The conditions of rules, in their order, and from a new word on those of segments.</summary>
    public ConditionIndex Index { get; }

    /// <summary>How many words of the index's rows are rules; segments follow.</summary>
    public int RuleWords { get; }

    /// <summary>As a bitset, all rows that are evaluated at any event: all but the rules with <c>on</c>.</summary>
    public ulong[] AllRows { get; }

    /// <summary>Read by what is evaluated at every event.</summary>
    public ImmutableArray<Readers> Always { get; }

    /// <summary>Read by what may look at anything.</summary>
    public Readers Unknown { get; }

    /// <summary>Read by what looks at the event at hand.</summary>
    public Readers Event { get; }

    /// <summary>Read by conditions on the hour or the day where the customer is.</summary>
    public Readers Local { get; }

    /// <summary>Read by conditions on device, channel and context.</summary>
    public Readers Context { get; }

    /// <summary>Read by conditions on consent.</summary>
    public Readers Consent { get; }

    /// <summary>By slot.</summary>
    public ImmutableArray<Readers> Features { get; }

    /// <summary>By index.</summary>
    public ImmutableArray<Readers> Scores { get; }

    /// <summary>By index; a stage reads itself.</summary>
    public ImmutableArray<Readers> Stages { get; }

    /// <summary>How features are counted.</summary>
    public FeaturePlan Counting { get; }

    /// <summary>The rules with <c>on</c> by the events they are for, in the strategy's order.</summary>
    public FrozenDictionary<string, ImmutableArray<int>> RulesOn { get; }

    /// <summary>As a bitset, the rules that look at the event at hand, so that they have nothing to say when time alone passed.</summary>
    public ulong[] EventRows { get; }

    /// <summary>All that the rules that look at the event at hand read.</summary>
    public ImmutableArray<Readers> EventReaders { get; }

    /// <summary>The ids of the rules, in their order.</summary>
    public NameTable RuleIds { get; }

    /// <summary>The names of the segments, in their order.</summary>
    public NameTable SegmentNames { get; }

    public FrozenDictionary<string, ImmutableArray<(Score Score, ScorePoints Points)>> PointsByEvent { get; }

    public long LatenessTicks { get; }

    /// <summary>How many things somebody reads, or may read.</summary>
    public int Things => _readers.Count;

    /// <summary>The plan of a strategy; made at the first call.</summary>
    public static StrategyPlan Of(Strategy strategy) => _plans.GetValue(strategy, made => new StrategyPlan(made));

    /// <summary>The row of a segment.</summary>
    public int RowOf(Segment segment) => (RuleWords * 64) + segment.Index;

    /// <summary>Whether a rule is for events of a name.</summary>
    public bool HasRulesOn(string name) => RulesOn.ContainsKey(name);

    /// <summary>Who reads a thing; null for nobody.</summary>
    public Readers? Find(string name) => _readers.GetValueOrDefault(name);

    public Readers? Tag(string name) => Find("tags." + name);

    public Readers? Profile(string name) => Find("profile." + name);

    private Readers For(string name)
    {
        if (!_readers.TryGetValue(name, out var readers))
        {
            _readers[name] = readers = new(name, _readers.Count);
        }

        return readers;
    }

    private static ConditionIndex IndexOf(Strategy strategy)
    {
        // Segments begin at a word of their own, so that no word holds both.
        var rows = strategy.Rules.Select(rule => rule.Layers.Select(layer => layer.When.Expression).ToImmutableArray()).ToList();
        rows.AddRange(Enumerable.Repeat(ImmutableArray<CompiledExpression<Facts>>.Empty, (WordsOf(strategy.Rules.Length) * 64) - rows.Count));
        rows.AddRange(strategy.Segments.Select(segment => ImmutableArray.Create(segment.When.Expression)));
        return new(rows, strategy.TermReaders, row => row >= strategy.Rules.Length || strategy.Rules[row].On.IsEmpty);
    }

    private static int WordsOf(int rows) => (rows + 63) / 64;
}
