using System.Collections.Immutable;

namespace Decisioning.Engine.Features;

/// <summary>
/// The cells of one customer from which features are read: sparse, immutable, keyed by <see cref="Feature.Key"/>.
/// Counts, sums, last, first and distinct are functions of the set of events counted, not of the order they came in; of two
/// events at the same instant the one with the higher (for first: lower) sequence is the last. 48 bytes for a feature over all time,
/// 24 more for each bucket of a window with events in it.
/// </summary>
public sealed partial record FeatureCells
{
    // By key, all in use.
    private readonly Cell[] _cells;

    private FeatureCells(Cell[] cells) => _cells = cells;

    /// <summary>No cells: every feature reads as 0 or null.</summary>
    public static FeatureCells Empty { get; } = new([]);

    /// <summary>How many cells there are.</summary>
    public int Count => _cells.Length;

    /// <summary>The cells as those who store them see them, by key. Allocates.</summary>
    public ImmutableArray<FeatureCell> ToCells() => ImmutableArray.Create(Array.ConvertAll(_cells, CellForm.Describe));

    /// <summary>Makes cells of what <see cref="ToCells"/> gave, in any order; of a key given twice the last wins.</summary>
    public static FeatureCells From(IEnumerable<FeatureCell> cells)
    {
        var sorted = new SortedDictionary<ulong, Cell>();
        foreach (var cell in cells)
        {
            sorted[cell.Key] = CellForm.Read(cell);
        }

        return sorted.Count == 0 ? Empty : new([.. sorted.Values]);
    }

    /// <summary>Starts from these cells; these do not change.</summary>
    internal Builder ToBuilder() => new(this);

    /// <summary>The cell of a key, or <see cref="Cell.None"/>.</summary>
    internal ref readonly Cell Find(ulong key) => ref Find(_cells, _cells.Length, key);

    /// <summary>Whether both hold the same.</summary>
    public bool Equals(FeatureCells? other) => other is not null && (ReferenceEquals(this, other) || ToCells().AsSpan().SequenceEqual(other.ToCells().AsSpan()));

    /// <inheritdoc/>
    public override int GetHashCode() => _cells.Length;

    /// <inheritdoc/>
    public override string ToString() => $"{_cells.Length} cells";

    private static ref readonly Cell Find(Cell[] cells, int count, ulong key)
    {
        var at = IndexOf(cells, count, key);
        if (at < 0)
        {
            return ref Cell.None;
        }

        return ref cells[at];
    }

    private static int IndexOf(Cell[] cells, int count, ulong key)
    {
        var (low, high) = (0, count - 1);
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            var found = cells[middle].Key;
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
