using System.Collections.Immutable;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Features;

/// <summary>
/// The smallest or largest value, as an ordered word. Of a window only buckets are kept whose value no later bucket reaches: those
/// that can still be the extreme. So values get worse towards older windows' ends, and the first bucket in a window has its extreme. 56 bytes,
/// and 16 for each bucket kept.
/// </summary>
internal sealed class ExtremeCell(ulong key, CellKind kind) : Cell(key, kind)
{
    // By start, the words from the most extreme to the least; never written to.
    private Extreme[] _buckets = [];

    private bool IsMin => Kind is CellKind.Min or CellKind.MinWindows;

    /// <summary>The extreme of the buckets that start at an instant or later; null when there is none.</summary>
    public long? Since(long from)
    {
        foreach (ref readonly var bucket in _buckets.AsSpan())
        {
            if (bucket.Start >= from)
            {
                return bucket.Word;
            }
        }

        return null;
    }

    public override bool TakesIn(in Occurrence occurrence, CellPlan plan)
    {
        var start = plan.Start(occurrence.At, occurrence.Now);
        return start != CellPlan.Out && !(Since(start) is { } known && Reaches(known, occurrence.Word));
    }

    public override bool Add(in Occurrence occurrence, CellPlan plan)
    {
        if (!TakesIn(in occurrence, plan))
        {
            return false;
        }

        var added = new Extreme(plan.Start(occurrence.At, occurrence.Now), occurrence.Word);
        var before = _buckets.Where(bucket => bucket.Start <= added.Start && !Reaches(added.Word, bucket.Word));
        _buckets = [.. before, added, .. _buckets.Where(bucket => bucket.Start > added.Start)];
        LeavesAt = NextLeave(plan, occurrence.Now);
        return true;
    }

    public override bool Expire(long now, CellPlan plan)
    {
        var kept = new List<Extreme>(_buckets.Length);
        foreach (ref readonly var bucket in _buckets.AsSpan())
        {
            // Of buckets that become one, the oldest has the extreme.
            var start = plan.Start(bucket.Start, now);
            if (start != CellPlan.Out && (kept.Count == 0 || kept[^1].Start != start))
            {
                kept.Add(bucket with { Start = start });
            }
        }

        _buckets = [.. kept];
        LeavesAt = NextLeave(plan, now);
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

    public override ImmutableArray<FeatureCellEntry> ToEntries() => [.. _buckets.Select(bucket => new FeatureCellEntry(bucket.Start, bucket.Word, 0, Value.Null))];

    public static ExtremeCell Read(FeatureCell stored) => new(stored.Key, stored.Kind)
    {
        _buckets = [.. stored.Entries.Select(entry => new Extreme(entry.Bucket, entry.First))],
        LeavesAt = stored.LeavesAt,
    };

    private bool Reaches(long word, long other) => IsMin ? word <= other : word >= other;

    private long NextLeave(CellPlan plan, long now)
    {
        var least = long.MaxValue;
        foreach (ref readonly var bucket in _buckets.AsSpan())
        {
            least = Math.Min(least, plan.LeavesAt(bucket.Start, now));
        }

        return least;
    }

    private readonly record struct Extreme(long Start, long Word);
}
