using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;
using Decisioning.Engine.Features;
using Decisioning.Engine.Values;

namespace Decisioning.Storage.Resting;

/// <summary>Feature cells at rest: the starts of buckets without the bits that all have 0, each as what it is later than the one before.</summary>
internal static class RestCells
{
    [Flags]
    private enum Has : byte
    {
        None = 0,
        Leaves = 1,
        Buckets = 2,
        WideFirsts = 4,
        Seconds = 8,
        Values = 16,
        WideLeaves = 32,
    }

    public static void Write(ref RestWriter writer, FeatureCell cell)
    {
        var entries = cell.Entries.AsSpan();
        var (has, bits) = (cell.LeavesAt == long.MaxValue ? Has.None : IsInstant(cell.LeavesAt) ? Has.Leaves : Has.WideLeaves, 0L);
        foreach (ref readonly var entry in entries)
        {
            bits |= entry.Bucket;
            has |= (entry.Bucket != 0 ? Has.Buckets : Has.None) | (IsWide(entry.First) ? Has.WideFirsts : Has.None)
                | (entry.Second != 0 ? Has.Seconds : Has.None) | (entry.Value.IsNull ? Has.None : Has.Values);
        }

        writer.Key(cell.Key);
        writer.Byte((byte)cell.Kind);
        writer.Byte((byte)has);
        writer.Count((ulong)entries.Length);
        if (has.HasFlag(Has.Leaves))
        {
            writer.Ticks(cell.LeavesAt);
        }
        else if (has.HasFlag(Has.WideLeaves))
        {
            writer.Number(cell.LeavesAt);
        }

        var (shift, before) = (BitOperations.TrailingZeroCount(bits), 0L);
        if (has.HasFlag(Has.Buckets))
        {
            writer.Byte((byte)shift);
        }

        foreach (ref readonly var entry in entries)
        {
            if (has.HasFlag(Has.Buckets))
            {
                writer.Number(unchecked((entry.Bucket >> shift) - before));
                before = entry.Bucket >> shift;
            }

            if (has.HasFlag(Has.WideFirsts))
            {
                writer.Raw(unchecked((ulong)entry.First));
            }
            else
            {
                writer.Number(entry.First);
            }

            if (has.HasFlag(Has.Seconds))
            {
                writer.Number(entry.Second);
            }

            if (has.HasFlag(Has.Values))
            {
                RestValues.Write(ref writer, entry.Value);
            }
        }
    }

    public static FeatureCell Read(ref RestReader reader)
    {
        var (key, kind, has) = (reader.Key(), (CellKind)reader.Byte(), (Has)reader.Byte());
        var entries = new FeatureCellEntry[reader.Length()];
        var leavesAt = has.HasFlag(Has.Leaves) ? reader.Ticks() : has.HasFlag(Has.WideLeaves) ? reader.Number() : long.MaxValue;
        var (shift, before) = (has.HasFlag(Has.Buckets) ? reader.Byte() : 0, 0L);
        for (var i = 0; i < entries.Length; i++)
        {
            before = has.HasFlag(Has.Buckets) ? unchecked(before + reader.Number()) : 0;
            entries[i] = new(
                before << shift,
                has.HasFlag(Has.WideFirsts) ? unchecked((long)reader.Raw()) : reader.Number(),
                has.HasFlag(Has.Seconds) ? reader.Number() : 0,
                has.HasFlag(Has.Values) ? RestValues.Read(ref reader) : Value.Null);
        }

        return new(key, kind, leavesAt, ImmutableCollectionsMarshal.AsImmutableArray(entries));
    }

    // The calendar ends long before; a cell of another build may say anything.
    private static bool IsInstant(long ticks) => ticks is > -(1L << 62) and < 1L << 62;

    // As a number it would take more than its 8 bytes.
    private static bool IsWide(long first) => first is >= 1L << 55 or < -(1L << 55);
}
