using Decisioning.Engine.Scoring;

namespace Decisioning.Engine.Timing;

/// <summary>When a fading score gets somewhere: found by asking the score itself, so that foresight and what comes never differ by a rounding.</summary>
internal static class Fading
{
    // 2 to the -1100 is 0 in doubles, whatever the points.
    private const double HalfLivesMax = 1100;

    // Far more than doubles err by, far less than anybody waits for.
    private const double Error = 1e-9;

    /// <summary>The first whole microsecond after an instant at which something is the case that stays so once it is; <see cref="DateTimeOffset.MaxValue"/> for never.</summary>
    /// <typeparam name="TArgument">What the test takes along.</typeparam>
    /// <param name="score">The score.</param>
    /// <param name="state">Where the customer stands with it.</param>
    /// <param name="within">The instant, and the one from which on nothing is looked for: where it is not the case then, it is never before.</param>
    /// <param name="limit">The points about which it comes to be.</param>
    /// <param name="argument">What the test takes along.</param>
    /// <param name="test">Whether it is the case at an instant; false at the first.</param>
    public static DateTimeOffset First<TArgument>(
        Score score,
        ScoreState state,
        (DateTimeOffset After, DateTimeOffset End) within,
        double limit,
        TArgument argument,
        Func<Score, ScoreState, TArgument, DateTimeOffset, bool> test)
    {
        var (after, before) = within;
        if (score.HalfLife is not { } half || limit < 0 || (before < DateTimeOffset.MaxValue && !test(score, state, argument, before)))
        {
            return DateTimeOffset.MaxValue;
        }

        var from = Microseconds(after);
        var end = Bound(from + (half.TotalMicroseconds * HalfLivesMax));
        var wait = half.TotalMicroseconds * Math.Max(0, Math.Log2(score.PointsAt(state, after) / limit));
        var (low, high) = (Bound(from + (wait * (1 - Error)) - 2), Bound(from + (wait * (1 + Error)) + 2));
        if (low <= from || IsSo(low))
        {
            low = from;
        }

        if (high >= end || !IsSo(high))
        {
            high = end;
            if (!IsSo(high))
            {
                return DateTimeOffset.MaxValue;
            }
        }

        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = IsSo(middle) ? (low, middle) : (middle, high);
        }

        return At(high);

        bool IsSo(long microseconds) => test(score, state, argument, At(microseconds));
    }

    // In doubles infinity stands for what lies beyond the calendar; the nearest double to the calendar's end lies beyond it too.
    private static long Bound(double microseconds)
    {
        var last = Microseconds(DateTimeOffset.MaxValue);
        return microseconds < last ? (long)microseconds : last;
    }

    private static long Microseconds(DateTimeOffset at) => at.UtcTicks / TimeSpan.TicksPerMicrosecond;

    private static DateTimeOffset At(long microseconds) => new(microseconds * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
}
