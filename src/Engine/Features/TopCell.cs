using System.Collections.Immutable;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Features;

/// <summary>
/// How often values came, for the most frequent one. <see cref="Limits.TopValuesMax"/> values are counted; a further one takes the place and the count
/// of the least frequent (space-saving, Metwally et al. 2005). While there are no more the answer is exact and the same in whatever
/// order they came; with more, every value that makes up more than 1/16 of the events is still among those counted, its
/// count is at most 1/16 of the events too high, and the order of arrival may tell. 80 bytes, and for each value 170, its text, and 16 for each older bucket.
/// </summary>
internal sealed record TopCell : Cell
{
    private Counted[] _values = [];
    private bool _ownsValues;

    public TopCell(ulong key, CellKind kind)
        : base(key, kind)
    {
    }

    /// <summary>The value that came most often in the buckets that start at an instant or later; of several the one seen last, of these the one with the lowest hash.</summary>
    public Value Since(long from)
    {
        Counted? best = null;
        var most = 0L;
        foreach (var value in _values)
        {
            var count = value.Tally.Since(from).Count;
            if (count > most || (count == most && count > 0 && IsBefore(value, best!)))
            {
                (best, most) = (value, count);
            }
        }

        return best?.Value ?? Value.Null;
    }

    public override bool TakesIn(in Occurrence occurrence, CellPlan plan) => plan.Start(occurrence.At, occurrence.Now) != CellPlan.Out;

    public override bool Add(in Occurrence occurrence, CellPlan plan)
    {
        var hash = occurrence.Word;
        var place = PlaceOf(hash);
        if (place < 0)
        {
            place = _values.Length < Limits.TopValuesMax ? _values.Length : Weakest(plan.Windows.IsEmpty ? long.MinValue : plan.Windows[^1].From(occurrence.Now));
        }

        var known = place < _values.Length ? _values[place] : null;
        var tally = known is null ? (TallyCell)new TallyCell(Key, CellKind.CountWindows).Own() : known.Tally.IsOwned ? known.Tally : (TallyCell)known.Tally.ToOwned();
        if (!tally.Add(in occurrence, plan))
        {
            return false;
        }

        var last = known is not null && known.Hash == hash ? Math.Max(known.LastAt, occurrence.At) : occurrence.At;
        if (known is null)
        {
            (_values, _ownsValues) = ([.. _values, new(hash, occurrence.Value, last, tally)], true);
        }
        else
        {
            (_values, _ownsValues) = (_ownsValues ? _values : [.. _values], true);
            _values[place] = new(hash, occurrence.Value, last, tally);
        }

        LeavesAt = Math.Min(LeavesAt, tally.LeavesAt);
        return true;
    }

    public override bool Expire(long now, CellPlan plan)
    {
        var kept = new List<Counted>(_values.Length);
        LeavesAt = long.MaxValue;
        foreach (var value in _values)
        {
            var tally = (TallyCell)value.Tally.ToOwned();
            if (tally.Expire(now, plan))
            {
                kept.Add(value with { Tally = tally });
                LeavesAt = Math.Min(LeavesAt, tally.LeavesAt);
            }
        }

        (_values, _ownsValues) = ([.. kept], true);
        return _values.Length > 0;
    }

    public override long NextChangeAt(Feature feature, long now)
    {
        var least = long.MaxValue;
        foreach (var value in _values)
        {
            least = Math.Min(least, value.Tally.NextChangeAt(feature, now));
        }

        return least;
    }

    /// <summary>The buckets of each value, by hash; the first of each has the value, and in <c>Second</c> when it was seen last.</summary>
    public override ImmutableArray<FeatureCellEntry> ToEntries() =>
        [.. _values.OrderBy(value => value.Hash).SelectMany(value => value.Tally.ToEntries()
            .Select((entry, index) => index == 0 ? entry with { Second = value.LastAt, Value = value.Value } : entry))];

    public static TopCell Read(FeatureCell stored)
    {
        var values = new List<Counted>();
        for (var at = 0; at < stored.Entries.Length;)
        {
            var end = at + 1;
            while (end < stored.Entries.Length && stored.Entries[end].Value.IsNull)
            {
                end++;
            }

            var first = stored.Entries[at];
            var tally = TallyCell.Read(new(stored.Key, CellKind.CountWindows, long.MaxValue, stored.Entries[at..end]));
            values.Add(new(unchecked((long)FeatureValue.HashOf(first.Value)), first.Value, first.Second, tally));
            at = end;
        }

        return new(stored.Key, stored.Kind) { _values = [.. values], LeavesAt = stored.LeavesAt };
    }

    // Called when it becomes its builder's, with tallies that nobody writes to, and when it ceases to be.
    protected override void Unshare()
    {
        if (!_ownsValues)
        {
            return;
        }

        foreach (var value in _values)
        {
            if (value.Tally.IsOwned)
            {
                value.Tally.Release();
            }
        }

        _ownsValues = false;
    }

    private int PlaceOf(long hash)
    {
        for (var i = 0; i < _values.Length; i++)
        {
            if (_values[i].Hash == hash)
            {
                return i;
            }
        }

        return -1;
    }

    private static bool IsBefore(Counted one, Counted other) => one.LastAt != other.LastAt ? one.LastAt > other.LastAt : one.Hash < other.Hash;

    private int Weakest(long from)
    {
        var weakest = 0;
        for (var i = 1; i < _values.Length; i++)
        {
            var (one, other) = (_values[i], _values[weakest]);
            var order = one.Tally.Since(from).Count.CompareTo(other.Tally.Since(from).Count);
            weakest = order < 0 || (order == 0 && IsBefore(other, one)) ? i : weakest;
        }

        return weakest;
    }

    private sealed record Counted(long Hash, Value Value, long LastAt, TallyCell Tally);
}
