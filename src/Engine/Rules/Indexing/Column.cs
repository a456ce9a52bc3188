using System.Runtime.InteropServices;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Expressions.Analysis;

namespace Decisioning.Engine.Rules.Indexing;

/// <summary>
/// One thing that rows of an index depend on, as a small number (a code) for the customer at hand; and for each code, as a dense
/// bitset, which of the watched rows that depend on it pass.
/// </summary>
internal abstract class Column(int index)
{
    /// <summary>Beyond this many codes there are no bitsets, and each row asks for itself: 256 × 16 words × 8 bytes = 32 KB for 1,000 rows.</summary>
    private const int PassesMax = 256;

    private readonly SortedDictionary<int, ulong> _watched = [];
    private readonly List<(int Row, CodeSet Passes)> _users = [];
    private readonly List<Dependent> _dependents = [];
    private bool _isCoded;
    private int _slots;

    // In one piece, as most columns are small and each is met cold: the words, the rows in them, and for each code those that pass.
    private ulong[] _bits = [];

    /// <summary>Its place among the columns of the index.</summary>
    public int Index => index;

    /// <summary>How many rows depend on it, watched or not.</summary>
    public int Users { get; private set; }

    /// <summary>What it is made of: the dependencies on what a customer has.</summary>
    public abstract IEnumerable<Term> Terms { get; }

    /// <summary>How dear its code is: the cheap ones are asked first.</summary>
    public abstract int Cost { get; }

    /// <summary>How many codes there are.</summary>
    protected abstract int Count { get; }

    /// <summary>The code for the customer at hand.</summary>
    public abstract int Code(IndexLook look);

    /// <summary>The codes that fulfil a test.</summary>
    /// <param name="test">A predicate about the column's term; null where the column is the test.</param>
    public abstract CodeSet Passing(Predicate? test);

    /// <summary>The logic over it.</summary>
    public ReadOnlySpan<Dependent> Dependents => CollectionsMarshal.AsSpan(_dependents);

    /// <summary>Notes logic over it.</summary>
    public void Feed(Dependent dependent) => _dependents.Add(dependent);

    /// <summary>Notes a row that depends on it.</summary>
    /// <param name="row">The row.</param>
    /// <param name="passes">The codes at which it passes.</param>
    /// <param name="isWatched">Whether to tell when a change of the code can change the row.</param>
    public void Use(int row, CodeSet passes, bool isWatched)
    {
        Users++;
        if (isWatched)
        {
            _users.Add((row, passes));
            _watched[row >> 6] = _watched.GetValueOrDefault(row >> 6) | (1UL << (row & 63));
        }
    }

    /// <summary>Makes the bitsets when all rows are known.</summary>
    public void Freeze()
    {
        _slots = _watched.Count;
        _isCoded = Count <= PassesMax;
        int[] words = [.. _watched.Keys];
        _bits = new ulong[(2 + (_isCoded ? Count : 0)) * _slots];
        foreach (var (slot, (word, rows)) in _watched.Index())
        {
            (_bits[slot], _bits[_slots + slot]) = ((ulong)word, rows);
        }

        foreach (var (row, passes) in _isCoded ? _users : [])
        {
            var slot = Array.BinarySearch(words, row >> 6);
            for (var code = 0; code < Count; code++)
            {
                if (passes.Contains(code))
                {
                    _bits[((2 + code) * _slots) + slot] |= 1UL << (row & 63);
                }
            }
        }
    }

    /// <summary>
    /// Asks the watched rows that a change of it may have changed: those that hold and fail now, those that do not hold and pass now.
    /// </summary>
    /// <param name="before">The code when all of them were asked last, or <see cref="IndexLook.Unknown"/>.</param>
    /// <param name="now">The code now, another one.</param>
    /// <param name="holding">The rows that hold so far, as a bitset.</param>
    /// <param name="to">Where rows are asked.</param>
    public void AskChanged(int before, int now, ReadOnlySpan<ulong> holding, Touched to)
    {
        if (_slots == 0)
        {
            return;
        }

        if (!_isCoded)
        {
            AskOneByOne(before, now, holding, to);
            return;
        }

        ReadOnlySpan<ulong> bits = _bits;
        var words = bits[.._slots];
        var rows = bits.Slice(_slots, _slots);
        var passes = bits.Slice((2 + now) * _slots, _slots);

        // Where it is not known what passed before, all that stands otherwise than it passes is asked.
        var passed = before == IndexLook.Unknown ? default : bits.Slice((2 + before) * _slots, _slots);
        for (var slot = 0; slot < words.Length; slot++)
        {
            var word = (int)words[slot];
            var changed = (holding[word] ^ passes[slot]) & rows[slot];
            if (!passed.IsEmpty)
            {
                changed &= passes[slot] ^ passed[slot];
            }

            if (changed != 0)
            {
                to.Ask(word, changed);
            }
        }
    }

    private void AskOneByOne(int before, int now, ReadOnlySpan<ulong> holding, Touched to)
    {
        foreach (var (row, passes) in _users)
        {
            var (isPassing, holds) = (passes.Contains(now), (holding[row >> 6] >> (row & 63) & 1) != 0);
            if (isPassing != holds && (before == IndexLook.Unknown || isPassing != passes.Contains(before)))
            {
                to.Ask(row >> 6, 1UL << (row & 63));
            }
        }
    }
}

/// <summary>Logic over a term, and the codes at which its test of the term comes out differently.</summary>
/// <param name="Column">The logic's column, by its index.</param>
/// <param name="First">The lowest code that the test tells by its order; those below and from <paramref name="End"/> on may each come out as they like.</param>
/// <param name="From">The lowest code at which the test is true.</param>
/// <param name="To">The code after the highest at which it is.</param>
/// <param name="End">The code after the highest that the test tells by its order.</param>
internal readonly record struct Dependent(int Column, int First, int From, int To, int End)
{
    /// <summary>Whether the test may come out differently at two codes.</summary>
    public bool MayDiffer(int before, int now) =>
        before < First || before >= End || now < First || now >= End || (before >= From && before < To) != (now >= From && now < To);
}
