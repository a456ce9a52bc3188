using System.Runtime.InteropServices;

namespace Decisioning.Engine.Rules;

/// <summary>Who reads one thing that events change: rows of the strategy's index (rules and segments), stages, and columns of the index.</summary>
/// <param name="name">The thing, as a dotted name: <c>features.visits_7d</c>, <c>tags.hot</c>.</param>
internal sealed class Readers(string name)
{
    private readonly List<(int Word, ulong Rows)> _rows = [];
    private readonly List<int> _columns = [];

    public string Name { get; } = name;

    /// <summary>The rows as words of a bitset; those without a row are left out.</summary>
    public ReadOnlySpan<(int Word, ulong Rows)> Rows => CollectionsMarshal.AsSpan(_rows);

    /// <summary>The columns whose codes it can change.</summary>
    public ReadOnlySpan<int> Columns => CollectionsMarshal.AsSpan(_columns);

    /// <summary>Stages by index: <see cref="Limits.StagesMax"/> is 32.</summary>
    public uint Stages { get; private set; }

    /// <summary>Whether nobody reads it.</summary>
    public bool IsUnread => _rows.Count == 0 && _columns.Count == 0 && Stages == 0;

    public void AddRow(int row)
    {
        var (word, bit) = (row >> 6, 1UL << (row & 63));
        var at = _rows.Count;
        while (at > 0 && _rows[at - 1].Word > word)
        {
            at--;
        }

        if (at > 0 && _rows[at - 1].Word == word)
        {
            _rows[at - 1] = (word, _rows[at - 1].Rows | bit);
        }
        else
        {
            _rows.Insert(at, (word, bit));
        }
    }

    public void AddColumn(int column)
    {
        if (!_columns.Contains(column))
        {
            _columns.Add(column);
        }
    }

    public void AddStage(int index) => Stages |= 1U << index;
}
