using System.Collections.Immutable;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Features;

/// <summary>Between a cell in memory and a cell as it is stored.</summary>
internal static class CellForm
{
    public static FeatureCell Describe(Cell cell) => new(cell.Key, cell.Kind, cell.LeavesAt, cell.Parts switch
    {
        Bucket[] buckets => [.. buckets.Select(bucket => new FeatureCellEntry(bucket.Index, bucket.First, bucket.Second, Value.Null))],
        KeptBucket[] buckets => [.. buckets.Select(bucket => new FeatureCellEntry(bucket.Index, bucket.At, bucket.Sequence, bucket.Value))],
        Kept kept => [new FeatureCellEntry(0, cell.First, cell.Second, kept.Value)],
        _ => [new FeatureCellEntry(0, cell.First, cell.Second, Value.Null)],
    });

    public static Cell Read(FeatureCell stored)
    {
        var cell = new Cell { Key = stored.Key, Kind = stored.Kind, LeavesAt = stored.LeavesAt };
        var entries = stored.Entries;
        switch (stored.Kind)
        {
            case FeatureKind.LastValue or FeatureKind.FirstValue when !IsBucketed(stored):
                cell.Parts = entries.IsEmpty ? null : new Kept(entries[0].Value);
                break;
            case FeatureKind.FirstValue:
                cell.Parts = Array.ConvertAll(entries.ToArray(), entry => new KeptBucket(entry.Bucket, entry.First, entry.Second, entry.Value));
                return cell;
            case FeatureKind.Distinct:
            case FeatureKind.Count or FeatureKind.Sum or FeatureKind.First when IsBucketed(stored):
                cell.Parts = Array.ConvertAll(entries.ToArray(), entry => new Bucket(entry.Bucket, entry.First, entry.Second));
                return cell;
            default:
                break;
        }

        if (!entries.IsEmpty)
        {
            (cell.First, cell.Second) = (entries[0].First, entries[0].Second);
        }

        return cell;
    }

    // Kinds in buckets leave their window bucket by bucket and are dropped with the last one.
    private static bool IsBucketed(FeatureCell stored) =>
        stored.LeavesAt != long.MaxValue && stored.Kind is FeatureKind.Count or FeatureKind.Sum or FeatureKind.First or FeatureKind.FirstValue;
}
