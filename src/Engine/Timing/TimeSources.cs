using System.Collections.Immutable;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Expressions.Analysis;
using Decisioning.Engine.Expressions.Runtime;
using Decisioning.Engine.Expressions.Syntax;
using Decisioning.Engine.Features;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Timing;

/// <summary>Takes the conditions of a strategy apart by what time alone changes about them.</summary>
internal sealed class TimeSources(Strategy strategy)
{
    private static readonly TimeSource _unforeseen = new TimeSource.Unforeseen();
    private readonly Dictionary<string, TimedTerm> _terms = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TimedTest> _tests = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Feature> _features = strategy.Features.ToDictionary(feature => feature.Name, StringComparer.Ordinal);
    private readonly Dictionary<string, Segment> _segments = strategy.Segments.ToDictionary(segment => segment.Name, StringComparer.Ordinal);

    /// <summary>A condition by its parts. Those of segments it reads are the plan's.</summary>
    public TimedCondition Of(Condition condition) => Of(condition.Expression.Predicate.ToNegationNormal());

    private TimedCondition Of(Predicate predicate) => predicate switch
    {
        Predicate.All all => new TimedCondition.Joined([.. all.Parts.Select(Of)], isAll: true),
        Predicate.Any any => new TimedCondition.Joined([.. any.Parts.Select(Of)], isAll: false),
        Predicate.Not { Inner: Leaf leaf } => Of(leaf, isNegated: true),
        Leaf leaf => Of(leaf, isNegated: false),
        Predicate.Always always => new TimedCondition.Always(always.Holds),
        _ => throw new System.Diagnostics.UnreachableException($"`{predicate}` is not in negation normal form"),
    };

    private TimedCondition.Test Of(Leaf leaf, bool isNegated)
    {
        var key = isNegated ? "!" + leaf.Key : leaf.Key;
        if (!_tests.TryGetValue(key, out var test))
        {
            if (!_terms.TryGetValue(leaf.Term.Key, out var term))
            {
                _terms[leaf.Term.Key] = term = new(_terms.Count, strategy.TermReaders.Of(leaf.Term));
            }

            _tests[key] = test = new(_tests.Count, leaf, isNegated, term, [.. SourcesOf(leaf).Distinct()], OnlyCeases(leaf, isNegated));
        }

        return new(test);
    }

    private IEnumerable<TimeSource> SourcesOf(Leaf leaf)
    {
        if (leaf.Age is { } age && InstantNamed(age.Since) is { } since)
        {
            return SourcesOf(age.Since).Append(new TimeSource.Age(since, age.Span));
        }

        if (leaf is Leaf.Compare { Term.IsRead: true } compare && OfRead(compare) is { } sources)
        {
            return sources;
        }

        // What is declared as a function looks at the customer's local day: ages, birthdays, days until something.
        var calls = leaf.Term.Calls.Length > 0 ? (IEnumerable<TimeSource>)[new TimeSource.Local(LocalUnit.Day)] : [];
        return leaf.Term.Reads.SelectMany(SourcesOf).Concat(calls);
    }

    // A reading that changes with every instant, compared with something fixed: the instant at which it gets there.
    private IEnumerable<TimeSource>? OfRead(Leaf.Compare compare)
    {
        var (read, constant) = (compare.Term.Text, compare.Constant);
        if (read == "now" && constant.Kind == DynKind.Timestamp)
        {
            var instant = constant.Timestamp;
            return [new TimeSource.Age(_ => instant, TimeSpan.Zero)];
        }

        if (Named(read, "scores.") is { } name && strategy.Scores.FirstOrDefault(score => score.Name == name) is { } score && NumberOf(constant) is { } limit)
        {
            return [new TimeSource.Points(score, limit)];
        }

        return Named(read, "features.") is { } feature && _features.TryGetValue(feature, out var known) && known.Kind == FeatureKind.Recency && constant.Kind == DynKind.Duration
            ? RecencyOf(known).Append(new TimeSource.Age(LastOf(known), constant.Duration))
            : null;
    }

