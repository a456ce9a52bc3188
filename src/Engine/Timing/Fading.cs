namespace Decisioning.Engine.Timing;

/// <summary>When a fading score gets somewhere: found by asking the score itself, so that foresight and what comes never differ by a rounding.</summary>
internal static class Fading
{
    // 2 to the -1100 is 0 in doubles, whatever the points.
    private const double HalfLivesMax = 1100;

    /// <summary>The first whole microsecond after an instant at which something is the case that stays so once it is; <see cref="DateTimeOffset.MaxValue"/> for never.</summary>
    /// <param name="after">The instant.</param>
    /// <param name="halfLife">Of the score: bounds the search.</param>
    /// <param name="isSo">Whether it is the case; false at <paramref name="after"/>.</param>
    public static DateTimeOffset First(DateTimeOffset after, TimeSpan halfLife, Func<DateTimeOffset, bool> isSo)
    {
        var low = after.UtcTicks / TimeSpan.TicksPerMicrosecond;
        var high = (long)Math.Min(low + (halfLife.TotalMicroseconds * HalfLivesMax), DateTimeOffset.MaxValue.UtcTicks / TimeSpan.TicksPerMicrosecond);
        if (!isSo(At(high)))
        {
            return DateTimeOffset.MaxValue;
        }

        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = isSo(At(middle)) ? (low, middle) : (middle, high);
        }

        return At(high);
    }

    private static DateTimeOffset At(long microseconds) => new(microseconds * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
}
