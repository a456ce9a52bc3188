using System.Collections.Frozen;
using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Features;
using Decisioning.Engine.Journeys;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Scoring;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Strategies.Sections;
using Decisioning.Engine.Values;
using NodaTime;

namespace Decisioning.Engine.Tests.Customers;

/// <summary>Strategies made in code, for tests of the fold that should not depend on the form strategies are written in.</summary>
internal sealed class StrategyBuilder
{
    private readonly ExpressionSchemaBuilder<Facts> _schema = new ExpressionSchemaBuilder<Facts>()
        .OpenNamespace("event", (facts, name) => facts.EventValue(name))
        .OpenNamespace("context", (facts, name) => facts.ContextValue(name))
        .OpenNamespace("profile", (facts, name) => facts.ProfileValue(name))
        .Variable<string?>("device.type", CelType.Nullable(CelType.String), facts => facts.DeviceType)
        .Variable<string?>("channel", CelType.Nullable(CelType.String), facts => facts.Channel)
        .Variable("now", CelType.Timestamp, facts => facts.Now)
        .Variable("now.hour", CelType.Int, facts => facts.LocalHour)
        .Variable("consent.marketing.email", CelType.Bool, facts => facts.ConsentGranted("marketing", "email"));

    private readonly List<Feature> _features = [];
    private readonly List<Segment> _segments = [];
    private readonly List<Rule> _rules = [];
    private readonly List<Score> _scores = [];
    private readonly List<Stage> _stages = [];
    private readonly List<EventDefinition> _events = [];
    private readonly List<PropertyType> _profile = [];
    private readonly List<Action> _later = [];

    public StrategyBuilder Declare(string @event, params PropertyType[] properties)
    {
        _events.Add(new(@event, [.. properties]));
        return this;
    }

    public StrategyBuilder Attribute(PropertyType attribute)
    {
        _profile.Add(attribute);
        return this;
    }

    public StrategyBuilder Feature(
        string name, FeatureKind kind, string events, string? of = null, string? where = null, TimeSpan? within = null, SequenceDefinition? sequence = null, TimeSpan gap = default)
    {
        var slot = _features.Count;
        var type = kind switch
        {
            FeatureKind.Count or FeatureKind.Distinct or FeatureKind.Sessions => CelType.Int,
            FeatureKind.Sum => CelType.Double,
            FeatureKind.Last or FeatureKind.First => CelType.Nullable(CelType.Timestamp),
            FeatureKind.Recency => CelType.Nullable(CelType.Duration),
            FeatureKind.Average or FeatureKind.CountTrend or FeatureKind.SumTrend => CelType.Nullable(CelType.Double),
            FeatureKind.Sequence => CelType.Bool,
            _ => CelType.Dyn,
        };
        ImmutableArray<string> names = events == "any" ? [] : [.. events.Split('|')];
        var feature = new Feature(slot, name, 0, kind, names, where is null ? null : Condition(name, where), of is null ? null : Compile(of, CelType.Dyn), within, type) { Sequence = sequence, Gap = gap };
        _features.Add(FeatureKeys.WithKey(feature));
        _ = kind switch
        {
            FeatureKind.Count or FeatureKind.Distinct or FeatureKind.Sessions => _schema.Variable("features." + name, type, facts => facts.FeatureInt(slot)),
            FeatureKind.Sum => _schema.Variable("features." + name, type, facts => facts.FeatureDouble(slot)),
            FeatureKind.Last or FeatureKind.First => _schema.Variable("features." + name, type, facts => facts.FeatureTimestamp(slot)),
            FeatureKind.Recency => _schema.Variable("features." + name, type, facts => facts.FeatureDuration(slot)),
            FeatureKind.Average or FeatureKind.CountTrend or FeatureKind.SumTrend => _schema.Variable("features." + name, type, facts => facts.FeatureRatio(slot)),
            FeatureKind.Sequence => _schema.Variable("features." + name, type, facts => facts.FeatureFlag(slot)),
            _ => _schema.Variable("features." + name, type, facts => facts.FeatureKept(slot)),
        };
        return this;
    }

