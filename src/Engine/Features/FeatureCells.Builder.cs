namespace Decisioning.Engine.Features;

public sealed partial record FeatureCells
{
    /// <summary>
    /// Folds events into cells. Copies the table once and each cell on its first write, however many events follow. One serves many
    /// folds, one after another.
    /// </summary>
    internal sealed class Builder
    {
        private readonly List<Cell> _owned = [];
        private FeatureCells _from = Empty;
        private ulong[] _keys = [];
        private Cell[] _cells = [];
        private int _count;
        private bool _ownsKeys;
        private bool _ownsCells;
        private long _leavesAt;

        /// <summary>Starts from cells; they do not change.</summary>
        public void Begin(FeatureCells from)
        {
            _from = from;
            (_keys, _cells, _count, _leavesAt) = (from._keys, from._cells, from._cells.Length, from._leavesAt);
            (_ownsKeys, _ownsCells) = (false, false);
            _owned.Clear();
        }

        /// <summary>The cells come to a strategy they may not know: <see cref="Expire"/> looks at each of them once.</summary>
        public void ExpectOthers() => _leavesAt = long.MinValue;

        public Cell? Find(ulong key)
        {
            var at = IndexOf(_keys.AsSpan(0, _count), key);
            return at < 0 ? null : _cells[at];
        }

        /// <summary>Takes in an event that the plan has prepared; false when nothing changed.</summary>
        public bool Add(CellPlan plan, in Occurrence occurrence)
        {
            var at = IndexOf(_keys.AsSpan(0, _count), plan.Key);
            var known = at < 0 ? null : _cells[at];
            if (known is null || !IsOf(known, plan))
            {
                return AddNew(plan, in occurrence, at);
            }

            if (known.IsOwned)
            {
                var changed = known.Add(in occurrence, plan);
                _leavesAt = Math.Min(_leavesAt, known.LeavesAt);
                return changed;
            }

            if (!known.TakesIn(in occurrence, plan))
            {
                return false;
            }

            var cell = Take(known.ToOwned(), at);
            _ = cell.Add(in occurrence, plan);
            _leavesAt = Math.Min(_leavesAt, cell.LeavesAt);
            return true;
        }

        /// <summary>Drops what has left its window by an instant.</summary>
        /// <param name="before">The instant up to which was dropped before.</param>
        /// <param name="now">The instant.</param>
        /// <param name="plan">The strategy's cells; those it does not have are kept as they are.</param>
        /// <param name="changed">Gets the slot of each feature that reads another value for it.</param>
        public void Expire(long before, long now, FeaturePlan plan, List<int> changed)
        {
            if (_leavesAt > now)
            {
                return;
            }

            var isFirst = _leavesAt == long.MinValue;
            _leavesAt = long.MaxValue;
            for (var i = _count - 1; i >= 0; i--)
            {
                var cell = _cells[i];
                if ((cell.LeavesAt > now && !isFirst) || plan.Find(cell.Key) is not { } cellPlan || !IsOf(cell, cellPlan) || (cell.LeavesAt > now && cellPlan.Windows.IsEmpty))
                {
                    _leavesAt = cell.LeavesAt > now ? Math.Min(_leavesAt, cell.LeavesAt) : _leavesAt;
                    continue;
                }

                cell.FindChanged(before, now, cellPlan, changed);
                cell = cell.IsOwned ? cell : Take(cell.ToOwned(), i);
                if (cell.Expire(now, cellPlan))
                {
                    _leavesAt = Math.Min(_leavesAt, cell.LeavesAt);
                }
                else
                {
                    Remove(i);
                }
            }
        }

        public FeatureCells Build()
        {
            if (!_ownsCells && !_ownsKeys)
            {
                return _leavesAt == _from._leavesAt ? _from : new(_keys, _cells, _leavesAt);
            }

            foreach (var cell in _owned)
            {
                cell.Release();
            }

            var isWhole = _cells.Length == _count;
            return new(isWhole ? _keys : _keys[.._count], isWhole ? _cells : _cells[.._count], _leavesAt);
        }

        private static bool IsOf(Cell cell, CellPlan plan) => cell.Kind == plan.Kind && cell is not OpaqueCell;

        private bool AddNew(CellPlan plan, in Occurrence occurrence, int at)
        {
            var cell = plan.Create().Own();
            if (!cell.Add(in occurrence, plan))
            {
                return false;
            }

            if (at < 0)
            {
                at = ~at;
                Insert(at, plan.Key, cell);
            }

            Take(cell, at);
            _leavesAt = Math.Min(_leavesAt, cell.LeavesAt);
            return true;
        }

        private Cell Take(Cell cell, int at)
        {
            if (!_ownsCells)
            {
                (_cells, _ownsCells) = ([.. _cells], true);
            }

            _owned.Add(cell);
            return _cells[at] = cell;
        }

        private void Insert(int at, ulong key, Cell cell)
        {
            OwnKeys(_count == _keys.Length ? Math.Max(4, _count * 2) : _keys.Length);
            _keys.AsSpan(at, _count - at).CopyTo(_keys.AsSpan(at + 1));
            _cells.AsSpan(at, _count - at).CopyTo(_cells.AsSpan(at + 1));
            (_keys[at], _cells[at]) = (key, cell);
            _count++;
        }

        private void Remove(int at)
        {
            OwnKeys(_keys.Length);
            _count--;
            _keys.AsSpan(at + 1, _count - at).CopyTo(_keys.AsSpan(at));
            _cells.AsSpan(at + 1, _count - at).CopyTo(_cells.AsSpan(at));
            _cells[_count] = null!;
        }

        // Both tables writable, with some room.
        private void OwnKeys(int length)
        {
            if (_ownsKeys && _ownsCells && _keys.Length == length)
            {
                return;
            }

            var (keys, cells) = (new ulong[length], new Cell[length]);
            _keys.AsSpan(0, _count).CopyTo(keys);
            _cells.AsSpan(0, _count).CopyTo(cells);
            (_keys, _cells, _ownsKeys, _ownsCells) = (keys, cells, true, true);
        }
    }
}
