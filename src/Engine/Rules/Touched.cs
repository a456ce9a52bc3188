using System.Collections.Immutable;
using System.Numerics;
using Decisioning.Engine.Rules.Indexing;

namespace Decisioning.Engine.Rules;

/// <summary>
/// Which rules, segments and stages are still to be evaluated at this event, and what is left over for the next one: things that
/// changed after those who read them had their turn. Rules and segments are rows of the strategy's index, in its order. A row is asked
/// when a column it depends on changed so that it may hold where it did not, or not hold where it did.
/// </summary>
internal sealed class Touched(StrategyPlan plan, IndexLook look)
{
    private readonly ulong[] _rows = new ulong[plan.Index.Words];

    // Which words of the rows have any, so that a strategy's size costs nothing where nothing is touched.
    private readonly ulong[] _words = new ulong[(plan.Index.Words + 63) / 64];
    private readonly List<Readers> _carried = [];
    private readonly List<Readers> _fromBefore = [];
    private readonly ulong[] _things = new ulong[(plan.Things + 63) / 64];
    private readonly int[] _columns = new int[plan.Index.Columns.Length];
    private readonly bool[] _isChanged = new bool[plan.Index.Columns.Length];
    private readonly int[] _before = new int[plan.Index.Columns.Length];
    private int _changed;
    private uint _stages;
    private bool _isEverything;
    private bool _isWake;
    private int _nextRow;
    private int _nextStage;

    /// <summary>Whether everything is to be evaluated at the next event that runs rules, or when time passes.</summary>
    public bool IsAllNext { get; private set; }

    /// <summary>
    /// What was touched by all events since <see cref="Start"/>, as a bitset by <see cref="Readers.Index"/>: whatever is not of it reads at any
    /// instant as it would have then. Null for everything.
    /// </summary>
    public ulong[]? Things => _isEverything ? null : [.. _things];

    private int End => plan.Index.Words * 64;

    /// <summary>Starts from what a state carries.</summary>
    public void Start(ImmutableArray<string> carried)
    {
        (IsAllNext, _isEverything) = (false, false);
        Array.Clear(_things);
        Forget();
        _carried.Clear();
        foreach (var name in carried)
        {
            if (plan.Find(name) is { } readers)
            {
                _carried.Add(readers);
            }
        }
    }

    public void AllNext() => (IsAllNext, _isEverything) = (true, true);

    /// <summary>Begins an event. At a late one nobody has a turn: all that is touched is carried.</summary>
    /// <param name="isLate">Whether it came too late to run rules.</param>
    /// <param name="isWake">Whether time alone passed: rules that look at an event wait for the next one.</param>
    /// <param name="isNaive">Whether to ask all, whatever is touched.</param>
    public void BeginEvent(bool isLate, bool isWake, bool isNaive)
    {
        (_nextRow, _nextStage) = isLate ? (End, plan.Strategy.Stages.Length) : (0, 0);
        _isWake = isWake;
        if (isLate)
        {
            return;
        }

        Clear();
        if (isNaive || IsAllNext)
        {
            _stages = uint.MaxValue;
            for (var word = 0; word < _rows.Length; word++)
            {
                Ask(word, plan.AllRows[word]);
            }
        }

        _fromBefore.AddRange(_carried);
        _carried.Clear();
        if (isWake && IsAllNext)
        {
            // Rules that look at an event are still to be asked, for the sake of whatever they read.
            _carried.AddRange(plan.EventReaders);
        }

        IsAllNext = false;
        foreach (var readers in plan.Always)
        {
            _stages |= readers.Stages;
            Change(readers);
            if (isWake && readers.HasEventRows)
            {
                Carry(readers);
            }
        }

        foreach (var readers in _fromBefore)
        {
            Add(readers);
            Doubt(readers);
        }

        _fromBefore.Clear();
    }

    /// <summary>Something changed: those who read it and did not have their turn yet get it, for the others it is carried.</summary>
    public void Add(Readers? readers)
    {
        if (readers is not null)
        {
            _things[readers.Index >> 6] |= 1UL << (readers.Index & 63);
            AddTimed(readers);
        }
    }

    /// <summary>The same of something that the time changed, as it would have without an event.</summary>
    public void AddTimed(Readers? readers)
    {
        if (readers is null or { IsUnread: true })
        {
            return;
        }

        Change(readers);
        Change(plan.Unknown);
        var stagesToCome = _nextStage >= 32 ? 0U : uint.MaxValue << _nextStage;
        _stages |= readers.Stages & stagesToCome;
        if (readers.FirstRow < _nextRow || (readers.Stages & ~stagesToCome) != 0 || (_isWake && readers.HasEventRows))
        {
            Carry(readers);
        }
    }

