using System.Runtime.InteropServices;

namespace Decisioning.Engine.Rules;

/// <summary>Who reads one thing that events change: columns of the strategy's index, rows of it (rules and segments), stages.</summary>
/// <param name="name">The thing, as a dotted name: <c>features.visits_7d</c>, <c>tags.hot</c>.</param>
/// <param name="index">The thing's number among those of the strategy, from 0.</param>
internal sealed class Readers(string name, int index)
{
    private readonly List<int> _columns = [];

    public string Name { get; } = name;

    public int Index { get; } = index;

    /// <summary>The columns whose codes it can change.</summary>
    public ReadOnlySpan<int> Columns => CollectionsMarshal.AsSpan(_columns);

    /// <summary>The first row that depends on it; no row where it is <see cref="int.MaxValue"/>.</summary>
    public int FirstRow { get; private set; } = int.MaxValue;

    /// <summary>Whether a row that depends on it looks at the event at hand too.</summary>
    public bool HasEventRows { get; private set; }

    /// <summary>Stages by index: <see cref="Limits.StagesMax"/> is 32.</summary>
    public uint Stages { get; private set; }

    /// <summary>Whether nobody reads it.</summary>
    public bool IsUnread => FirstRow == int.MaxValue && _columns.Count == 0 && Stages == 0;

    public void AddRow(int row, bool readsEvent)
    {
        FirstRow = Math.Min(FirstRow, row);
        HasEventRows |= readsEvent;
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
