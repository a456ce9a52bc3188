using System.Collections.Immutable;

namespace Decisioning.Engine.Customers;

/// <summary>The names of a strategy's things by index. Names it wrote into a state are its own strings, found without looking at their letters.</summary>
internal sealed class NameTable
{
    private readonly Dictionary<string, int> _own = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, int> _byName = new(StringComparer.Ordinal);

    public NameTable(ImmutableArray<string> names)
    {
        Names = names;
        foreach (var (index, name) in names.Index())
        {
            _own.TryAdd(name, index);
            _byName.TryAdd(name, index);
        }
    }

    /// <summary>The names by index.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>The index of a name; below 0 for none.</summary>
    /// <param name="name">The name.</param>
    /// <param name="isOwn">Whether it is the table's own string.</param>
    public int Find(string name, out bool isOwn)
    {
        isOwn = _own.TryGetValue(name, out var index);
        return isOwn || _byName.TryGetValue(name, out index) ? index : -1;
    }
}
