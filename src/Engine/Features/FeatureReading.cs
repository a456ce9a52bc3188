using Decisioning.Engine.Values;

namespace Decisioning.Engine.Features;

/// <summary>What a cell says at an instant. Of a cell of another kind than the feature's: as if there were no events.</summary>
internal static class FeatureReading
{
    public static long Int(in Cell cell, Feature feature, DateTimeOffset now)
    {
        if (cell.Kind != feature.Kind || cell.Kind is not (FeatureKind.Count or FeatureKind.Distinct))
        {
            return 0;
        }

        if (feature.Within is not { } within)
        {
            return cell.Kind == FeatureKind.Count ? cell.First : cell.Buckets.Length;
        }

        var edge = WindowTime.Edge(WindowTime.Ticks(now), WindowTime.Width(within));
        var total = 0L;
        foreach (ref readonly var bucket in cell.Buckets)
        {
            if (bucket.Index > edge)
            {
                total += cell.Kind == FeatureKind.Count ? bucket.First : 1;
            }
        }

        return total;
    }

    public static double Sum(in Cell cell, Feature feature, DateTimeOffset now)
    {
        if (cell.Kind != FeatureKind.Sum || feature.Kind != FeatureKind.Sum)
        {
            return 0;
        }

        if (feature.Within is not { } within)
        {
            return ExactSum.ToDouble(cell.Sum);
        }

        var edge = WindowTime.Edge(WindowTime.Ticks(now), WindowTime.Width(within));
        Int128 total = 0;
        foreach (ref readonly var bucket in cell.Buckets)
        {
            if (bucket.Index > edge)
            {
                total = ExactSum.Add(total, bucket.Sum);
            }
        }

        return ExactSum.ToDouble(total);
    }

    public static DateTimeOffset? Instant(in Cell cell, Feature feature, DateTimeOffset now)
    {
        if (cell.Kind != feature.Kind || cell.Kind is not (FeatureKind.Last or FeatureKind.Recency or FeatureKind.First))
        {
            return null;
        }

        if (feature.Within is not { } within)
        {
            return WindowTime.Instant(cell.First);
        }

        if (cell.Kind != FeatureKind.First)
        {
            return IsWithin(cell.First, within, now) ? WindowTime.Instant(cell.First) : null;
        }

        var edge = WindowTime.Edge(WindowTime.Ticks(now), WindowTime.Width(within));
        foreach (ref readonly var bucket in cell.Buckets)
        {
            if (bucket.Index > edge)
            {
                return WindowTime.Instant(bucket.First);
            }
        }

        return null;
    }

    public static TimeSpan? Recency(in Cell cell, Feature feature, DateTimeOffset now) =>
        Instant(in cell, feature, now) is { } at ? (at < now ? now - at : TimeSpan.Zero) : null;

    public static Value Kept(in Cell cell, Feature feature, DateTimeOffset now)
    {
        if (cell.Kind != feature.Kind)
        {
            return Value.Null;
        }

        switch (cell.Parts)
        {
            case Kept kept:
                return feature.Within is not { } window || IsWithin(cell.First, window, now) ? kept.Value : Value.Null;
            case KeptBucket[] buckets when feature.Within is { } within:
                var edge = WindowTime.Edge(WindowTime.Ticks(now), WindowTime.Width(within));
                foreach (ref readonly var bucket in buckets.AsSpan())
                {
                    if (bucket.Index > edge)
                    {
                        return bucket.Value;
                    }
                }

                return Value.Null;
            default:
                return Value.Null;
        }
    }

    // The newest event alone is kept, so its own window is exact: (now - within, now].
    private static bool IsWithin(long at, TimeSpan within, DateTimeOffset now) => at > WindowTime.Ticks(now) - WindowTime.Length(within);
}
