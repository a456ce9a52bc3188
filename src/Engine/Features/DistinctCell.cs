using System.Collections.Immutable;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Features;

/// <summary>
/// How many different values. The <see cref="Limits.DistinctValuesMax"/> values seen last are kept by their hashes, each with the newest bucket
/// it was seen in; while a window holds no more, its count is exact. When one more comes, <see cref="SlidingRegisters"/> are
/// made of those that are known, and windows that hold more are estimated from them. They go when no window needs them any more.
/// 88 bytes, 16 for each value (4 KB at most), and the registers. What is read is the same in whatever order the values came.
/// </summary>
internal sealed record DistinctCell : Cell
{
    // By hash.
    private Seen[] _values = [];
    private bool _ownsValues;

    // The newest bucket of a value that is not among those kept: a window that ends after it is exact.
    private long _lostIn = CellPlan.Out;
    private SlidingRegisters _registers = SlidingRegisters.Empty;

    public DistinctCell(ulong key, CellKind kind)
        : base(key, kind)
    {
    }

    /// <summary>How many values were seen in the buckets that start at an instant or later.</summary>
    public long Since(long from)
    {
        var known = 0L;
        foreach (ref readonly var value in _values.AsSpan())
        {
            known += value.Start >= from ? 1 : 0;
        }

        return _lostIn == CellPlan.Out || _lostIn < from ? known : Math.Max(known + 1, _registers.Estimate(from));
    }

    public override bool TakesIn(in Occurrence occurrence, CellPlan plan)
    {
        var start = plan.Start(occurrence.At, occurrence.Now);
        var at = IndexOf(occurrence.Word);
        return start != CellPlan.Out && (at < 0 || _values[at].Start < start);
    }

    public override bool Add(in Occurrence occurrence, CellPlan plan)
    {
        var start = plan.Start(occurrence.At, occurrence.Now);
        var at = IndexOf(occurrence.Word);
        if (start == CellPlan.Out || (at >= 0 && _values[at].Start >= start))
        {
            return false;
        }

        var added = new Seen(occurrence.Word, start);
        _registers = _lostIn == CellPlan.Out ? _registers : _registers.With(added.Hash, start);
        if (at >= 0)
        {
            var wasNext = plan.LeavesAt(_values[at].Start, occurrence.Now) <= LeavesAt;
            _values = _ownsValues ? _values : [.. _values];
            (_values[at], _ownsValues) = (added, true);
            LeavesAt = wasNext ? NextLeave(plan, occurrence.Now) : Math.Min(LeavesAt, plan.LeavesAt(start, occurrence.Now));
            return true;
        }

        _values = [.. _values.AsSpan(..~at), added, .. _values.AsSpan(~at..)];
        _ownsValues = true;
        if (_values.Length <= Limits.DistinctValuesMax)
        {
            LeavesAt = Math.Min(LeavesAt, plan.LeavesAt(start, occurrence.Now));
            return true;
        }

        Lose(Weakest());
        LeavesAt = NextLeave(plan, occurrence.Now);
        return true;
    }

    public override bool Expire(long now, CellPlan plan)
    {
        var kept = new List<Seen>(_values.Length);
        foreach (ref readonly var value in _values.AsSpan())
        {
            var start = plan.Start(value.Start, now);
            if (start != CellPlan.Out)
            {
                kept.Add(value with { Start = start });
            }
        }

        (_values, _ownsValues) = ([.. kept], true);
        if (_lostIn != CellPlan.Out)
        {
            _lostIn = plan.Start(_lostIn, now);
            _registers = _lostIn == CellPlan.Out ? SlidingRegisters.Empty : _registers.Expire(now, plan);
        }

        LeavesAt = NextLeave(plan, now);
        return _values.Length > 0;
    }

    public override long NextChangeAt(Feature feature, long now)
    {
        var least = long.MaxValue;
        foreach (ref readonly var value in _values.AsSpan())
        {
            least = Math.Min(least, NextLeave(feature, value.Start, now));
        }

        foreach (var start in _registers.Starts())
        {
            least = Math.Min(least, NextLeave(feature, start, now));
        }

        return least;
    }

    /// <summary>The values in <c>First</c> of an entry each; then, if there are any, the registers with <c>Second</c> 1, the first of them being the newest loss.</summary>
    public override ImmutableArray<FeatureCellEntry> ToEntries() =>
        [.. _values.Select(value => new FeatureCellEntry(value.Start, value.Hash, 0, Value.Null)),
            .. _lostIn == CellPlan.Out ? [] : _registers.Words().Prepend(_lostIn).Select(word => new FeatureCellEntry(0, word, 1, Value.Null))];

    public static DistinctCell Read(FeatureCell stored)
    {
        var registers = stored.Entries.Where(entry => entry.Second == 1).Select(entry => entry.First).ToArray();
        return new(stored.Key, stored.Kind)
        {
            _values = [.. stored.Entries.Where(entry => entry.Second == 0).Select(entry => new Seen(entry.First, entry.Bucket))],
            _lostIn = registers.Length == 0 ? CellPlan.Out : registers[0],
            _registers = registers.Length == 0 ? SlidingRegisters.Empty : SlidingRegisters.Read(registers.AsSpan(1)),
            LeavesAt = stored.LeavesAt,
        };
    }

    protected override void Unshare() => _ownsValues = false;

    private void Lose(int weakest)
    {
        if (_lostIn == CellPlan.Out)
        {
            foreach (ref readonly var value in _values.AsSpan())
            {
                _registers = _registers.With(value.Hash, value.Start);
            }
        }

        _lostIn = Math.Max(_lostIn, _values[weakest].Start);
        _values = [.. _values.AsSpan(..weakest), .. _values.AsSpan((weakest + 1)..)];
    }

    private long NextLeave(CellPlan plan, long now)
    {
        var least = _registers.LeavesAt(now, plan);
        foreach (ref readonly var value in _values.AsSpan())
        {
            least = Math.Min(least, plan.LeavesAt(value.Start, now));
        }

        return least;
    }

    // The value seen least lately; of those in one bucket the one with the largest hash.
    private int Weakest()
    {
        var weakest = 0;
        for (var i = 1; i < _values.Length; i++)
        {
            weakest = _values[i].Start <= _values[weakest].Start ? i : weakest;
        }

        return weakest;
    }

    private int IndexOf(long hash) => _values.AsSpan().BinarySearch(new Hashed(hash));

    private readonly record struct Seen(long Hash, long Start);

    private readonly record struct Hashed(long Hash) : IComparable<Seen>
    {
        public int CompareTo(Seen other) => Hash.CompareTo(other.Hash);
    }
}
