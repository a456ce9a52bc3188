using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Decisioning.Engine.Features;
using Decisioning.Engine.Scoring;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Rules;

/// <summary>
/// What folding looks up in a strategy, worked out once: which rules and stages read what an event can change. A rule that
/// reads the event at hand, the time, or something not known here is evaluated at every event; every other one only when
/// a thing it reads was touched. INVARIANT (index equals naive): evaluating all rules at every event gives the same state.
/// </summary>
internal sealed class StrategyPlan
{
    private static readonly ConditionalWeakTable<Strategy, StrategyPlan> _plans = [];

    private readonly Dictionary<string, Readers> _readers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImmutableArray<string>> _segmentReads = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Readers> _readersOn = new(StringComparer.Ordinal);
    private readonly int _words;

    private StrategyPlan(Strategy strategy)
    {
        Strategy = strategy;
        _words = (strategy.Rules.Length + 63) / 64;
        Always = new("always", _words);
        Context = For("context");
        Consent = For("consent");
        FeatureByKey = strategy.Features.GroupBy(feature => feature.Key).ToFrozenDictionary(same => same.Key, same => same.First());
        FeaturesByEvent = strategy.FeaturesByEvent.ToFrozenDictionary(of => of.Key, of => WithoutTwins(of.Value), StringComparer.Ordinal);
        FeaturesOfAnyEvent = WithoutTwins(strategy.FeaturesOfAnyEvent);
        foreach (var feature in strategy.Features)
        {
            _readers["features." + feature.Name] = For("features." + FeatureByKey[feature.Key].Name);
        }

        Features = [.. strategy.Features.Select(feature => For("features." + feature.Name))];
        Scores = [.. strategy.Scores.Select(score => For("scores." + score.Name))];
        Stages = [.. strategy.Stages.Select(stage => For("stages." + stage.Name))];
        foreach (var segment in strategy.Segments)
        {
            _segmentReads[segment.Name] = [.. Things(segment.When).Distinct(StringComparer.Ordinal)];
        }

        foreach (var rule in strategy.Rules.Where(rule => rule.On.IsEmpty))
        {
            foreach (var readers in rule.Layers.SelectMany(layer => Things(layer.When)).Select(For))
            {
                readers.AddRule(rule.Index);
            }
        }

        foreach (var stage in strategy.Stages)
        {
            Stages[stage.Index].AddStage(stage.Index);
            foreach (var readers in Things(stage.Enter).Concat(stage.Exit is null ? [] : Things(stage.Exit)).Select(For))
            {
                readers.AddStage(stage.Index);
            }
        }

        RulesOn = strategy.Rules
            .SelectMany(rule => rule.On.Select(name => (Name: name, rule.Index)))
            .GroupBy(entry => entry.Name, StringComparer.Ordinal)
            .ToFrozenDictionary(same => same.Key, same => same.Select(entry => entry.Index).ToImmutableArray(), StringComparer.Ordinal);
        foreach (var (name, rules) in RulesOn)
        {
            var readers = _readersOn[name] = new(name, _words);
            foreach (var index in rules)
            {
                readers.AddRule(index);
            }
        }

        ReadsEvent = [.. strategy.Rules.Select(rule => rule.ReadsEvent)];
        RuleById = strategy.Rules.ToFrozenDictionary(rule => rule.Id, rule => rule.Index, StringComparer.Ordinal);
        PointsByEvent = strategy.Scores
            .SelectMany(score => score.Points.SelectMany(points => points.Events.Select(name => (Name: name, Entry: (Score: score, Points: points)))))
            .GroupBy(each => each.Name, StringComparer.Ordinal)
            .ToFrozenDictionary(same => same.Key, same => same.Select(each => each.Entry).ToImmutableArray(), StringComparer.Ordinal);
        LatenessTicks = (long)Math.Clamp(strategy.AllowedLateness.TotalTicks, 0, TimeSpan.MaxValue.Ticks / 2);
    }

    public Strategy Strategy { get; }

    /// <summary>Read by what is evaluated at every event.</summary>
    public Readers Always { get; }

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

