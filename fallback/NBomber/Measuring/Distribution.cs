namespace NBomber.Measuring;

/// <summary>Values that were counted.</summary>
internal sealed class Distribution
{
    /// <summary>Buckets for all values of a <see cref="long"/>.</summary>
    public const int BucketsMax = 57 * 128;

    private readonly long[] _counts;
    private readonly long _sum;

    public Distribution(long[] counts, long min, long max, long sum)
    {
        (_counts, Min, Max, _sum) = (counts, min, max, sum);
        Count = counts.Sum();
    }

    public static Distribution Empty { get; } = new([], 0, 0, 0);

    public long Count { get; }

    public long Min { get; }

    public long Max { get; }

    public long Sum => _sum;

    public double Mean => Count == 0 ? 0 : (double)_sum / Count;

    /// <summary>Of values as the buckets know them.</summary>
    public double Deviation
    {
        get
        {
            var mean = Mean;
            return Count == 0 ? 0 : Math.Sqrt(Buckets().Sum(bucket => bucket.Count * Math.Pow(((bucket.Least + bucket.Most) / 2.0) - mean, 2)) / Count);
        }
    }

    /// <summary>The least value that so large a share of all did not exceed: never less than it is, and never more than 1/128 above it.</summary>
    /// <param name="share">0 to 1.</param>
    public long Percentile(double share)
    {
        // A share such as 0.99 is not exact: 99 of 100 values are not to become 100.
        var rank = Math.Clamp((long)Math.Ceiling((share * Count) - 1e-9), 1, Math.Max(1, Count));
        foreach (var bucket in Buckets())
        {
            rank -= bucket.Count;
            if (rank <= 0)
            {
                return Math.Min(bucket.Most, Max);
            }
        }

        return Max;
    }

    /// <summary>The buckets that hold something, in order.</summary>
    public IEnumerable<(long Least, long Most, long Count)> Buckets()
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            if (_counts[i] > 0)
            {
                var (least, most) = Histogram.BoundsOf(i);
                yield return (least, most, _counts[i]);
            }
        }
    }

    /// <summary>What came after an earlier look at the same histogram; least and most are those of its buckets.</summary>
    public Distribution Since(Distribution earlier)
    {
        if (Count == earlier.Count)
        {
            return Empty;
        }

        var counts = (long[])_counts.Clone();
        for (var i = 0; i < earlier._counts.Length; i++)
        {
            counts[i] -= earlier._counts[i];
        }

        var first = Array.FindIndex(counts, count => count > 0);
        var last = Array.FindLastIndex(counts, count => count > 0);
        return new(counts, Histogram.BoundsOf(first).Least, Math.Min(Max, Histogram.BoundsOf(last).Most), unchecked(_sum - earlier._sum));
    }
}