    /// <summary>Forgets what was read of the event at hand: another one is looked at.</summary>
    public void LeaveEvent() => look.Forget(plan.Event.Columns);

    /// <summary>Asks the rows of a word whose turn is still to come.</summary>
    public void Ask(int word, ulong rows)
    {
        rows &= From(word);
        if (rows != 0)
        {
            _rows[word] |= rows;
            _words[word >> 6] |= 1UL << (word & 63);
        }
    }

    /// <summary>Finds the rows that what changed since the last call can change.</summary>
    /// <param name="holding">The rows that hold so far, as a bitset.</param>
    public void Settle(ReadOnlySpan<ulong> holding)
    {
        while (_changed > 0)
        {
            var column = _columns[--_changed];
            _isChanged[column] = false;
            var (before, now) = (_before[column], look.CodeOf(column));
            if (now == before)
            {
                continue;
            }

            var changed = plan.Index.Columns[column];
            changed.AskChanged(before, now, holding, this);
            foreach (ref readonly var dependent in changed.Dependents)
            {
                if (before == IndexLook.Unknown || dependent.MayDiffer(before, now))
                {
                    Change(dependent.Column);
                }
            }
        }
    }

    /// <summary>Leaves something to the next event.</summary>
    public void Carry(Readers readers)
    {
        if (!_carried.Contains(readers))
        {
            _carried.Add(readers);
        }
    }

    /// <summary>The next word with rows whose turn it is; -1, and all had theirs, when there is none before an end.</summary>
    /// <param name="end">The word to stop at.</param>
    public int NextWord(int end)
    {
        for (var word = _nextRow >> 6; word < end; word++)
        {
            if (Rest(word) != 0)
            {
                return word;
            }

            // On to the next word that has any.
            var more = word + 1 < end ? _words[(word + 1) >> 6] & (ulong.MaxValue << ((word + 1) & 63)) : 0;
            if (more == 0)
            {
                word |= 63;
                continue;
            }

            word = ((word + 1) & ~63) + BitOperations.TrailingZeroCount(more) - 1;
        }

        _nextRow = end << 6;
        return -1;
    }

    /// <summary>The rows of a word whose turn is still to come.</summary>
    public ulong Rest(int word) => _rows[word] & From(word);

    /// <summary>A row has its turn now; earlier ones had theirs.</summary>
    public void Pass(int row) => _nextRow = row + 1;

    /// <summary>Whether it is this stage's turn; earlier ones had theirs then.</summary>
    public bool TakeStage(int index)
    {
        _nextStage = index + 1;
        return (_stages >> index & 1) != 0;
    }

    /// <summary>What is carried to the next event, by name in ordinal order.</summary>
    /// <param name="before">What was carried before; given back when nothing is different.</param>
    public ImmutableArray<string> Carried(ImmutableArray<string> before)
    {
        if (_carried.Count == 0)
        {
            return before.IsEmpty ? before : [];
        }

        return [.. _carried.Select(readers => readers.Name).Order(StringComparer.Ordinal)];
    }

    private void Forget()
    {
        while (_changed > 0)
        {
            _isChanged[_columns[--_changed]] = false;
        }
    }

    private void Change(Readers readers)
    {
        foreach (var column in readers.Columns)
        {
            // Logic over it follows when it turns out to be another.
            if (column < plan.Index.TermColumns)
            {
                Change(column);
            }
        }

        if (ReferenceEquals(readers, plan.Unknown))
        {
            // It may have changed at any time, with some of its rows asked before and some after.
            Doubt(readers);
        }
    }

    private void Change(int column)
    {
        var before = look.Leave(column);
        if (!_isChanged[column])
        {
            _isChanged[column] = true;
            _before[column] = before;
            _columns[_changed++] = column;
        }
    }

    // Of the rows that depend on it some were asked as it was before and some as it is.
    private void Doubt(Readers readers)
    {
        foreach (var column in readers.Columns)
        {
            Change(column);
            _before[column] = IndexLook.Unknown;
        }
    }

    private void Clear()
    {
        _stages = 0;
        for (var i = 0; i < _words.Length; i++)
        {
            for (var rest = _words[i]; rest != 0; rest &= rest - 1)
            {
                _rows[(i << 6) + BitOperations.TrailingZeroCount(rest)] = 0;
            }

            _words[i] = 0;
        }
    }

    // The bits of a word whose rows did not have their turn.
    private ulong From(int word)
    {
        var first = _nextRow - (word << 6);
        return first <= 0 ? ulong.MaxValue : first >= 64 ? 0 : ulong.MaxValue << first;
    }
}
