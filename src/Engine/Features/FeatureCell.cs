using System.Collections.Immutable;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Features;

/// <summary>
/// One cell as those who store it see it. What the numbers of an entry mean depends on the kind and is the engine's own
/// business: store them as they are, in their order.
/// </summary>
/// <param name="Key">The <see cref="Feature.Key"/> it belongs to.</param>
/// <param name="Kind">How it is laid out.</param>
/// <param name="LeavesAt">When the oldest part leaves the window, in ticks from 1970; <see cref="long.MaxValue"/> for never.</param>
/// <param name="Entries">Its parts: one for all-time numbers and instants, some per bucket for windows, up to <see cref="Limits.DistinctValuesMax"/> for distinct values.</param>
public sealed record FeatureCell(ulong Key, CellKind Kind, long LeavesAt, ImmutableArray<FeatureCellEntry> Entries)
{
    /// <inheritdoc/>
    public bool Equals(FeatureCell? other) =>
        other is not null && Key == other.Key && Kind == other.Kind && LeavesAt == other.LeavesAt && Entries.AsSpan().SequenceEqual(other.Entries.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Key, Kind, LeavesAt, Entries.Length);
}

/// <summary>One part of a cell.</summary>
/// <param name="Bucket">The start of the bucket in ticks from 1970, or the step of a sequence; 0 for all time.</param>
/// <param name="First">A count, a sum's low half, an instant in ticks from 1970, an ordered word, or the hash of a value.</param>
/// <param name="Second">A sum's high half, the sequence of the event that set it, or a second instant.</param>
/// <param name="Value">The value kept, or the count of a mean; null for other kinds.</param>
public readonly record struct FeatureCellEntry(long Bucket, long First, long Second, Value Value);
