using System.Collections.Immutable;
using System.Linq.Expressions;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Features;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>
/// The names that a strategy's conditions may use, by what they are for. A feature sees the event alone, so that its cell is a
/// function of events and nothing else; a decision sees everything but an event.
/// </summary>
internal sealed class StrategySchema
{
    private readonly Declarations _names;
    private readonly ExpressionSchema<Facts> _situation;
    private readonly ExpressionSchema<Facts> _everything;

    private StrategySchema(Declarations names, ExpressionSchema<Facts> situation, ExpressionSchema<Facts> everything)
    {
        _names = names;
        _situation = situation;
        _everything = everything;
        WithoutEvent = everything.Extend()
            .Namespace("event", "an event is at hand only in features, scores and rules; keep what you need in a feature")
            .Build();
    }

    /// <summary>For segments, the journey and actions.</summary>
    public ExpressionSchema<Facts> WithoutEvent { get; }

    public static StrategySchema Of(Declarations names)
    {
        var situation = Situation(names).Build();
        var everything = situation.Extend();
        AddTime(everything, names);
        AddCustomer(everything, names);
        return new StrategySchema(names, situation, everything.Build());
    }

    /// <summary>For <c>where</c> and <c>of</c> of a feature that looks at some events, or at all when none is given.</summary>
    public ExpressionSchema<Facts> OfFeature(ImmutableArray<string> events)
    {
        var schema = _situation.Extend();
        foreach (var name in (ReadOnlySpan<string>)["profile", "features", "segments", "tags", "scores", "stages", "consent", "calendar", "now"])
        {
            schema.Namespace(name, "a feature is computed from events alone: `event`, `context`, `device`, `channel`; put this into a segment or a rule");
        }

        schema.Function(
            "sum_of",
            [CelType.Dyn, CelType.String, CelType.Double],
            CelType.Nullable(CelType.Double),
            (Facts facts, Value list, string key, double missing) => FeatureValue.SumOf(list, key, missing));
        return EventSchema.Add(schema, _names, events).Build();
    }

    /// <summary>The same with other events.</summary>
    public StrategySchema WithEvents(Declarations names) => new(names, _situation, _everything);

    /// <summary>For rules and points: everything, and the event at hand, one of those given or any.</summary>
    public ExpressionSchema<Facts> OfEvent(ImmutableArray<string> events) => EventSchema.Add(_everything.Extend(), _names, events).Build();

    /// <summary>The same with features; those that are null are broken and read as dyn.</summary>
    public StrategySchema WithFeatures(ImmutableArray<(string Name, Feature? Feature)> features)
    {
        var schema = Open("features", _everything.Extend(), "declare it under `features`");
        foreach (var (name, feature) in features)
        {
            AddFeature(schema, $"features.{name}", feature);
        }

        return new StrategySchema(_names, _situation, schema.Build());
    }

    /// <summary>The same with segments, by their order.</summary>
    public StrategySchema WithSegments(ImmutableArray<string> segments)
    {
        var schema = Open("segments", _everything.Extend(), "declare it under `segments`");
        foreach (var (index, name) in segments.Index())
        {
            schema.Variable($"segments.{name}", CelType.Bool, Readers.Read(facts => facts.InSegment(index)));
        }

        return new StrategySchema(_names, _situation, schema.Build());
    }

    private static ExpressionSchemaBuilder<Facts> Situation(Declarations names) => new ExpressionSchemaBuilder<Facts>()
        .Variable<string?>("device.type", CelType.Nullable(CelType.String), facts => facts.DeviceType)
        .OpenNamespace("device", (facts, name) => facts.DeviceValue(name))
        .OpenNamespace("context", (facts, name) => facts.ContextValue(name))
        .Variable<string?>("channel", CelType.Nullable(CelType.String), facts => facts.Channel, VariableDomain.OneOf(names.Channels));

    private ExpressionSchemaBuilder<Facts> Open(string name, ExpressionSchemaBuilder<Facts> schema, string cure) => OpenUnlessWhole(_names, name, schema, cure);

