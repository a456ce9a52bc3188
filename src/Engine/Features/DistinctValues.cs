namespace Decisioning.Engine.Features;

/// <summary>
/// A bounded set of value hashes, each with the newest bucket it was seen in, ordered by hash. Beyond
/// <see cref="Limits.DistinctValuesMax"/> those in the newest buckets stay, of these the smallest hashes: what stays is the
/// same in whatever order the values came, because a bucket only ever becomes newer.
/// </summary>
internal static class DistinctValues
{
    /// <summary>The set with a value; the same array when nothing changes.</summary>
    public static Bucket[] With(Bucket[] values, long bucket, long hash)
    {
        var at = IndexOf(values, hash);
        if (at >= 0)
        {
            if (values[at].Index >= bucket)
            {
                return values;
            }

            values = [.. values];
            values[at].Index = bucket;
            return values;
        }

        if (values.Length < Limits.DistinctValuesMax)
        {
            return [.. values[..~at], new(bucket, hash, 0), .. values[~at..]];
        }

        var weakest = Weakest(values);
        if (!Stays((bucket, hash), (values[weakest].Index, values[weakest].First)))
        {
            return values;
        }

        var next = new List<Bucket>(values);
        next.Insert(~at, new(bucket, hash, 0));
        next.RemoveAt(weakest >= ~at ? weakest + 1 : weakest);
        return [.. next];
    }

    /// <summary>The oldest bucket of a set or window that is not empty.</summary>
    public static long Oldest(Bucket[] values)
    {
        var oldest = long.MaxValue;
        foreach (var value in values)
        {
            oldest = Math.Min(oldest, value.Index);
        }

        return oldest;
    }

    private static int Weakest(Bucket[] values)
    {
        var weakest = 0;
        for (var i = 1; i < values.Length; i++)
        {
            if (Stays((values[weakest].Index, values[weakest].First), (values[i].Index, values[i].First)))
            {
                weakest = i;
            }
        }

        return weakest;
    }

    private static bool Stays((long Bucket, long Hash) one, (long Bucket, long Hash) other) =>
        one.Bucket != other.Bucket ? one.Bucket > other.Bucket : one.Hash < other.Hash;

    private static int IndexOf(Bucket[] values, long hash)
    {
        var (low, high) = (0, values.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            switch (values[middle].First.CompareTo(hash))
            {
                case 0:
                    return middle;
                case < 0:
                    low = middle + 1;
                    break;
                default:
                    high = middle - 1;
                    break;
            }
        }

        return ~low;
    }
}
