namespace Decisioning.Engine.Rules.Indexing;

/// <summary>
/// The codes of a customer's terms as of the event folded last, and the rows that held then, so that the next event reads only what it touches: 2 bytes a
/// term that conditions test, a bit a row. Derived from the state and never stored; without them, terms are read when they are asked for and rows found by
/// their names.
/// </summary>
internal sealed class CodeMemory
{
    private readonly object _index;
    private readonly ushort[] _codes;
    private readonly ulong[] _holding;

    private CodeMemory(object index, ushort[] codes, ulong[] holding) => (_index, _codes, _holding) = (index, codes, holding);

    /// <summary>Codes and rows as a memory.</summary>
    /// <param name="index">The index they are of.</param>
    /// <param name="codes">The codes.</param>
    /// <param name="holding">The rows that hold, as a bitset.</param>
    /// <param name="before">The memory before; given back, or a part of it, when it says the same.</param>
    public static CodeMemory Of(ConditionIndex index, ReadOnlySpan<ushort> codes, ReadOnlySpan<ulong> holding, CodeMemory? before)
    {
        if (before?.IsOf(index) != true)
        {
            return new(index.Identity, codes.ToArray(), holding.ToArray());
        }

        var (sameCodes, sameRows) = (codes.SequenceEqual(before._codes), holding.SequenceEqual(before._holding));
        return sameCodes && sameRows ? before : new(index.Identity, sameCodes ? before._codes : codes.ToArray(), sameRows ? before._holding : holding.ToArray());
    }

    /// <summary>Whether it is of an index.</summary>
    public bool IsOf(ConditionIndex index) => ReferenceEquals(_index, index.Identity);

    /// <summary>Copies what is remembered of the index it is of.</summary>
    public void CopyTo(Span<ushort> codes, Span<ulong> holding)
    {
        _codes.CopyTo(codes);
        _holding.CopyTo(holding);
    }
}
