using System.Collections.Immutable;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Features;

/// <summary>
/// The smallest or largest value, as an ordered word. Of a window only buckets are kept whose value no later bucket reaches: those
/// that can still be the extreme. So values get worse towards older windows' ends, and the first bucket in a window has its extreme. 56 bytes,
/// and 16 for each bucket kept, from the most extreme to the least.
/// </summary>
internal sealed record ExtremeCell : BucketCell<ExtremeCell.Extreme>
{
    public ExtremeCell(ulong key, CellKind kind)
        : base(key, kind)
    {
    }

    private bool IsMin => Kind is CellKind.Min or CellKind.MinWindows;

    /// <summary>The extreme of the buckets that start at an instant or later; null when there is none.</summary>
    public long? Since(long from)
    {
        foreach (ref readonly var bucket in Buckets.AsSpan())
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
        var before = Buckets.Where(bucket => bucket.Start <= added.Start && !Reaches(added.Word, bucket.Word));
        Buckets = [.. before, added, .. Buckets.Where(bucket => bucket.Start > added.Start)];
        LeavesAt = NextLeave(plan, occurrence.Now);
        return true;
    }

    public override ImmutableArray<FeatureCellEntry> ToEntries() => [.. Buckets.Select(bucket => new FeatureCellEntry(bucket.Start, bucket.Word, 0, Value.Null))];

    public static ExtremeCell Read(FeatureCell stored) => new(stored.Key, stored.Kind)
    {
        Buckets = [.. stored.Entries.Select(entry => new Extreme(entry.Bucket, entry.First))],
        LeavesAt = stored.LeavesAt,
    };

    private bool Reaches(long word, long other) => IsMin ? word <= other : word >= other;

    internal readonly record struct Extreme(long Start, long Word) : IBucket<Extreme>
    {
        public Extreme StartingAt(long start) => this with { Start = start };
    }
}