    public StrategyBuilder Tag(params string[] names)
    {
        foreach (var name in names)
        {
            _schema.Variable("tags." + name, CelType.Bool, facts => facts.HasTag(name));
        }

        return this;
    }

    public StrategyBuilder Score(
        string name, TimeSpan? halfLife = null, double? cap = null, double hysteresis = 0, (string Event, string? When, double Add)[]? points = null, params Grade[] grades)
    {
        var index = _scores.Count;
        _scores.Add(null!);
        _schema
            .Variable("scores." + name, CelType.Double, facts => facts.Score(index))
            .Resolver("grade", 1, arguments => GradeOf(arguments[0]));
        _later.Add(() => _scores[index] = new(
            index,
            name,
            halfLife,
            cap,
            [.. (points ?? []).Select(each => new ScorePoints([each.Event], each.When is null ? null : Condition(name, each.When), each.Add))],
            [.. grades],
            hysteresis));
        return this;

        Resolution GradeOf(string score)
        {
            var at = _scores.FindIndex(candidate => candidate.Name == score);
            return Resolution.Reads<Facts, long>(
                CelType.Enumeration("grade", ["none", .. _scores[at].Grades.Select(grade => grade.Name)]), $"grade({score})", facts => facts.GradeRank(at));
        }
    }

    public StrategyBuilder Segment(string name, string when)
    {
        var index = _segments.Count;
        _segments.Add(new(index, name, Condition("segments." + name, when)));
        _schema.Variable("segments." + name, CelType.Bool, facts => facts.InSegment(index));
        return this;
    }

    public StrategyBuilder Stage(
        string name, string enter, string? exit = null, TimeSpan minDwell = default, bool reEnter = false, TimeSpan? timeout = null, string? timeoutTo = null,
        ReEntry? again = null)
    {
        var index = _stages.Count;
        _stages.Add(null!);
        _schema
            .Variable($"stages.{name}.in", CelType.Bool, facts => facts.InStage(index))
            .Variable($"stages.{name}.entries", CelType.Int, facts => facts.StageEntries(index));
        _later.Add(() => _stages[index] = new(
            index, name, Condition("journey." + name, enter), exit is null ? null : Condition("journey." + name, exit), minDwell, again ?? (reEnter ? ReEntry.Free : null), timeout, timeoutTo, null));
        return this;
    }

    public StrategyBuilder Rule(string id, string when, params RuleEffect[] then) => RuleOn("", id, when, then);

    /// <summary>A rule for some events, with bars between their names; for all when there are none.</summary>
    public StrategyBuilder RuleOn(string events, string id, string when, params RuleEffect[] then)
    {
        _later.Add(() =>
        {
            var condition = Condition("rules." + id, when);
            _rules.Add(new(_rules.Count, id, [new Layer(LayerKind.Behaviour, condition)], [.. then], condition.Expression.Reads)
            {
                On = [.. events.Split('|', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)],
            });
        });
        return this;
    }

    public Strategy Build(string name = "test")
    {
        _later.ForEach(step => step());
        return new Strategy
        {
            Name = name,
            Hash = name,
            TimeZone = DateTimeZone.Utc,
            AllowedLateness = Duration.FromDays(1),
            OfferExpires = TimeSpan.FromDays(1),
            Profile = [.. _profile.OrderBy(attribute => attribute.Name, StringComparer.Ordinal)],
            Events = _events.ToFrozenDictionary(definition => definition.Name),
            Features = [.. _features],
            Segments = [.. _segments],
            Tags = [],
            Scores = [.. _scores],
            Stages = [.. _stages],
            Rules = [.. _rules],
            Purposes = ["marketing"],
            Caps = [],
            Actions = [],
            Levers = [],
            Calendars = [],
        };
    }

    private Condition Condition(string path, string text) => new(path, Compile(text, CelType.Bool));

    private CompiledExpression<Facts> Compile(string text, CelType type)
    {
        var compilation = ExpressionCompiler.Compile(text, _schema.Build(), type, new() { RefuseConstantConditions = false });
        Assert.True(compilation.TryGet(out var expression), $"{text}: {string.Join("; ", compilation.Errors)}");
        return expression;
    }
}