    /// <summary>The features that own their cells: of several defined alike, the first one; the others read its cell, and have its readers.</summary>
    public FrozenDictionary<ulong, Feature> FeatureByKey { get; }

    /// <summary>The slots of <see cref="FeatureByKey"/> that count an event, by its name.</summary>
    public FrozenDictionary<string, ImmutableArray<int>> FeaturesByEvent { get; }

    /// <summary>The slots of <see cref="FeatureByKey"/> that count an event of any other name.</summary>
    public ImmutableArray<int> FeaturesOfAnyEvent { get; }

    /// <summary>The rules with <c>on</c> by the events they are for, in the strategy's order.</summary>
    public FrozenDictionary<string, ImmutableArray<int>> RulesOn { get; }

    /// <summary>By index, whether a rule looks at the event at hand, so that it has nothing to say when time alone passed.</summary>
    public ImmutableArray<bool> ReadsEvent { get; }

    public FrozenDictionary<string, int> RuleById { get; }

    public FrozenDictionary<string, ImmutableArray<(Score Score, ScorePoints Points)>> PointsByEvent { get; }

    public long LatenessTicks { get; }

    /// <summary>The plan of a strategy; made at the first call.</summary>
    public static StrategyPlan Of(Strategy strategy) => _plans.GetValue(strategy, made => new StrategyPlan(made));

    /// <summary>Whether a rule is for events of a name.</summary>
    public bool HasRulesOn(string name) => RulesOn.ContainsKey(name);

    /// <summary>Who reads a thing; null for nobody.</summary>
    public Readers? Find(string name) => _readers.GetValueOrDefault(name);

    /// <summary>The rules that are for events of a name; null for none.</summary>
    public Readers? On(string name) => _readersOn.GetValueOrDefault(name);

    public Readers? Tag(string name) => Find("tags." + name);

    public Readers? Profile(string name) => Find("profile." + name);

    private ImmutableArray<int> WithoutTwins(ImmutableArray<int> slots) =>
        slots.RemoveAll(slot => FeatureByKey[Strategy.Features[slot].Key].Slot != slot);

    private Readers For(string name)
    {
        if (name == "always")
        {
            return Always;
        }

        if (!_readers.TryGetValue(name, out var readers))
        {
            _readers[name] = readers = new(name, _words);
        }

        return readers;
    }

    // A function may read whatever it likes, such as the time for an age.
    private IEnumerable<string> Things(Condition condition) =>
        condition.Expression.Calls.IsEmpty ? condition.Expression.Reads.SelectMany(Things) : ["always"];

    // The things behind a name that an expression reads; `always` for what changes with every event or with time alone.
    private IEnumerable<string> Things(string read)
    {
        if (read.IndexOf('(', StringComparison.Ordinal) is > 0 and var open && read.EndsWith(')'))
        {
            var argument = read[(open + 1)..^1].Trim('"', '\'', '`');
            return read[..open] switch
            {
                "grade" => ["scores." + argument],
                "tag_level" => ["tags." + argument],
                _ => ["always"],
            };
        }

        var dot = read.IndexOf('.', StringComparison.Ordinal);
        var (root, name) = dot < 0 ? (read, "") : (read[..dot], read[(dot + 1)..]);
        return root switch
        {
            "features" => [IsTimeless(name) ? read : "always"],
            "segments" => _segmentReads.TryGetValue(name, out var things) ? things : ["always"],
            "tags" or "profile" or "scores" when name.Length > 0 => [read],
            "stages" when name.Length > 0 => ["stages." + (name.LastIndexOf('.') is > 0 and var last ? name[..last] : name)],
            "consent" => ["consent"],
            "device" or "channel" or "context" => ["context"],
            _ => ["always"],
        };
    }

    // How long ago something happened changes with every instant; other features change by events and by leaving their window.
    private bool IsTimeless(string feature) =>
        Strategy.Features.FirstOrDefault(candidate => candidate.Name == feature) is { Kind: not FeatureKind.Recency };
}
