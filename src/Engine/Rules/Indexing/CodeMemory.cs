namespace Decisioning.Engine.Rules.Indexing;

/// <summary>
/// The codes of a customer's terms as of the event folded last, so that the next one reads only what it touches: 2 bytes a term that
/// conditions test. Derived from the state and never stored; without them, terms are read when they are asked for.
/// </summary>
internal sealed class CodeMemory
{
    private readonly object _index;
    private readonly ushort[] _codes;

    private CodeMemory(object index, ushort[] codes) => (_index, _codes) = (index, codes);

    /// <summary>The codes as a memory.</summary>
    /// <param name="index">The index they are codes of.</param>
    /// <param name="codes">The codes.</param>
    /// <param name="before">The memory before; given back when it says the same.</param>
    public static CodeMemory Of(ConditionIndex index, ReadOnlySpan<ushort> codes, CodeMemory? before) =>
        before is not null && ReferenceEquals(before._index, index.Identity) && codes.SequenceEqual(before._codes) ? before : new(index.Identity, codes.ToArray());

    /// <summary>Copies the codes, if they are of this index.</summary>
    public void CopyTo(ConditionIndex index, Span<ushort> codes)
    {
        if (ReferenceEquals(_index, index.Identity))
        {
            _codes.CopyTo(codes);
        }
    }
}
