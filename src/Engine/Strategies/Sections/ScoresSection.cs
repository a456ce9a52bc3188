using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Scoring;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>The section <c>scores</c>.</summary>
internal static class ScoresSection
{
    private const string Hysteresis = "hysteresis";
    private const double PointsMax = 1_000_000;

    private static readonly KeyTable PointKeys = new(
        "points",
        new("on", Take.AnyOf(Take.Event, Take.ListOf(Take.Event, Limits.EventsPerFeatureMax)), "The event or events that give the points.", "name the event that gives the points"),
        new("when", Take.Condition, "Which of the events give points."),
        new("add", Take.Number(-PointsMax, PointsMax), "How many points; may be negative.", "write how many points, such as `add: 5`"),
        new("at_most", Take.Number(0.001, PointsMax), "How many points the entry gives at most in the time `within`."),
        new("within", Take.Duration(minutes: 1), "The time of `at_most`, from the first of the points on."));

    public static KeyTable Keys { get; } = new(
        "a score",
        new("half_life", Take.Duration(minutes: 1), "After it the points are worth half."),
        new("cap", Take.Number(1, PointsMax), "The score is never above it."),
        new("points", Take.ListOf(Take.Keys(PointKeys), Limits.PointsPerScoreMax), "What gives points."),
        new("grades", Take.MapOf(NameRule.Id, Take.Number(0, PointsMax), Limits.PointsPerScoreMax),
            "Names of thresholds; `hysteresis` says how far below its threshold a grade is kept."));

    public static ImmutableArray<Score> Compile(WrittenNode? node, Declarations names, StrategySchema schema, Mistakes mistakes) =>
        [.. Shape.Named(node, "scores", "the scores", Limits.ScoresMax, NameRule.Identifier, mistakes)
            .Select((entry, index) => CompileOne(entry, index, names, schema, mistakes))
            .OfType<Score>()];

    private static Score? CompileOne(WrittenEntry entry, int index, Declarations names, StrategySchema schema, Mistakes mistakes)
    {
        var path = $"scores.{entry.Name}";
        if (Fields.Of(entry.Value, path, Keys, mistakes) is not { } fields)
        {
            return null;
        }

        var cap = fields.Number("cap");
        var points = Shape.Items(fields["points"], fields.PathOf("points"), "the points", Limits.PointsPerScoreMax, mistakes)
            .Select((item, at) => Points(item, $"{path}.points[{at + 1}]", entry.Name, names, schema, mistakes))
            .OfType<ScorePoints>();
        var (grades, hysteresis) = Grades(fields["grades"], fields.PathOf("grades"), cap, mistakes);
        return new Score(index, entry.Name, fields.Duration("half_life"), cap, [.. points], grades, hysteresis);
    }

    private static ScorePoints? Points(WrittenNode written, string path, string score, Declarations names, StrategySchema schema, Mistakes mistakes)
    {
        if (Fields.Of(written, path, PointKeys, mistakes) is not { } fields)
        {
            return null;
        }

        var on = fields.Require("on") is { } node ? References.Events(node, fields.PathOf("on"), names.Events.Keys, names, mistakes) : null;
        var add = fields.Require("add") is null ? null : fields.Number("add");
        var when = Conditions.Compile(fields["when"], fields.PathOf("when"), schema.OfEvent(on ?? []), mistakes);
        return on is null || add is null ? null : new ScorePoints(on.Value, when, add.Value, Cap(fields, score, on.Value, when, add.Value));
    }

    private static PointsCap? Cap(Fields fields, string score, ImmutableArray<string> on, Condition? when, double add)
    {
        if (!fields.Has("at_most") && !fields.Has("within"))
        {
            return null;
        }

        fields.Require("at_most", "say how many points `within` is for, such as `at_most: 20`");
        fields.Require("within", "say in what time, such as `within: 1d`");
        if (add <= 0)
        {
            fields.Mistakes.Add(fields.PlaceOf("at_most"), fields.PathOf("at_most"), $"`at_most` is for points that are added, but `add` is {add}; leave it out");
        }

        if (fields.Number("at_most") is not { } most || fields.Duration("within") is not { } within)
        {
            return null;
        }

        var key = default(StableHash);
        key.Add(score);
        key.Add(string.Join('\n', on));
        key.Add(when?.Expression.Text ?? "");
        key.Add(Value.Of(add));
        key.Add(Value.Of(most));
        key.Add(Value.Of(within));
        return new PointsCap(key.Finish(), most, within);
    }

    private static (ImmutableArray<Grade> Grades, double Hysteresis) Grades(WrittenNode? node, string path, double? cap, Mistakes mistakes)
    {
        var grades = new List<Grade>();
        var hysteresis = 0.0;
        foreach (var entry in Shape.Named(node, path, "the grades", Limits.PointsPerScoreMax, NameRule.Id, mistakes))
        {
            var gradePath = $"{path}.{entry.Name}";
            if (entry.Name == Hysteresis)
            {
                hysteresis = Literals.Number(entry.Value, gradePath, mistakes, 0, PointsMax) ?? 0;
            }
            else if (entry.Name == Score.NoGrade)
            {
                mistakes.Add(FindingRules.BadName, entry.Key.Place, gradePath, "`none` is the grade below all grades; take another name");
            }
            else if (Literals.Number(entry.Value, gradePath, mistakes, 0, cap ?? PointsMax) is { } threshold)
            {
                if (grades.Find(grade => grade.Threshold == threshold) is { } same)
                {
                    mistakes.Add(FindingRules.DuplicateId, entry.Value.Place, gradePath, $"`{entry.Name}` begins at {threshold} as `{same.Name}` does; give each grade its own threshold");
                }

                grades.Add(new Grade(entry.Name, threshold));
            }
        }

        return ([.. grades.OrderBy(grade => grade.Threshold)], hysteresis);
    }
}
