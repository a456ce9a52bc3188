using System.Collections.Immutable;

namespace Decisioning.Engine.Features;

/// <summary>
/// The cells of one customer from which features are read: sparse, immutable, keyed by <see cref="Feature.Key"/>.
/// What features read is a function of the set of events counted, not of the order they came in, unless their kind says otherwise; of two
/// events at the same instant the one with the higher (for first: lower) sequence is the last. 16 bytes for each cell, and what
/// it weighs itself: 72 to 120 bytes, and for windows some bytes per bucket with events in it.
/// </summary>
public sealed partial record FeatureCells
{
    // By key; the keys are shared between versions with the same cells.
    private readonly ulong[] _keys;
    private readonly Cell[] _cells;

    // No cell that was known to the strategy of the last fold leaves before this instant.
    private readonly long _leavesAt;

    private FeatureCells(ulong[] keys, Cell[] cells, long leavesAt) => (_keys, _cells, _leavesAt) = (keys, cells, leavesAt);

    /// <summary>No cells: every feature reads as 0, false or null.</summary>
    public static FeatureCells Empty { get; } = new([], [], long.MaxValue);

    /// <summary>How many cells there are.</summary>
    public int Count => _cells.Length;

    /// <summary>The cells as those who store them see them, by key. Allocates.</summary>
    public ImmutableArray<FeatureCell> ToCells() => ImmutableArray.Create(Array.ConvertAll(_cells, cell => cell.Describe()));

    /// <summary>Makes cells of what <see cref="ToCells"/> gave, in any order; of a key given twice the last wins.</summary>
    public static FeatureCells From(IEnumerable<FeatureCell> cells)
    {
        var sorted = new SortedDictionary<ulong, Cell>();
        foreach (var cell in cells)
        {
            sorted[cell.Key] = CellForm.Read(cell);
        }

        return sorted.Count == 0 ? Empty : new([.. sorted.Keys], [.. sorted.Values], long.MinValue);
    }

    /// <summary>
    /// The earliest instant after another at which what a feature reads may change by time alone: a part leaves its window, a sequence
    /// is completed or ends. Null for never, and for a recency, which changes with every instant.
    /// </summary>
    /// <param name="feature">The feature.</param>
    /// <param name="now">The other instant.</param>
    public DateTimeOffset? NextChangeAt(Feature feature, DateTimeOffset now)
    {
        var next = Find(feature.Key) is { } cell && cell.Kind == CellPlan.KindOf(feature) ? cell.NextChangeAt(feature, WindowTime.Ticks(now)) : long.MaxValue;
        return next == long.MaxValue ? null : WindowTime.Instant(next);
    }

    /// <summary>Starts from these cells; these do not change.</summary>
    internal Builder ToBuilder()
    {
        var builder = new Builder();
        builder.Begin(this);
        return builder;
    }

    /// <summary>The cell of a key; null when there is none.</summary>
    internal Cell? Find(ulong key)
    {
        var at = IndexOf(_keys, key);
        return at < 0 ? null : _cells[at];
    }

    /// <summary>Whether both hold the same.</summary>
    public bool Equals(FeatureCells? other) => other is not null && (ReferenceEquals(this, other) || ToCells().AsSpan().SequenceEqual(other.ToCells().AsSpan()));

    /// <inheritdoc/>
    public override int GetHashCode() => _cells.Length;

    /// <inheritdoc/>
    public override string ToString() => $"{_cells.Length} cells";

    private static int IndexOf(ReadOnlySpan<ulong> keys, ulong key)
    {
        var (low, high) = (0, keys.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            var found = keys[middle];
            if (found == key)
            {
                return middle;
            }

            if (found < key)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return ~low;
    }
}
