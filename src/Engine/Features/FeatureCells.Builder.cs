using Decisioning.Engine.Values;

namespace Decisioning.Engine.Features;

public sealed partial record FeatureCells
{
    /// <summary>
    /// Folds events into cells. Copies the table once and each array of buckets on its first write, however many events follow.
    /// </summary>
    internal sealed class Builder(FeatureCells from)
    {
        private Cell[] _cells = from._cells;
        private int _count = from._cells.Length;
        private bool _written;

        public ref readonly Cell Find(ulong key) => ref FeatureCells.Find(_cells, _count, key);

        /// <summary>Counts an event.</summary>
        /// <param name="feature">The feature, of kind count.</param>
        /// <param name="at">When it happened, in ticks from 1970; so for all members.</param>
        /// <param name="now">The customer's newest event time: what is out of the window then is not added.</param>
        public bool Count(Feature feature, long at, long now) => Accumulate(feature, at, now, 1);

        /// <summary>Adds a number; false when it counts as nothing.</summary>
        public bool Sum(Feature feature, long at, long now, double number) => ExactSum.TryUnits(number, out var units) && Accumulate(feature, at, now, units);

        /// <summary>Keeps the newest event (last, last value, recency).</summary>
        public bool Last(Feature feature, long at, long sequence, Value value)
        {
            ref var cell = ref Cell(feature, out var isNew);
            if (!isNew && (at, sequence).CompareTo((cell.First, cell.Second)) <= 0)
            {
                return false;
            }

            (cell.First, cell.Second) = (at, sequence);
            cell.LeavesAt = feature.Within is { } within ? at + WindowTime.Length(within) : long.MaxValue;
            cell.Parts = feature.Kind == FeatureKind.LastValue ? new Kept(value) : null;
            return true;
        }

        /// <summary>Keeps the oldest event (first, first value), of each bucket when there is a window.</summary>
        public bool First(Feature feature, long at, long now, long sequence, Value value)
        {
            if (feature.Within is { } within)
            {
                return feature.Kind == FeatureKind.FirstValue
                    ? FirstKept(feature, at, now, sequence, value, WindowTime.Width(within))
                    : FirstInstant(feature, at, now, sequence, WindowTime.Width(within));
            }

            ref var cell = ref Cell(feature, out var isNew);
            if (!isNew && (at, sequence).CompareTo((cell.First, cell.Second)) >= 0)
            {
                return false;
            }

            (cell.First, cell.Second) = (at, sequence);
            cell.Parts = feature.Kind == FeatureKind.FirstValue ? new Kept(value) : null;
            return true;
        }

        /// <summary>Tells a value apart by its hash.</summary>
        public bool Distinct(Feature feature, long at, long now, ulong hash)
        {
            var width = feature.Within is { } within ? WindowTime.Width(within) : 0;
            var index = width == 0 ? 0 : WindowTime.Bucket(at, width);
            if (width != 0 && index <= WindowTime.Edge(now, width))
            {
                return false;
            }

            ref var cell = ref Cell(feature, out _);
            var values = (Bucket[]?)cell.Parts ?? [];
            var next = DistinctValues.With(values, index, unchecked((long)hash));
            if (ReferenceEquals(values, next))
            {
                return false;
            }

            cell.Parts = next;
            cell.LeavesAt = width == 0 ? long.MaxValue : WindowTime.LeavesAt(DistinctValues.Oldest(next), width);
            return true;
        }

        /// <summary>Drops what has left its window by an instant.</summary>
        /// <param name="now">The instant.</param>
        /// <param name="featureOf">The feature of a key; null for one the strategy no longer has.</param>
        /// <param name="expired">Gets the slot of each feature that lost something.</param>
        public void Expire(long now, Func<ulong, Feature?> featureOf, List<int> expired)
        {
            for (var i = _count - 1; i >= 0; i--)
            {
                if (_cells[i].LeavesAt > now || featureOf(_cells[i].Key) is not { Within: { } within } feature)
                {
                    continue;
                }

                expired.Add(feature.Slot);
                Write();
                if (_cells[i].Kind is FeatureKind.Last or FeatureKind.LastValue or FeatureKind.Recency)
                {
                    // The cell stays, so that an older event that comes late does not count as the last.
                    _cells[i].LeavesAt = long.MaxValue;
                }
                else
                {
                    Prune(i, WindowTime.Edge(now, WindowTime.Width(within)), WindowTime.Width(within));
                }
            }
        }

        public FeatureCells Build()
        {
            if (!_written)
            {
                return from;
            }

            var cells = _cells.AsSpan(0, _count).ToArray();
            foreach (ref var cell in cells.AsSpan())
            {
                cell.Owned = false;
            }

            return new(cells);
        }

