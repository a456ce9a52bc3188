using System.Collections.Immutable;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Scoring;

/// <summary>An additive score that halves with time.</summary>
/// <param name="Index">Its place among the strategy's scores.</param>
/// <param name="Name">Its name.</param>
/// <param name="HalfLife">After which its points are worth half; null for no decay.</param>
/// <param name="Cap">The most it can be; null for none. Never below 0.</param>
/// <param name="Points">What adds to it.</param>
/// <param name="Grades">Its grades, lowest threshold first.</param>
/// <param name="Hysteresis">How far below its threshold a grade is kept, in points, at least 0.</param>
public sealed record Score(
    int Index,
    string Name,
    TimeSpan? HalfLife,
    double? Cap,
    ImmutableArray<ScorePoints> Points,
    ImmutableArray<Grade> Grades,
    double Hysteresis)
{
    /// <summary>The name of the rank below the lowest grade.</summary>
    public const string NoGrade = "none";
}

/// <summary>Points for events.</summary>
/// <param name="Events">The events by name, in ordinal order; at least one.</param>
/// <param name="When">For which of them; null for all.</param>
/// <param name="Add">The points, may be negative.</param>
/// <param name="Cap">How many at most; null for any number.</param>
public sealed record ScorePoints(ImmutableArray<string> Events, Condition? When, double Add, PointsCap? Cap = null);

/// <summary>How many points one entry gives at most.</summary>
/// <param name="Key">A hash of everything that defines the entry: what it gave is kept while that stays the same.</param>
/// <param name="AtMost">The points, above 0.</param>
/// <param name="Within">In how long a time, counted from the first of them.</param>
public sealed record PointsCap(ulong Key, double AtMost, TimeSpan Within);

/// <summary>A grade of a score, such as MQL.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Threshold">The points from which it holds (inclusive).</param>
public sealed record Grade(string Name, double Threshold);
