using System.Collections.Immutable;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Features;

/// <summary>The first event in windows, with a value of it: the first one of each bucket. 56 bytes, and 48 for each bucket with events and the text it keeps.</summary>
internal sealed record FirstCell : BucketCell<FirstCell.FirstOfBucket>
{
    public FirstCell(ulong key, CellKind kind)
        : base(key, kind)
    {
    }

    /// <summary>The first event of the buckets that start at an instant or later; null when there is none.</summary>
    public (long At, Value Value)? Since(long from)
    {
        var at = FirstFrom(from);
        return at == Buckets.Length ? null : (Buckets[at].At, Buckets[at].Value);
    }

    public override bool TakesIn(in Occurrence occurrence, CellPlan plan)
    {
        var start = plan.Start(occurrence.At, occurrence.Now);
        var at = FirstFrom(start);
        return start != CellPlan.Out && (at == Buckets.Length || Buckets[at].Start != start || IsBefore(in occurrence, in Buckets[at]));
    }

    public override bool Add(in Occurrence occurrence, CellPlan plan)
    {
        if (!TakesIn(in occurrence, plan))
        {
            return false;
        }

        var start = plan.Start(occurrence.At, occurrence.Now);
        var at = FirstFrom(start);
        var first = new FirstOfBucket(start, occurrence.At, occurrence.Sequence, Kind == CellKind.FirstValueWindows ? occurrence.Value : Value.Null);
        var isKnown = at < Buckets.Length && Buckets[at].Start == start;
        Buckets = [.. Buckets.AsSpan(..at), first, .. Buckets.AsSpan((isKnown ? at + 1 : at)..)];
        LeavesAt = Math.Min(LeavesAt, plan.LeavesAt(start, occurrence.Now));
        return true;
    }

    public override ImmutableArray<FeatureCellEntry> ToEntries() =>
        [.. Buckets.Select(bucket => new FeatureCellEntry(bucket.Start, bucket.At, bucket.Sequence, bucket.Value))];

    public static FirstCell Read(FeatureCell stored) => new(stored.Key, stored.Kind)
    {
        Buckets = [.. stored.Entries.Select(entry => new FirstOfBucket(entry.Bucket, entry.First, entry.Second, entry.Value))],
        LeavesAt = stored.LeavesAt,
    };

    private static bool IsBefore(in Occurrence occurrence, in FirstOfBucket bucket) =>
        (occurrence.At, occurrence.Sequence).CompareTo((bucket.At, bucket.Sequence)) < 0;

    private int FirstFrom(long from) => Buckets.AsSpan().BinarySearch(new From(from)) is var at && at >= 0 ? at : ~at;

    private readonly record struct From(long Start) : IComparable<FirstOfBucket>
    {
        public int CompareTo(FirstOfBucket other) => Start.CompareTo(other.Start);
    }

    internal readonly record struct FirstOfBucket(long Start, long At, long Sequence, Value Value) : IBucket<FirstOfBucket>
    {
        public FirstOfBucket StartingAt(long start) => this with { Start = start };
    }
}
