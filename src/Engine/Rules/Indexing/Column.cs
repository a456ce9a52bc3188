using System.Collections.Immutable;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Expressions.Analysis;

namespace Decisioning.Engine.Rules.Indexing;

/// <summary>
/// One thing that rows of an index depend on, as a small number (a code) for the customer at hand; and for each code the rows it
/// rules out, as a dense bitset over the words that hold rows which depend on it.
/// </summary>
internal abstract class Column(int index)
{
    /// <summary>Beyond this many codes several share a bitset: 256 × 8 bytes × 16 words = 32 KB for a column that 1,000 rows depend on.</summary>
    private const int MasksMax = 256;

    /// <summary>Beyond this many codes no bitset is made; the rows that depend on it ask for themselves. Bounds the work of making an index.</summary>
    private const int CodesMax = 2048;

    private readonly SortedDictionary<int, int> _slotOfWord = [];
    private readonly List<(int Row, Predicate? Test)> _users = [];
    private ulong[] _masks = [];
    private int _codesPerMask = 1;

    /// <summary>Its place among the columns of the index.</summary>
    public int Index => index;

    /// <summary>How many rows depend on it.</summary>
    public int Users => _users.Count;

    /// <summary>What it is made of: the dependencies on what a customer has.</summary>
    public abstract IEnumerable<Term> Terms { get; }

    /// <summary>How dear its code is: the cheap ones are asked first.</summary>
    public abstract int Cost { get; }

    /// <summary>How many codes there are.</summary>
    protected abstract int Count { get; }

    /// <summary>Whether rows that its masks let pass have to ask <see cref="Allows"/>.</summary>
    public bool IsCoarse => Count > MasksMax;

    /// <summary>The code for the customer at hand.</summary>
    public abstract int Code(IndexLook look);

    /// <summary>Whether a code fulfils a test: a predicate whose leaves are all about the column's term.</summary>
    public abstract bool Allows(Predicate? test, int code);

    /// <summary>Notes a row that depends on it.</summary>
    public void Use(int row, Predicate? test)
    {
        _users.Add((row, test));
        _slotOfWord[row >> 6] = 0;
    }

    /// <summary>The place of a word of rows in its bitsets.</summary>
    public int SlotOf(int word) => _slotOfWord[word];

    /// <summary>The rows of a word that a code does not rule out; those that do not depend on it are among them.</summary>
    public ulong Mask(int code, int slot) => _masks[(code / _codesPerMask * _slotOfWord.Count) + slot];

    /// <summary>Makes the bitsets when all rows are known.</summary>
    public void Freeze()
    {
        foreach (var (slot, word) in _slotOfWord.Keys.ToImmutableArray().Index())
        {
            _slotOfWord[word] = slot;
        }

        _codesPerMask = Count > CodesMax ? Count : (Count + MasksMax - 1) / MasksMax;
        _masks = new ulong[(Count + _codesPerMask - 1) / _codesPerMask * _slotOfWord.Count];
        if (Count > CodesMax)
        {
            Array.Fill(_masks, ulong.MaxValue);
            return;
        }

        var allowed = new ulong[_masks.Length];
        var used = new ulong[_slotOfWord.Count];
        var known = new Dictionary<string, bool[]>(StringComparer.Ordinal);
        foreach (var (row, test) in _users)
        {
            if (!known.TryGetValue(test?.Key ?? "", out var byCode))
            {
                known[test?.Key ?? ""] = byCode = [.. Enumerable.Range(0, Count).Select(code => Allows(test, code))];
            }

            var (slot, bit) = (_slotOfWord[row >> 6], 1UL << (row & 63));
            used[slot] |= bit;
            for (var code = 0; code < byCode.Length; code++)
            {
                if (byCode[code])
                {
                    allowed[(code / _codesPerMask * used.Length) + slot] |= bit;
                }
            }
        }

        for (var i = 0; i < _masks.Length; i++)
        {
            _masks[i] = allowed[i] | ~used[i % used.Length];
        }
    }
}

/// <summary>The value of a term. Its code tells the values apart that its tests tell apart.</summary>
internal sealed class TermColumn(int index, Term term, IReadOnlyCollection<Leaf> tests) : Column(index)
{
    private readonly CodeTable _codes = new(tests);
    private readonly TermReader<Decisions.Facts> _reader = new(term);

    public override IEnumerable<Term> Terms => [term];

    public override int Cost => term.IsRead ? 0 : 2;

    protected override int Count => _codes.Count;

    public override int Code(IndexLook look) => _reader.Code switch
    {
        Expressions.Emission.Evaluator<Decisions.Facts, long> whole => whole(look.Facts, out var value) == 0 ? _codes.CodeOf(value) : CodeTable.Failed,
        Expressions.Emission.Evaluator<Decisions.Facts, double> real => real(look.Facts, out var value) == 0 ? _codes.CodeOf(value) : CodeTable.Failed,
        Expressions.Emission.Evaluator<Decisions.Facts, bool> truth => truth(look.Facts, out var value) == 0 ? CodeTable.CodeOf(value) : CodeTable.Failed,
        _ => _reader.TryRead(look.Facts, out var value) ? _codes.CodeOf(value) : CodeTable.Failed,
    };

    public Truth Test(Leaf test, int code) => _codes.Test(test, code);

    /// <summary>The codes of numbers.</summary>
    public Range Numbers => _codes.Numbers;

    /// <summary>The numbers' codes on which a comparison with a number is true; null for other tests.</summary>
    public Range? TrueOf(Leaf test) => _codes.TrueOf(test);

    public override bool Allows(Predicate? test, int code) =>
        test!.Evaluate((Codes: _codes, Code: code), static (at, leaf) => at.Codes.Test(leaf, at.Code)) == Truth.True;

    /// <summary>Makes the code that reads the term now.</summary>
    public void Warm() => _ = _reader.Code;
}

/// <summary>Logic over several terms: whether it holds.</summary>
internal sealed class LogicColumn(int index, Predicate predicate, IReadOnlyDictionary<string, TermColumn> columns) : Column(index)
{
    private readonly FrozenLogic _logic = FrozenLogic.Of(predicate, columns);

    public override IEnumerable<Term> Terms => predicate.Leaves.Select(leaf => leaf.Term);

    public override int Cost => predicate.Leaves.All(leaf => leaf.Term.IsRead) ? 1 : 3;

    protected override int Count => 2;

    public override int Code(IndexLook look) => _logic.Evaluate(look) == Truth.True ? 1 : 0;

    public override bool Allows(Predicate? test, int code) => code == 1;
}
