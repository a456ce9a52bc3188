using System.Collections.Immutable;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Features;

/// <summary>The first event in windows, with a value of it: the first one of each bucket. 56 bytes, and 48 for each bucket with events and the text it keeps.</summary>
internal sealed class FirstCell(ulong key, CellKind kind) : Cell(key, kind)
{
    // By start; never written to.
    private FirstOfBucket[] _buckets = [];

    /// <summary>The first event of the buckets that start at an instant or later; null when there is none.</summary>
    public (long At, Value Value)? Since(long from)
    {
        var at = FirstFrom(from);
        return at == _buckets.Length ? null : (_buckets[at].At, _buckets[at].Value);
    }

    public override bool TakesIn(in Occurrence occurrence, CellPlan plan)
    {
        var start = plan.Start(occurrence.At, occurrence.Now);
        var at = FirstFrom(start);
        return start != CellPlan.Out && (at == _buckets.Length || _buckets[at].Start != start || IsBefore(in occurrence, in _buckets[at]));
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
        var isKnown = at < _buckets.Length && _buckets[at].Start == start;
        _buckets = [.. _buckets[..at], first, .. _buckets[(isKnown ? at + 1 : at)..]];
        LeavesAt = Math.Min(LeavesAt, plan.LeavesAt(start, occurrence.Now));
        return true;
    }

    public override bool Expire(long now, CellPlan plan)
    {
        var kept = new List<FirstOfBucket>(_buckets.Length);
        foreach (ref readonly var bucket in _buckets.AsSpan())
        {
            var start = plan.Start(bucket.Start, now);
            if (start != CellPlan.Out && (kept.Count == 0 || kept[^1].Start != start))
            {
                kept.Add(bucket with { Start = start });
            }
        }

        _buckets = [.. kept];
        LeavesAt = long.MaxValue;
        foreach (ref readonly var bucket in _buckets.AsSpan())
        {
            LeavesAt = Math.Min(LeavesAt, plan.LeavesAt(bucket.Start, now));
        }

        return _buckets.Length > 0;
    }

    public override long NextChangeAt(Feature feature, long now)
    {
        var least = long.MaxValue;
        foreach (ref readonly var bucket in _buckets.AsSpan())
        {
            least = Math.Min(least, NextLeave(feature, bucket.Start, now));
        }

        return least;
    }

    public override ImmutableArray<FeatureCellEntry> ToEntries() =>
        [.. _buckets.Select(bucket => new FeatureCellEntry(bucket.Start, bucket.At, bucket.Sequence, bucket.Value))];

    public static FirstCell Read(FeatureCell stored) => new(stored.Key, stored.Kind)
    {
        _buckets = [.. stored.Entries.Select(entry => new FirstOfBucket(entry.Bucket, entry.First, entry.Second, entry.Value))],
        LeavesAt = stored.LeavesAt,
    };

    private static bool IsBefore(in Occurrence occurrence, in FirstOfBucket bucket) =>
        (occurrence.At, occurrence.Sequence).CompareTo((bucket.At, bucket.Sequence)) < 0;

    private int FirstFrom(long from)
    {
        var (low, high) = (0, _buckets.Length);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (_buckets[middle].Start < from)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private readonly record struct FirstOfBucket(long Start, long At, long Sequence, Value Value);
}
