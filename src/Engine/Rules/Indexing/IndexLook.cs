using Decisioning.Engine.Decisions;

namespace Decisioning.Engine.Rules.Indexing;

/// <summary>
/// The codes of one customer at one instant, each worked out when it is asked first. Working memory: reused from customer to
/// customer, not safe for concurrent use.
/// </summary>
internal sealed class IndexLook
{
    private const int Unknown = -1;

    private readonly int[] _codes;
    private readonly int[] _known;
    private int _count;

    public IndexLook(ConditionIndex index, Facts facts)
    {
        Facts = facts;
        _codes = new int[index.Columns.Length];
        _known = new int[index.Columns.Length];
        Array.Fill(_codes, Unknown);
    }

    /// <summary>What terms are read from.</summary>
    public Facts Facts { get; }

    /// <summary>Forgets all codes: the facts turned to another customer, event or instant.</summary>
    public void Forget()
    {
        for (var i = 0; i < _count; i++)
        {
            _codes[_known[i]] = Unknown;
        }

        _count = 0;
    }

    /// <summary>Forgets some codes: something they depend on changed.</summary>
    public void Forget(ReadOnlySpan<int> columns)
    {
        if (_count == 0)
        {
            return;
        }

        foreach (var column in columns)
        {
            _codes[column] = Unknown;
        }
    }

    /// <summary>The code of a column.</summary>
    public int CodeOf(Column column)
    {
        var code = _codes[column.Index];
        return code != Unknown ? code : Learn(column);
    }

    private int Learn(Column column)
    {
        var code = column.Code(this);
        if (_count == _known.Length)
        {
            // A code forgotten and learnt again is noted twice; at worst all are unknown from here on.
            Forget();
        }

        _known[_count++] = column.Index;
        _codes[column.Index] = code;
        return code;
    }
}