    /// <summary>In a strategy with an unreadable file, an unknown name may stand there: it is let pass.</summary>
    private static ExpressionSchemaBuilder<Facts> OpenUnlessWhole(Declarations names, string name, ExpressionSchemaBuilder<Facts> schema, string cure) =>
        names.IsWhole ? schema.Namespace(name, cure) : schema.OpenNamespace(name, (_, _) => Value.Null);

    private static void AddFeature(ExpressionSchemaBuilder<Facts> schema, string name, Feature? feature)
    {
        if (feature is null)
        {
            schema.Variable(name, CelType.Dyn, Readers.Read(facts => Value.Null));
            return;
        }

        var slot = feature.Slot;
        var plain = feature.Type is CelType.NullableOf nullable ? nullable.Inner : feature.Type;
        _ = feature.Kind switch
        {
            _ when !feature.Bands.IsEmpty => schema.Variable(name, feature.Type, Readers.Read(facts => facts.FeatureInt(slot)), VariableDomain.Between(1, feature.Bands.Length + 1)),
            FeatureKind.Recency when feature.Unit is not null => schema.Variable(name, feature.Type, Readers.Read(facts => facts.FeatureWhole(slot)), VariableDomain.Between(0, null)),
            FeatureKind.Count or FeatureKind.Distinct or FeatureKind.Sessions => schema.Variable(name, feature.Type, Readers.Read(facts => facts.FeatureInt(slot)), VariableDomain.Between(0, null)),
            FeatureKind.Sum => schema.Variable(name, feature.Type, Readers.Read(facts => facts.FeatureDouble(slot))),
            FeatureKind.Last or FeatureKind.First => schema.Variable(name, feature.Type, Readers.Read(facts => facts.FeatureTimestamp(slot))),
            FeatureKind.Average or FeatureKind.SumTrend => schema.Variable(name, feature.Type, Readers.Read(facts => facts.FeatureRatio(slot))),
            FeatureKind.CountTrend => schema.Variable(name, feature.Type, Readers.Read(facts => facts.FeatureRatio(slot)), VariableDomain.Between(0, null)),
            FeatureKind.Sequence => schema.Variable(name, feature.Type, Readers.Read(facts => facts.FeatureFlag(slot))),
            FeatureKind.Recency => schema.Variable(name, feature.Type, Readers.Read(facts => facts.FeatureDuration(slot))),
            _ when plain == CelType.Int => schema.Variable(name, feature.Type, Readers.Read(facts => facts.FeatureKeptInt(slot))),
            _ when plain == CelType.Double => schema.Variable(name, feature.Type, Readers.Read(facts => facts.FeatureKeptDouble(slot))),
            _ when plain == CelType.String => schema.Variable<string?>(name, feature.Type, Readers.Read(facts => facts.FeatureKeptString(slot))),
            _ when plain == CelType.Bool => schema.Variable(name, feature.Type, Readers.Read(facts => facts.FeatureKeptBool(slot))),
            _ when plain == CelType.Timestamp => schema.Variable(name, feature.Type, Readers.Read(facts => facts.FeatureKeptTimestamp(slot))),
            _ when plain == CelType.Duration => schema.Variable(name, feature.Type, Readers.Read(facts => facts.FeatureKeptDuration(slot))),
            _ => schema.Variable(name, CelType.Dyn, Readers.Read(facts => facts.FeatureKept(slot))),
        };
    }

