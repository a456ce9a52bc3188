using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Checking;

/// <summary>A mapping with fixed keys, being read. Unknown keys are reported when it is opened.</summary>
internal sealed class Fields
{
    private readonly Dictionary<string, WrittenEntry> _entries = new(StringComparer.Ordinal);
    private readonly HashSet<string> _meant = new(StringComparer.Ordinal);
    private readonly KeyTable _table;

    private Fields(WrittenNode.Mapping mapping, string path, KeyTable table, Mistakes mistakes)
    {
        _table = table;
        Place = mapping.Place;
        Path = path;
        Mistakes = mistakes;
    }

    public Place Place { get; }

    public string Path { get; }

    public Mistakes Mistakes { get; }

    /// <summary>Whether there are unknown keys, or keys without values: what seems to be missing may be one of them.</summary>
    public bool IsIncomplete { get; private set; }

    /// <summary>The value of a key; null when it is not there or nothing is written behind it.</summary>
    public WrittenNode? this[string key] => _entries.TryGetValue(key, out var entry) && !entry.Value.IsEmpty ? entry.Value : null;

    /// <summary>Opens a mapping; null when it is none, which is then reported.</summary>
    /// <param name="node">What is written.</param>
    /// <param name="path">Where it stands in the strategy.</param>
    /// <param name="table">The keys it may have.</param>
    /// <param name="mistakes">Where mistakes go.</param>
    public static Fields? Of(WrittenNode node, string path, KeyTable table, Mistakes mistakes)
    {
        if (Shape.Mapping(node, path, table.What, mistakes) is not { } mapping)
        {
            return null;
        }

        var known = table.Names;
        var fields = new Fields(mapping, path, table, mistakes);
        WrittenEntry? before = null;
        foreach (var entry in mapping.Entries)
        {
            if (known.Contains(entry.Name))
            {
                fields._entries[entry.Name] = entry;
                before = entry;
                fields.RefuseEmpty(entry);
            }
            else if (before is { } cut && Shape.IsCutBy(cut, entry, mapping))
            {
                Shape.ReportCut(cut, entry, path, mistakes);
                fields._entries[cut.Name] = cut with { Value = new WrittenNode.Broken(cut.Value.Place) };
            }
            else
            {
                fields.IsIncomplete = true;
                fields._meant.UnionWith(Cures.Nearest(entry.Name, known) is { } near ? [near] : []);
                mistakes.Add(FindingRules.UnknownKey, entry.Key.Place, $"{path}.{entry.Name}", $"unknown key `{Shape.Short(entry.Name)}`"
                    + Cures.For(entry.Name, known, $"; {table.What} knows {Cures.List(known)}"));
            }
        }

        return fields;
    }

    /// <summary>A key with nothing behind it is half-written: to read it as left out would make `eligible:` mean everyone.</summary>
    private void RefuseEmpty(WrittenEntry entry)
    {
        if (entry.Value.IsEmpty)
        {
            IsIncomplete = true;
            _meant.Add(entry.Name);
            Mistakes.Add(FindingRules.EmptyValue, entry.Key.Place, PathOf(entry.Name), $"nothing is written behind `{entry.Name}:`; write a value, or leave the key out");
        }
    }

    public string PathOf(string key) => $"{Path}.{key}";

    /// <summary>The value of a key that the table says must be there; reports when it is not.</summary>
    public WrittenNode? Require(string key) =>
        Require(key, _table[key].Missing ?? throw new InvalidOperationException($"`{key}` of {_table.What} may be left out"));

    /// <summary>The value of a key that must be there because of the others; reports when it is not.</summary>
    public WrittenNode? Require(string key, string cure)
    {
        if (this[key] is { } node)
        {
            return node;
        }

        if (!_meant.Contains(key))
        {
            Mistakes.Add(FindingRules.MissingKey, Place, Path, $"`{key}` is missing; {cure}");
        }

        return null;
    }

    /// <summary>Whether a key is there, be its value right or not.</summary>
    public bool Has(string key) => this[key] is not null;

    public Place PlaceOf(string key) => _entries.TryGetValue(key, out var entry) ? entry.Key.Place : Place;

    public string? Text(string key) => this[key] is { } node ? Literals.Text(node, PathOf(key), Mistakes) : null;

    /// <summary>A number within the bounds of the table.</summary>
    public double? Number(string key)
    {
        var shape = Shaped<ValueShape.Number>(key);
        return this[key] is { } node ? Literals.Number(node, PathOf(key), Mistakes, shape.Min ?? double.MinValue, shape.Max ?? double.MaxValue) : null;
    }

    /// <summary>A whole number within the bounds of the table.</summary>
    public int? Whole(string key)
    {
        var shape = Shaped<ValueShape.Number>(key);
        return this[key] is { } node ? Literals.Whole(node, PathOf(key), Mistakes, (int)shape.Min!.Value, (int)shape.Max!.Value) : null;
    }

    /// <summary>A factor: a number above 0.</summary>
    public double? Factor(string key) => this[key] is { } node ? Literals.Factor(node, PathOf(key), Mistakes) : null;

    public bool? Flag(string key) => this[key] is { } node ? Literals.Flag(node, PathOf(key), Mistakes) : null;

    /// <summary>A duration not shorter than the table says.</summary>
    public TimeSpan? Duration(string key)
    {
        var shape = Shaped<ValueShape.Duration>(key);
        return this[key] is { } node ? Literals.Duration(node, PathOf(key), Mistakes, shape.Min, shape.Max) : null;
    }

    /// <summary>One of the words of the table; null when it is another, which is then reported.</summary>
    public string? Word(string key)
    {
        var words = Shaped<ValueShape.OneOf>(key).Words;
        if (this[key] is not { } node || Literals.Text(node, PathOf(key), Mistakes) is not { } text)
        {
            return null;
        }

        if (words.Contains(text))
        {
            return text;
        }

        Mistakes.Add(node.Place, PathOf(key), $"unknown value `{Shape.Short(text)}` of `{key}`{Cures.For(text, words, $"; write one of {Cures.List(words)}")}");
        return null;
    }

    private T Shaped<T>(string key)
        where T : ValueShape =>
        _table[key].Value as T ?? throw new InvalidOperationException($"`{key}` of {_table.What} is of another shape");
}
