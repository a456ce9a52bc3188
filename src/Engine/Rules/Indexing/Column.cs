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
    private int[] _words = [];
    private ulong[] _rows = [];
    private ulong[]? _passes;

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
        _words = [.. _watched.Keys];
        _rows = [.. _watched.Values];
        if (Count > PassesMax)
        {
            return;
        }

        _passes = new ulong[Count * _words.Length];
        foreach (var (row, passes) in _users)
        {
            var slot = Array.BinarySearch(_words, row >> 6);
            for (var code = 0; code < Count; code++)
            {
                if (passes.Contains(code))
                {
                    _passes[(code * _words.Length) + slot] |= 1UL << (row & 63);
                }
            }
        }
    }

    /// <summary>
    /// Asks the watched rows that a change of it may have changed: those that hold and fail now, those that do not hold and pass now.
    /// </summary>
    /// <param name="before">The code when all of them were asked last, or <see cref="IndexLook.Unknown"/>.</param>
    /// <param name="look">The customer at hand.</param>
    /// <param name="holding">The rows that hold so far, as a bitset.</param>
    /// <param name="to">Where rows are asked.</param>
    public void AskChanged(int before, IndexLook look, ReadOnlySpan<ulong> holding, Touched to)
    {
        if (_rows.Length == 0 || look.CodeOf(this) is var now && now == before)
        {
            return;
        }

        if (_passes is null)
        {
            AskOneByOne(before, now, holding, to);
            return;
        }

        var passes = _passes.AsSpan(now * _words.Length, _words.Length);
        var passed = before == IndexLook.Unknown ? default : _passes.AsSpan(before * _words.Length, _words.Length);
        for (var slot = 0; slot < passes.Length; slot++)
        {
            var changed = (holding[_words[slot]] ^ passes[slot]) & _rows[slot];
            if (before != IndexLook.Unknown)
            {
                changed &= passes[slot] ^ passed[slot];
            }

            to.Ask(_words[slot], changed);
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
