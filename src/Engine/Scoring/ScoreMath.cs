namespace Decisioning.Engine.Scoring;

/// <summary>How a score decays and what grade it reaches.</summary>
internal static class ScoreMath
{
    /// <summary>The points at an instant: halved for every half-life since they changed, from 0 to the cap.</summary>
    public static double PointsAt(this Score score, ScoreState state, DateTimeOffset now)
    {
        var points = state.Points;
        if (score.HalfLife is { } half && half > TimeSpan.Zero && now > state.At)
        {
            points *= Math.Pow(2, -((now - state.At) / half));
        }

        return score.Bound(points);
    }

    /// <summary>Brings points into 0 to the cap; not-a-number is 0.</summary>
    public static double Bound(this Score score, double points) =>
        double.IsNaN(points) || points <= 0 ? 0 : Math.Min(points, score.Cap ?? double.MaxValue);

    /// <summary>
    /// The rank of the grade at an instant, 0 for none: the highest whose threshold is reached, or the one reached before as long
    /// as the points are not below its threshold by more than the hysteresis.
    /// </summary>
    public static int RankAt(this Score score, ScoreState? state, DateTimeOffset now)
    {
        if (state is null)
        {
            return score.RankOf(0, 0);
        }

        var kept = 0;
        for (var i = 0; i < score.Grades.Length; i++)
        {
            if (score.Grades[i].Name == state.Grade)
            {
                kept = i + 1;
            }
        }

        return score.RankOf(score.PointsAt(state, now), kept);
    }

    /// <summary>The name of the grade of a rank; empty for none.</summary>
    public static string GradeOf(this Score score, int rank) => rank == 0 ? "" : score.Grades[rank - 1].Name;

    private static int RankOf(this Score score, double points, int kept)
    {
        while (kept > 0 && points < score.Grades[kept - 1].Threshold - score.Hysteresis)
        {
            kept--;
        }

        for (var i = score.Grades.Length; i > kept; i--)
        {
            if (points >= score.Grades[i - 1].Threshold)
            {
                return i;
            }
        }

        return kept;
    }
}