    private static void AddTime(ExpressionSchemaBuilder<Facts> schema, Declarations names)
    {
        schema
            .Variable("now", CelType.Timestamp, facts => facts.Now)
            .Variable("now.hour", CelType.Int, facts => facts.LocalHour, VariableDomain.Between(0, 23))
            .Variable("now.minute", CelType.Int, facts => facts.LocalMinute, VariableDomain.Between(0, 59))
            .Variable("now.weekday", CelType.Int, facts => facts.LocalWeekday, VariableDomain.Between(1, 7))
            .Variable("now.day", CelType.Int, facts => facts.LocalDay, VariableDomain.Between(1, 31))
            .Variable("now.month", CelType.Int, facts => facts.LocalMonth, VariableDomain.Between(1, 12))
            .Variable("now.year", CelType.Int, facts => facts.LocalYear)
            .Variable("now.date", CelType.Timestamp, facts => facts.LocalDate)
            .Function("age", [CelType.Nullable(CelType.Timestamp)], CelType.Nullable(CelType.Int), (Facts facts, DateTimeOffset? birth) => facts.Age(birth))
            .Function("birthday", [CelType.Nullable(CelType.Timestamp)], CelType.Bool, (Facts facts, DateTimeOffset? date) => facts.Birthday(date))
            .Function("days_until", [CelType.Nullable(CelType.Timestamp)], CelType.Nullable(CelType.Int), (Facts facts, DateTimeOffset? date) => facts.DaysUntil(date))
            .Function("days_until_annual", [CelType.Nullable(CelType.Timestamp)], CelType.Nullable(CelType.Int), (Facts facts, DateTimeOffset? date) => facts.DaysUntilAnnual(date));
        OpenUnlessWhole(names, "calendar", schema, "declare it under `calendars`");
        foreach (var (index, name) in names.Calendars.Index())
        {
            schema.Variable($"calendar.{name}", CelType.Bool, Readers.Read(facts => facts.InCalendar(index)));
        }

        schema
            .Resolver("calendar.days_until", 1, arguments => Resolvers.Days(names, "until", arguments[0], index => Readers.Read(facts => facts.DaysUntil(index))))
            .Resolver("calendar.days_since", 1, arguments => Resolvers.Days(names, "since", arguments[0], index => Readers.Read(facts => facts.DaysSince(index))));
    }

    private static void AddCustomer(ExpressionSchemaBuilder<Facts> schema, Declarations names)
    {
        OpenUnlessWhole(names, "profile", schema, "declare it under `profile` with its type");
        foreach (var attribute in names.Profile)
        {
            ProfileSchema.Add(schema, attribute);
        }

        OpenUnlessWhole(names, "tags", schema, "no rule gives this tag");
        foreach (var tag in names.Tags)
        {
            schema.Variable($"tags.{tag}", CelType.Bool, Readers.Read(facts => facts.HasTag(tag)));
        }

        OpenUnlessWhole(names, "scores", schema, "declare it under `scores`");
        foreach (var (index, score) in names.Scores.Index())
        {
            schema.Variable($"scores.{score}", CelType.Double, Readers.Read(facts => facts.Score(index)), VariableDomain.Between(0, names.ScoreCaps[score]));
        }

        OpenUnlessWhole(names, "stages", schema, "declare it under `journey`");
        foreach (var (index, stage) in names.Stages.Index())
        {
            schema
                .Variable($"stages.{stage}.in", CelType.Bool, Readers.Read(facts => facts.InStage(index)))
                .Variable($"stages.{stage}.entered_at", CelType.Nullable(CelType.Timestamp), Readers.Read(facts => facts.StageEnteredAt(index)))
                .Variable($"stages.{stage}.exited_at", CelType.Nullable(CelType.Timestamp), Readers.Read(facts => facts.StageExitedAt(index)))
                .Variable($"stages.{stage}.entries", CelType.Int, Readers.Read(facts => facts.StageEntries(index)), VariableDomain.Between(0, null));
        }

        OpenUnlessWhole(names, "consent", schema, "name the purpose under `consent.purposes`");
        foreach (var purpose in names.Purposes)
        {
            schema.Namespace($"consent.{purpose}", "name the channel under `channels`");
            foreach (var channel in names.ConsentChannels)
            {
                schema.Variable($"consent.{purpose}.{channel}", CelType.Bool, Readers.Read(facts => facts.ConsentGranted(purpose, channel)));
            }
        }

        schema
            .Resolver("grade", 1, arguments => Resolvers.Grade(names, arguments[0]))
            .Resolver("tag_level", 1, arguments => Resolvers.TagLevel(names, arguments[0]));
    }
}
