namespace Decisioning.Engine.Features;

/// <summary>A cell that keeps one thing for each bucket of time, in the order of their starts.</summary>
/// <typeparam name="TBucket">What it keeps.</typeparam>
internal abstract record BucketCell<TBucket> : Cell
    where TBucket : struct, IBucket<TBucket>
{
    protected BucketCell(ulong key, CellKind kind)
        : base(key, kind)
    {
    }

    /// <summary>By start; the array is never written to.</summary>
    protected TBucket[] Buckets { get; set; } = [];

    public override bool Expire(long now, CellPlan plan)
    {
        var kept = new List<TBucket>(Buckets.Length);
        foreach (ref readonly var bucket in Buckets.AsSpan())
        {
            // Of buckets that become one, the oldest has what is asked for.
            var start = plan.Start(bucket.Start, now);
            if (start != CellPlan.Out && (kept.Count == 0 || kept[^1].Start != start))
            {
                kept.Add(bucket.StartingAt(start));
            }
        }

        Buckets = [.. kept];
        LeavesAt = NextLeave(plan, now);
        return Buckets.Length > 0;
    }

    public override long NextChangeAt(Feature feature, long now)
    {
        var least = long.MaxValue;
        foreach (ref readonly var bucket in Buckets.AsSpan())
        {
            least = Math.Min(least, NextLeave(feature, bucket.Start, now));
        }

        return least;
    }

    /// <summary>When the first of the buckets leaves its window.</summary>
    protected long NextLeave(CellPlan plan, long now)
    {
        var least = long.MaxValue;
        foreach (ref readonly var bucket in Buckets.AsSpan())
        {
            least = Math.Min(least, plan.LeavesAt(bucket.Start, now));
        }

        return least;
    }
}

/// <summary>What a cell keeps of a bucket of time.</summary>
/// <typeparam name="TSelf">Itself.</typeparam>
internal interface IBucket<TSelf>
{
    /// <summary>When the bucket starts.</summary>
    long Start { get; }

    /// <summary>The same of a bucket that starts at another time.</summary>
    TSelf StartingAt(long start);
}
