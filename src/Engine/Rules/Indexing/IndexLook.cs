using Decisioning.Engine.Decisions;

namespace Decisioning.Engine.Rules.Indexing;

/// <summary>
/// The codes of one customer at one instant, each worked out when it is asked first. Working memory: reused from customer to
/// customer, not safe for concurrent use.
/// </summary>
internal sealed class IndexLook
{
    /// <summary>In place of a code that is not worked out yet.</summary>
    public const ushort Unknown = ushort.MaxValue;

    private readonly ConditionIndex _index;
    private readonly ushort[] _codes;

    public IndexLook(ConditionIndex index, Facts facts)
    {
        _index = index;
        Facts = facts;
        _codes = new ushort[index.Columns.Length];
        Forget();
    }

    /// <summary>What terms are read from.</summary>
    public Facts Facts { get; }

    /// <summary>Forgets all codes: the facts turned to another customer, event or instant.</summary>
    public void Forget() => Array.Fill(_codes, Unknown);

    /// <summary>Forgets some codes: what they depend on is another now.</summary>
    public void Forget(ReadOnlySpan<int> columns)
    {
        foreach (var column in columns)
        {
            _codes[column] = Unknown;
        }
    }

    /// <summary>Starts from what was taken before of the same customer; codes of logic are worked out anew.</summary>
    /// <param name="memory">What was taken; null for nothing.</param>
    /// <param name="holding">Gets the rows that held, as a bitset.</param>
    /// <returns>Whether it was of this index; else nothing is known.</returns>
    public bool Begin(CodeMemory? memory, Span<ulong> holding)
    {
        Forget();
        if (memory?.IsOf(_index) != true)
        {
            return false;
        }

        memory.CopyTo(_codes, holding);
        return true;
    }

    /// <summary>The codes of terms and the rows that hold, to begin with at the next event.</summary>
    /// <param name="holding">The rows that hold, as a bitset.</param>
    /// <param name="before">What was begun with; given back when nothing is different.</param>
    public CodeMemory Take(ReadOnlySpan<ulong> holding, CodeMemory? before) => CodeMemory.Of(_index, _codes.AsSpan(0, _index.TermColumns), holding, before);

    /// <summary>The code of a column, if it is known; then it is not known any more.</summary>
    public int Leave(int column)
    {
        var code = _codes[column];
        _codes[column] = Unknown;
        return code;
    }

    /// <summary>The code of a column.</summary>
    public int CodeOf(Column column) => CodeOf(column.Index);

    /// <summary>The code of a column.</summary>
    /// <param name="column">Its index.</param>
    public int CodeOf(int column)
    {
        var code = _codes[column];
        return code != Unknown ? code : Learn(column);
    }

    private int Learn(int column)
    {
        var code = _index.Columns[column].Code(this);

        // Of a term with more codes than fit, the code is worked out each time.
        if (code < Unknown)
        {
            _codes[column] = (ushort)code;
        }

        return code;
    }
}