        private bool Accumulate(Feature feature, long at, long now, Int128 amount)
        {
            if (feature.Within is not { } within)
            {
                ref var all = ref Cell(feature, out _);
                var sum = ExactSum.Add(all.Sum, amount);
                (all.First, all.Second) = (ExactSum.Low(sum), ExactSum.High(sum));
                return true;
            }

            var width = WindowTime.Width(within);
            var index = WindowTime.Bucket(at, width);
            if (index <= WindowTime.Edge(now, width))
            {
                return false;
            }

            ref var cell = ref Cell(feature, out _);
            ref var bucket = ref Slot(ref cell, index, out _);
            var total = ExactSum.Add(bucket.Sum, amount);
            bucket = new(index, ExactSum.Low(total), ExactSum.High(total));
            cell.LeavesAt = WindowTime.LeavesAt(cell.Buckets[0].Index, width);
            return true;
        }

        private bool FirstInstant(Feature feature, long at, long now, long sequence, long width)
        {
            var index = WindowTime.Bucket(at, width);
            if (index <= WindowTime.Edge(now, width))
            {
                return false;
            }

            ref var cell = ref Cell(feature, out _);
            ref var bucket = ref Slot(ref cell, index, out var isNew);
            if (!isNew && (at, sequence).CompareTo((bucket.First, bucket.Second)) >= 0)
            {
                return false;
            }

            bucket = new(index, at, sequence);
            cell.LeavesAt = WindowTime.LeavesAt(cell.Buckets[0].Index, width);
            return true;
        }

        private bool FirstKept(Feature feature, long at, long now, long sequence, Value value, long width)
        {
            var index = WindowTime.Bucket(at, width);
            if (index <= WindowTime.Edge(now, width))
            {
                return false;
            }

            ref var cell = ref Cell(feature, out _);
            var buckets = (KeptBucket[]?)cell.Parts ?? [];
            var place = Array.FindIndex(buckets, bucket => bucket.Index >= index);
            if (place < 0 || buckets[place].Index != index)
            {
                var insert = place < 0 ? buckets.Length : place;
                buckets = [.. buckets[..insert], new(index, at, sequence, value), .. buckets[insert..]];
            }
            else if ((at, sequence).CompareTo((buckets[place].At, buckets[place].Sequence)) < 0)
            {
                buckets = [.. buckets];
                buckets[place] = new(index, at, sequence, value);
            }
            else
            {
                return false;
            }

            cell.Parts = buckets;
            cell.LeavesAt = WindowTime.LeavesAt(buckets[0].Index, width);
            return true;
        }

        // The bucket of an index, new and zero if there was none, in an array this builder may write to.
        private static ref Bucket Slot(ref Cell cell, long index, out bool isNew)
        {
            var buckets = (Bucket[]?)cell.Parts ?? [];
            var at = buckets.Length;
            while (at > 0 && buckets[at - 1].Index > index)
            {
                at--;
            }

            isNew = at == 0 || buckets[at - 1].Index != index;
            if (isNew)
            {
                var grown = new Bucket[buckets.Length + 1];
                buckets.AsSpan(0, at).CopyTo(grown);
                buckets.AsSpan(at).CopyTo(grown.AsSpan(at + 1));
                grown[at] = new(index, 0, 0);
                (cell.Parts, cell.Owned) = (grown, true);
                return ref grown[at];
            }

            if (!cell.Owned)
            {
                buckets = [.. buckets];
                (cell.Parts, cell.Owned) = (buckets, true);
            }

            return ref buckets[at - 1];
        }

        private void Prune(int place, long edge, long width)
        {
            ref var cell = ref _cells[place];
            var oldest = long.MaxValue;
            switch (cell.Parts)
            {
                case Bucket[] buckets:
                    buckets = Array.FindAll(buckets, bucket => bucket.Index > edge);
                    oldest = buckets.Length == 0 ? oldest : DistinctValues.Oldest(buckets);
                    (cell.Parts, cell.Owned) = (buckets, true);
                    break;
                case KeptBucket[] kept:
                    kept = Array.FindAll(kept, bucket => bucket.Index > edge);
                    oldest = kept.Length == 0 ? oldest : kept[0].Index;
                    cell.Parts = kept;
                    break;
                default:
                    break;
            }

            if (oldest != long.MaxValue)
            {
                cell.LeavesAt = WindowTime.LeavesAt(oldest, width);
                return;
            }

            _cells.AsSpan(place + 1, _count - place - 1).CopyTo(_cells.AsSpan(place));
            _cells[--_count] = default;
        }

        private ref Cell Cell(Feature feature, out bool isNew)
        {
            var at = IndexOf(_cells, _count, feature.Key);
            isNew = at < 0 || _cells[at].Kind != feature.Kind;
            Write();
            if (at < 0)
            {
                at = ~at;
                if (_count == _cells.Length)
                {
                    Array.Resize(ref _cells, Math.Max(4, _count * 2));
                }

                _cells.AsSpan(at, _count - at).CopyTo(_cells.AsSpan(at + 1));
                _count++;
            }

            ref var cell = ref _cells[at];
            if (isNew)
            {
                cell = new() { Key = feature.Key, Kind = feature.Kind, LeavesAt = long.MaxValue };
            }

            return ref cell;
        }

        private void Write()
        {
            if (!_written)
            {
                _cells = _cells.AsSpan().ToArray();
                _written = true;
            }
        }
    }
}
