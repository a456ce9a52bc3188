using FsCheck;
using FsCheck.Fluent;
using NBomber.Measuring;

namespace Decisioning.Packages.NBomber.Tests;

public sealed class HistogramTests
{
    // Of all sizes: uniform numbers would all be large.
    private static readonly Arbitrary<long[]> Values = (from bits in Gen.Choose(0, 62) from low in Gen.Choose(0, int.MaxValue) from high in Gen.Choose(0, int.MaxValue)
                                                        select (((long)high << 31) | (uint)low) & ((1L << bits) - 1)).NonEmptyListOf().Select(list => list.Take(500).ToArray()).ToArbitrary();

    private static readonly double[] Shares = [0, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999, 1];

    [Fact]
    public void Percentiles_are_never_below_the_exact_ones_and_at_most_one_in_128_above() => Prop.ForAll(Values, values =>
    {
        var (look, sorted) = (Of(values), values.Order().ToArray());
        return Shares.All(share =>
        {
            var exact = sorted[Math.Clamp((int)Math.Ceiling((share * sorted.Length) - 1e-9) - 1, 0, sorted.Length - 1)];
            var told = look.Percentile(share);
            return told >= exact && told - exact <= exact / 128;
        });
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Percentiles_rise_with_the_share_and_end_at_the_most() => Prop.ForAll(Values, values =>
    {
        var told = Shares.Select(Of(values).Percentile).ToArray();
        return told.SequenceEqual(told.Order()) && told[^1] == values.Max();
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Nothing_that_was_added_is_lost() => Prop.ForAll(Values, values =>
    {
        var look = Of(values.Select(value => value >> 10).ToArray());
        return look.Count == values.Length && look.Buckets().Sum(bucket => bucket.Count) == values.Length
            && look.Min == values.Min() >> 10 && look.Max == values.Max() >> 10 && look.Sum == values.Sum(value => value >> 10);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_came_since_an_earlier_look_is_what_was_added_since() => Prop.ForAll(Values, Values, (before, after) =>
    {
        var histogram = new Histogram();
        Array.ForEach(before, histogram.Add);
        var earlier = histogram.Look();
        Array.ForEach(after, histogram.Add);
        return histogram.Look().Since(earlier).Buckets().SequenceEqual(Of(after).Buckets());
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_value_lies_in_the_bounds_of_its_bucket_and_buckets_leave_no_gap() => Prop.ForAll(Values, values => values.All(value =>
    {
        var bucket = Histogram.BucketOf(value);
        var (least, most) = Histogram.BoundsOf(bucket);
        return least <= value && value <= most && Histogram.BucketOf(most) == bucket && (least == 0 || Histogram.BucketOf(least - 1) == bucket - 1);
    })).QuickCheckThrowOnFailure();

    [Fact]
    public void The_largest_value_has_a_bucket_and_a_negative_one_counts_as_nothing()
    {
        var look = Of([long.MaxValue, -5]);

        Assert.Equal(long.MaxValue, look.Percentile(1));
        Assert.Equal(0, look.Percentile(0));
    }

    [Fact]
    public void Values_of_many_threads_are_all_counted()
    {
        var histogram = new Histogram();

        Parallel.For(0, 100_000, i => histogram.Add(i));

        Assert.Equal((100_000, 0, 99_999, 4_999_950_000), (histogram.Look().Count, histogram.Look().Min, histogram.Look().Max, histogram.Look().Sum));
    }

    [Fact]
    public void Nothing_has_no_percentiles() => Assert.Equal((0, 0, 0), (Distribution.Empty.Percentile(0.5), (int)Distribution.Empty.Mean, (int)Distribution.Empty.Deviation));

    private static Distribution Of(long[] values)
    {
        var histogram = new Histogram();
        Array.ForEach(values, histogram.Add);
        return histogram.Look();
    }
}
