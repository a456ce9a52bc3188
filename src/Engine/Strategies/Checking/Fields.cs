using System.Collections.Immutable;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Checking;

/// <summary>A mapping with fixed keys, being read. Unknown keys are reported when it is opened.</summary>
internal sealed class Fields
{
    private readonly Dictionary<string, WrittenEntry> _entries = new(StringComparer.Ordinal);
    private readonly HashSet<string> _meant = new(StringComparer.Ordinal);

    private Fields(WrittenNode.Mapping mapping, string path, Mistakes mistakes)
    {
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
    /// <param name="what">What it is, with its article, for error texts: <c>a feature</c>.</param>
    /// <param name="mistakes">Where mistakes go.</param>
    /// <param name="known">The keys it may have.</param>
    public static Fields? Of(WrittenNode node, string path, string what, Mistakes mistakes, ImmutableArray<string> known)
    {
        if (Shape.Mapping(node, path, what, mistakes) is not { } mapping)
        {
            return null;
        }

        var fields = new Fields(mapping, path, mistakes);
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
                mistakes.Add(entry.Key.Place, $"{path}.{entry.Name}", $"unknown key `{Shape.Short(entry.Name)}`"
                    + Cures.For(entry.Name, known, $"; {what} knows {Cures.List(known)}"));
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
            Mistakes.Add(entry.Key.Place, PathOf(entry.Name), $"nothing is written behind `{entry.Name}:`; write a value, or leave the key out");
        }
    }

    public string PathOf(string key) => $"{Path}.{key}";

    /// <summary>The value of a key that must be there; reports when it is not.</summary>
    public WrittenNode? Require(string key, string cure)
    {
        if (this[key] is { } node)
        {
            return node;
        }

        if (!_meant.Contains(key))
        {
            Mistakes.Add(Place, Path, $"`{key}` is missing; {cure}");
        }

        return null;
    }

    /// <summary>Whether a key is there, be its value right or not.</summary>
    public bool Has(string key) => this[key] is not null;

    public Place PlaceOf(string key) => _entries.TryGetValue(key, out var entry) ? entry.Key.Place : Place;

    public string? Text(string key) => this[key] is { } node ? Literals.Text(node, PathOf(key), Mistakes) : null;

    public double? Number(string key, double min, double max) => this[key] is { } node ? Literals.Number(node, PathOf(key), Mistakes, min, max) : null;

    /// <summary>A factor: a number above 0.</summary>
    public double? Factor(string key) => this[key] is { } node ? Literals.Factor(node, PathOf(key), Mistakes) : null;

    public bool? Flag(string key) => this[key] is { } node ? Literals.Flag(node, PathOf(key), Mistakes) : null;

    public TimeSpan? Duration(string key, TimeSpan min) => this[key] is { } node ? Literals.Duration(node, PathOf(key), Mistakes, min) : null;
}
