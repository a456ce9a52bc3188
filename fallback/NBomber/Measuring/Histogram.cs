using System.Numerics;

namespace NBomber.Measuring;

/// <summary>
/// Counts values from 0 up in buckets that grow with the value: exact below 256, within 1/128 of it above, whatever its size. Values
/// may be added from any thread.
/// </summary>
internal sealed class Histogram
{
    private const int HalfBits = 7;
    private const int Half = 1 << HalfBits;
    private readonly long[] _counts = new long[Distribution.BucketsMax];
    private long _min = long.MaxValue;
    private long _max = long.MinValue;
    private long _sum;

    /// <summary>Adds one; a negative value counts as 0.</summary>
    public void Add(long value)
    {
        value = Math.Max(0, value);
        Interlocked.Increment(ref _counts[BucketOf(value)]);
        Interlocked.Add(ref _sum, value);
        for (var min = Volatile.Read(ref _min); value < min;)
        {
            min = Interlocked.CompareExchange(ref _min, value, min);
        }

        for (var max = Volatile.Read(ref _max); value > max;)
        {
            max = Interlocked.CompareExchange(ref _max, value, max);
        }
    }

    /// <summary>What was added so far. Of values added meanwhile each is in it or not.</summary>
    public Distribution Look()
    {
        var counts = (long[])_counts.Clone();
        return counts.Sum() == 0
            ? Distribution.Empty
            : new(counts, Volatile.Read(ref _min), Volatile.Read(ref _max), Volatile.Read(ref _sum));
    }

    internal static int BucketOf(long value)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)value | 1) - HalfBits);
        return (shift * Half) + (int)(value >> shift);
    }

    internal static (long Least, long Most) BoundsOf(int bucket)
    {
        var shift = Math.Max(0, (bucket >> HalfBits) - 1);
        var least = (long)(bucket - (shift * Half)) << shift;
        return (least, least + ((1L << shift) - 1));
    }
}
