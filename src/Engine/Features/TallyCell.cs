using System.Collections.Immutable;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Features;

/// <summary>
/// Counts, sums and means. The newest bucket lies in the cell itself, so that an event costs no copy of the others; those are kept
/// as running totals (of all buckets up to and including each), so that a window is the difference of two. 120 bytes, and for each
/// older bucket with events 16 (count), 24 (sum) or 32 (mean).
/// </summary>
internal sealed record TallyCell : Cell
{
    private readonly int _stride;

    private long _start = CellPlan.Out;
    private Tally _newest;
    private long[] _older = [];
    private bool _ownsOlder;

    public TallyCell(ulong key, CellKind kind)
        : base(key, kind) => _stride = kind switch
        {
            CellKind.Count or CellKind.CountWindows => 2,
            CellKind.Sum or CellKind.SumWindows => 3,
            _ => 4,
        };

    private int OlderCount => _older.Length / _stride;

    /// <summary>What is in the buckets that start at an instant or later.</summary>
    public Tally Since(long from)
    {
        if (_start < from)
        {
            return default;
        }

        var older = OlderCount;
        return older == 0 ? _newest : Total(older - 1).Minus(Total(FirstFrom(from) - 1)).Plus(_newest);
    }

    /// <summary>What is in all buckets.</summary>
    public Tally All => OlderCount == 0 ? _newest : Total(OlderCount - 1).Plus(_newest);

    public override bool TakesIn(in Occurrence occurrence, CellPlan plan) => plan.Start(occurrence.At, occurrence.Now) != CellPlan.Out;

    public override bool Add(in Occurrence occurrence, CellPlan plan)
    {
        var start = plan.Start(occurrence.At, occurrence.Now);
        if (start == CellPlan.Out)
        {
            return false;
        }

        var one = new Tally(1, _stride == 2 ? 0 : occurrence.Units);
        if (start == _start)
        {
            _newest = _newest.Saturated(one);
            return true;
        }

        LeavesAt = Math.Min(LeavesAt, plan.LeavesAt(start, occurrence.Now));
        if (start > _start)
        {
            if (_start != CellPlan.Out)
            {
                Push(occurrence.Now, plan);
            }

            (_start, _newest) = (start, one);
            return true;
        }

        AddOlder(start, one);
        return true;
    }

    // What is left of the windows stays until the next bucket comes, with which the buckets are copied anyway.
    public override bool Expire(long now, CellPlan plan)
    {
        LeavesAt = NextLeave(plan.Windows, now);
        return plan.Start(_start, now) != CellPlan.Out;
    }

    public override void FindChanged(long before, long now, CellPlan plan, List<int> changed)
    {
        for (var i = 0; i < plan.Windows.Length; i++)
        {
            ref readonly var window = ref plan.Windows[i];
            if (FirstStart(window.From(before)) < window.From(now))
            {
                changed.AddRange(plan.SlotsOf(i));
            }
        }
    }

    public override long NextChangeAt(Feature feature, long now) =>
        feature.Window is not { } window ? long.MaxValue : feature.WindowBefore is { } before ? NextLeave([window, before], now) : NextLeave([window], now);

    public override ImmutableArray<FeatureCellEntry> ToEntries()
    {
        var entries = ImmutableArray.CreateBuilder<FeatureCellEntry>(OlderCount + 1);
        for (var i = 0; i < OlderCount; i++)
        {
            entries.Add(Entry(_older[i * _stride], Total(i).Minus(Total(i - 1))));
        }

        entries.Add(Entry(_start, _newest));
        return entries.MoveToImmutable();
    }

    public static TallyCell Read(FeatureCell stored)
    {
        var cell = new TallyCell(stored.Key, stored.Kind) { LeavesAt = stored.LeavesAt };
        var total = default(Tally);
        long[] older = stored.Entries.Length == 1 ? [] : new long[(stored.Entries.Length - 1) * cell._stride];
        for (var i = 0; i < stored.Entries.Length; i++)
        {
            var entry = stored.Entries[i];
            var tally = cell._stride switch
            {
                2 => new Tally(entry.First, 0),
                3 => new Tally(0, ExactSum.Join(entry.First, entry.Second)),
                _ => new Tally(entry.Value.TryInt(out var count) ? count : 0, ExactSum.Join(entry.First, entry.Second)),
            };
            if (i == stored.Entries.Length - 1)
            {
                (cell._start, cell._newest) = (entry.Bucket, tally);
                break;
            }

            total = total.Plus(tally);
            cell.Put(older.AsSpan(i * cell._stride, cell._stride), entry.Bucket, total);
        }

        cell._older = older;
        return cell;
    }

