using System.Runtime.InteropServices;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Features;

/// <summary>
/// A cell as it lies in memory: 48 bytes without windows. Only <see cref="FeatureCells"/> and its builder touch it.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct Cell
{
    /// <summary>The cell that reads as no events.</summary>
    public static readonly Cell None = new() { LeavesAt = long.MaxValue };

    public ulong Key;

    /// <summary>When the oldest part leaves the window, in ticks from 1970; never is <see cref="long.MaxValue"/>.</summary>
    public long LeavesAt;

    /// <summary>All time: the count, the sum's low half, or the instant in ticks from 1970.</summary>
    public long First;

    /// <summary>All time: the sum's high half, or the sequence of the event.</summary>
    public long Second;

    /// <summary><see cref="Bucket"/>[] for windows and distinct values, <see cref="Kept"/> or <see cref="KeptBucket"/>[] for values; else null.</summary>
    public object? Parts;

    public FeatureKind Kind;

    /// <summary>Whether the arrays in <see cref="Parts"/> belong to the builder at work, which may write to them.</summary>
    public bool Owned;

    public readonly Int128 Sum => new(unchecked((ulong)Second), unchecked((ulong)First));

    public readonly ReadOnlySpan<Bucket> Buckets => Parts is Bucket[] buckets ? buckets : [];
}

/// <summary>A bucket of a window (ordered by <paramref name="Index"/>), or a distinct value (ordered by its hash in <paramref name="First"/>).</summary>
internal record struct Bucket(long Index, long First, long Second)
{
    public readonly Int128 Sum => new(unchecked((ulong)Second), unchecked((ulong)First));
}

/// <summary>A bucket with the value of its first event.</summary>
internal record struct KeptBucket(long Index, long At, long Sequence, Value Value);

/// <summary>A kept value.</summary>
internal sealed record Kept(Value Value);