    private IEnumerable<TimeSource> SourcesOf(string read)
    {
        if (read.IndexOf('(', StringComparison.Ordinal) is > 0 and var open && read.EndsWith(')'))
        {
            var argument = read[(open + 1)..^1];
            return read[..open] switch
            {
                "grade" => strategy.Scores.Where(score => score.Name == argument).Select(score => new TimeSource.Grade(score)),
                "tag_level" => [new TimeSource.Tag(argument)],
                _ => [new TimeSource.Local(LocalUnit.Day)],
            };
        }

        var dot = read.IndexOf('.', StringComparison.Ordinal);
        var (root, name) = dot < 0 ? (read, "") : (read[..dot], read[(dot + 1)..]);
        return root switch
        {
            "profile" or "consent" or "device" or "channel" or "context" or "event" or "stages" => [],
            "features" when _features.TryGetValue(name, out var feature) => feature is { Kind: FeatureKind.Recency, Unit: null, Bands.IsEmpty: true } ? [_unforeseen, .. RecencyOf(feature)] : [new TimeSource.Feature(feature.Slot)],
            "segments" when _segments.TryGetValue(name, out var segment) => [new TimeSource.Segment(segment.Index)],
            "tags" => [new TimeSource.Tag(name)],
            "scores" when strategy.Scores.FirstOrDefault(score => score.Name == name) is { } score => score.HalfLife is null ? [] : [_unforeseen],
            "calendar" => [new TimeSource.Local(LocalUnit.Day)],
            "now" => name switch
            {
                "" => [_unforeseen],
                "minute" => [new TimeSource.Local(LocalUnit.Minute)],
                "hour" => [new TimeSource.Local(LocalUnit.Hour)],
                _ => [new TimeSource.Local(LocalUnit.Day)],
            },
            _ => [_unforeseen],
        };
    }

    // That an event leaves the window of a recency ends it, exactly.
    private static IEnumerable<TimeSource> RecencyOf(Feature feature) =>
        feature.Within is { } within ? [new TimeSource.Age(LastOf(feature), within)] : [];

    private static Func<TimeView, DateTimeOffset?> LastOf(Feature feature) =>
        view => view.Facts.FeatureDuration(feature.Slot) is { } ago ? view.Now - ago : null;

    private Func<TimeView, DateTimeOffset?>? InstantNamed(string read)
    {
        if (Named(read, "profile.") is { } attribute)
        {
            return view => view.Facts.ProfileTimestamp(attribute);
        }

        if (Named(read, "features.") is { } name && _features.TryGetValue(name, out var feature))
        {
            return view => view.Facts.FeatureValue(feature.Slot) is { Kind: ValueKind.Timestamp } at ? at.AsTimestamp() : null;
        }

        if (Named(read, "stages.") is { } path && path.LastIndexOf('.') is > 0 and var dot && strategy.Stages.FirstOrDefault(stage => stage.Name == path[..dot]) is { } stage)
        {
            return path[(dot + 1)..] switch
            {
                "entered_at" => view => view.Facts.StageEnteredAt(stage.Index),
                "exited_at" => view => view.Facts.StageExitedAt(stage.Index),
                _ => null,
            };
        }

        return null;
    }

    // Events leave windows and tags expire: a count only falls, a tag only goes.
    private bool OnlyCeases(Leaf leaf, bool isNegated) => leaf switch
    {
        Leaf.Compare { Term.IsRead: true, Operator: Operator.Greater or Operator.GreaterOrEqual } compare => !isNegated && IsCount(compare.Term.Text),
        Leaf.Compare { Term.IsRead: true, Operator: Operator.Less or Operator.LessOrEqual } compare => isNegated && IsCount(compare.Term.Text),
        _ => false,
    };

    private bool IsCount(string read) => Named(read, "features.") is { } name && _features.TryGetValue(name, out var feature) && feature.Kind == FeatureKind.Count;

    private static string? Named(string read, string prefix) => read.StartsWith(prefix, StringComparison.Ordinal) ? read[prefix.Length..] : null;

    private static double? NumberOf(Dyn constant) => constant.Kind switch
    {
        DynKind.Int => constant.Int,
        DynKind.UInt => constant.UInt,
        DynKind.Double => constant.Double,
        _ => null,
    };
}