    protected override void Unshare() => _ownsOlder = false;

    private FeatureCellEntry Entry(long start, Tally tally) => _stride switch
    {
        2 => new(start, tally.Count, 0, Value.Null),
        3 => new(start, ExactSum.Low(tally.Sum), ExactSum.High(tally.Sum), Value.Null),
        _ => new(start, ExactSum.Low(tally.Sum), ExactSum.High(tally.Sum), Value.Of(tally.Count)),
    };

    // A late event: all running totals from its bucket on grow.
    private void AddOlder(long start, Tally one)
    {
        var at = FirstFrom(start);
        if (at == OlderCount || _older[at * _stride] != start)
        {
            Insert(at, start, default);
        }
        else if (!_ownsOlder)
        {
            (_older, _ownsOlder) = ([.. _older], true);
        }

        for (var i = at; i < OlderCount; i++)
        {
            Put(_older.AsSpan(i * _stride, _stride), _older[i * _stride], Total(i).Plus(one));
        }
    }

    // The newest bucket becomes an older one. What has left all windows goes, and what has left the shorter ones comes into the buckets of the longer.
    private void Push(long now, CellPlan plan)
    {
        var (older, count) = (OlderCount, 0);
        var kept = new long[_older.Length + _stride];
        var (last, gone) = (CellPlan.Out, default(Tally));
        for (var i = 0; i <= older; i++)
        {
            var start = plan.Start(i < older ? _older[i * _stride] : _start, now);
            var total = i < older ? Total(i) : Total(older - 1).Plus(_newest);
            if (start == CellPlan.Out)
            {
                gone = total;
                continue;
            }

            // Of buckets that become one, the running total of the last is that of all.
            count += start == last ? 0 : 1;
            last = start;
            Put(kept.AsSpan((count - 1) * _stride, _stride), start, total.Minus(gone));
        }

        (_older, _ownsOlder) = (kept.Length == count * _stride ? kept : kept[..(count * _stride)], true);
    }

    private void Insert(int at, long start, Tally own)
    {
        var grown = new long[_older.Length + _stride];
        _older.AsSpan(0, at * _stride).CopyTo(grown);
        _older.AsSpan(at * _stride).CopyTo(grown.AsSpan((at + 1) * _stride));
        var before = Total(at - 1);
        (_older, _ownsOlder) = (grown, true);
        Put(grown.AsSpan(at * _stride, _stride), start, before.Plus(own));
    }

    private long NextLeave(ReadOnlySpan<Window> windows, long now)
    {
        var least = long.MaxValue;
        foreach (ref readonly var window in windows)
        {
            var from = window.From(now);
            if (_start >= from)
            {
                least = Math.Min(least, window.LeavesAt(FirstStart(from)));
            }
        }

        return least;
    }

    // The start of the first bucket that starts at an instant or later; never is the largest.
    private long FirstStart(long from)
    {
        var at = FirstFrom(from);
        return at < OlderCount ? _older[at * _stride] : _start >= from ? _start : long.MaxValue;
    }

    // The first of the older buckets that starts at an instant or later.
    private int FirstFrom(long from)
    {
        var (low, high) = (0, OlderCount);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (_older[middle * _stride] < from)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    // The running total up to and including an older bucket.
    private Tally Total(int at)
    {
        if (at < 0)
        {
            return default;
        }

        var entry = _older.AsSpan(at * _stride, _stride);
        return _stride switch
        {
            2 => new(entry[1], 0),
            3 => new(0, ExactSum.Join(entry[1], entry[2])),
            _ => new(entry[1], ExactSum.Join(entry[2], entry[3])),
        };
    }

    private void Put(Span<long> entry, long start, Tally total)
    {
        entry[0] = start;
        if (_stride != 3)
        {
            entry[1] = total.Count;
        }

        if (_stride != 2)
        {
            (entry[^2], entry[^1]) = (ExactSum.Low(total.Sum), ExactSum.High(total.Sum));
        }
    }
}

/// <summary>A count and a sum in billionths.</summary>
internal readonly record struct Tally(long Count, Int128 Sum)
{
    // Running totals may wrap around: their differences do not.
    public Tally Plus(Tally other) => unchecked(new(Count + other.Count, Sum + other.Sum));

    public Tally Minus(Tally other) => unchecked(new(Count - other.Count, Sum - other.Sum));

    /// <summary>Adds, and stays at the ends of 128 bits.</summary>
    public Tally Saturated(Tally other) => new(Count + other.Count, ExactSum.Add(Sum, other.Sum));
}
