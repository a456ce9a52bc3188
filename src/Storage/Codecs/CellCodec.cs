using System.Collections.Immutable;
using Decisioning.Engine.Features;
using Decisioning.Engine.Values;
using Decisioning.Storage.Wire;

namespace Decisioning.Storage.Codecs;

/// <summary>Feature cells to and from their stored form.</summary>
internal static class CellCodec
{
    public static StoredCell Write(FeatureCell cell)
    {
        var stored = new StoredCell { Key = cell.Key, Kind = (uint)cell.Kind };
        if (cell.LeavesAt != long.MaxValue)
        {
            stored.LeavesAt = cell.LeavesAt;
        }

        foreach (var entry in cell.Entries)
        {
            stored.Buckets.Add(entry.Bucket);
            stored.Firsts.Add(entry.First);
            stored.Seconds.Add(entry.Second);
        }

        if (cell.Entries.Any(entry => !entry.Value.IsNull))
        {
            stored.Values.AddRange(cell.Entries.Select(entry => ValueCodec.Write(entry.Value) ?? new StoredValue()));
        }

        return stored;
    }

    /// <exception cref="InvalidDataException">The lists are not of equal length.</exception>
    public static FeatureCell Read(StoredCell stored)
    {
        var count = stored.Buckets.Count;
        if (stored.Firsts.Count != count || stored.Seconds.Count != count || (stored.Values.Count != count && stored.Values.Count != 0))
        {
            throw new InvalidDataException("a feature cell has lists of different lengths");
        }

        var entries = ImmutableArray.CreateBuilder<FeatureCellEntry>(count);
        for (var i = 0; i < count; i++)
        {
            var value = stored.Values.Count == 0 ? Value.Null : ValueCodec.Read(stored.Values[i]);
            entries.Add(new(stored.Buckets[i], stored.Firsts[i], stored.Seconds[i], value));
        }

        return new(stored.Key, (CellKind)stored.Kind, stored.HasLeavesAt ? stored.LeavesAt : long.MaxValue, entries.MoveToImmutable());
    }
}
