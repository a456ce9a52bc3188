using System.Collections.Immutable;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Features;

/// <summary>One cell of a strategy: what is counted in it, and the features that read it.</summary>
internal sealed class CellPlan
{
    /// <summary>The start of what is out of all windows.</summary>
    public const long Out = long.MinValue;

    private readonly Window[] _windows;
    private readonly int[][] _slotsByWindow;

    public CellPlan(ulong key, ImmutableArray<Feature> features)
    {
        var first = features[0];
        Key = key;
        Kind = KindOf(first);
        Features = features;
        Slots = [.. features.Select(feature => feature.Slot)];
        Ordered = OrderedValue.TypeOf(first.Of?.Type ?? CelType.Double);
        Gap = first.Gap.Ticks;
        Sequence = first.Sequence is { } sequence ? new(sequence) : null;
        _windows = [.. features.SelectMany(WindowsOf).Distinct().OrderBy(window => window.Length)];
        _slotsByWindow = [.. _windows.Select(window => features.Where(feature => WindowsOf(feature).Contains(window)).Select(feature => feature.Slot).ToArray())];
    }

    public ulong Key { get; }

    public CellKind Kind { get; }

    /// <summary>The features that read it; all have its key.</summary>
    public ImmutableArray<Feature> Features { get; }

    /// <summary>Their slots.</summary>
    public int[] Slots { get; }

    /// <summary>As what values are compared.</summary>
    public CelType Ordered { get; }

    /// <summary>How long nothing may happen within a session, in ticks.</summary>
    public long Gap { get; }

    /// <summary>What its sequence waits for; null for other kinds.</summary>
    public SequencePlan? Sequence { get; }

    /// <summary>The windows that are read, shortest first; empty for all time.</summary>
    public ReadOnlySpan<Window> Windows => _windows;

    /// <summary>The slots of the features that read a window, by its place among <see cref="Windows"/>.</summary>
    public ReadOnlySpan<int> SlotsOf(int window) => _slotsByWindow[window];

    private static IEnumerable<Window> WindowsOf(Feature feature) => new[] { feature.Window, feature.WindowBefore }.OfType<Window>();

    /// <summary>The kind of cell a feature reads.</summary>
    public static CellKind KindOf(Feature feature)
    {
        var kind = feature.Kind switch
        {
            FeatureKind.CountTrend => CellKind.Count,
            FeatureKind.SumTrend => CellKind.Sum,
            _ => (CellKind)feature.Kind,
        };
        return feature.Within is null || kind is CellKind.Last or CellKind.LastValue or CellKind.Recency or CellKind.Sequence ? kind : kind + 16;
    }

    /// <summary>An empty cell.</summary>
    public Cell Create() => Kind switch
    {
        CellKind.Last or CellKind.LastValue or CellKind.Recency or CellKind.First or CellKind.FirstValue => new EdgeCell(Key, Kind),
        CellKind.FirstWindows or CellKind.FirstValueWindows => new FirstCell(Key, Kind),
        CellKind.Min or CellKind.Max or CellKind.MinWindows or CellKind.MaxWindows => new ExtremeCell(Key, Kind),
        CellKind.Distinct or CellKind.DistinctWindows => new DistinctCell(Key, Kind),
        CellKind.Top or CellKind.TopWindows => new TopCell(Key, Kind),
        CellKind.Sequence => new SequenceCell(Key),
        CellKind.Sessions or CellKind.SessionsWindows => new SessionCell(Key, Kind),
        _ => new TallyCell(Key, Kind),
    };

    /// <summary>Reads from the value what the cell needs; false when the event does not count.</summary>
    public bool TryPrepare(ref Occurrence occurrence)
    {
        switch (Kind)
        {
            case CellKind.Sum or CellKind.SumWindows or CellKind.Average or CellKind.AverageWindows:
                return occurrence.Value.TryNumber(out var number) && ExactSum.TryUnits(number, out occurrence.Units);
            case CellKind.Min or CellKind.Max or CellKind.MinWindows or CellKind.MaxWindows:
                return OrderedValue.TryWord(occurrence.Value, Ordered, out occurrence.Word);
            case CellKind.Distinct or CellKind.DistinctWindows or CellKind.Top or CellKind.TopWindows:
                occurrence.Word = unchecked((long)FeatureValue.HashOf(occurrence.Value));
                return true;
            default:
                return true;
        }
    }

    /// <summary>
    /// The start of the bucket in which an instant is kept: of the shortest window it is in, since longer windows do with wider
    /// buckets; 0 for all time, <see cref="Out"/> when it is out of all windows.
    /// </summary>
    public long Start(long at, long now)
    {
        foreach (ref readonly var window in _windows.AsSpan())
        {
            if (window.LeavesAt(at) > now)
            {
                return window.Start(at);
            }
        }

        return _windows.Length == 0 ? 0 : Out;
    }

    /// <summary>When what is kept at a start leaves the next of the windows it is in; never is <see cref="long.MaxValue"/>.</summary>
    public long LeavesAt(long start, long now)
    {
        var least = long.MaxValue;
        foreach (ref readonly var window in _windows.AsSpan())
        {
            var leaves = window.LeavesAt(start);
            least = leaves > now && leaves < least ? leaves : least;
        }

        return least;
    }
}
