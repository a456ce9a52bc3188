using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Orleans;

namespace Decisioning.Engine.Values;

/// <summary>
/// Named values in the ordinal order of their names: the properties of an event, the attributes of a profile.
/// Immutable, compact (one array), looked up by binary search. Names are unique; a null value is kept as such.
/// </summary>
[GenerateSerializer, Immutable, Alias("decisioning.property-map")]
public sealed record PropertyMap
{
    [Id(0)]
    private readonly ImmutableArray<KeyValuePair<string, Value>> _entries;

    private PropertyMap(ImmutableArray<KeyValuePair<string, Value>> sorted) => _entries = sorted;

    /// <summary>The map without entries.</summary>
    public static PropertyMap Empty { get; } = new(ImmutableArray<KeyValuePair<string, Value>>.Empty);

    /// <summary>The entries, in the ordinal order of their names.</summary>
    public ImmutableArray<KeyValuePair<string, Value>> Entries => _entries;

    /// <summary>How many entries there are.</summary>
    public int Count => _entries.Length;

    /// <summary>The value of a name, or <see cref="Value.Null"/> when there is none.</summary>
    public Value this[string name] => Find(name) is >= 0 and var at ? _entries[at].Value : Value.Null;

    /// <summary>Makes a map of entries in any order; of a name given twice the last wins.</summary>
    public static PropertyMap From(IEnumerable<KeyValuePair<string, Value>> entries)
    {
        KeyValuePair<string, Value>[] array = [.. entries];
        return Own(array);
    }

    /// <summary>Makes a map of entries in any order; of a name given twice the last wins. The array is the map's from now on.</summary>
    public static PropertyMap Own(KeyValuePair<string, Value>[] entries)
    {
        // What was stored comes back in order: nothing to sort.
        if (!IsSorted(entries))
        {
            entries = Sort(entries);
        }

        return entries.Length == 0 ? Empty : new(ImmutableCollectionsMarshal.AsImmutableArray(entries));
    }

    /// <summary>Makes a map of the given pairs; of a name given twice the last wins.</summary>
    public static PropertyMap Of(params ReadOnlySpan<(string Name, Value Value)> entries)
    {
        var pairs = new KeyValuePair<string, Value>[entries.Length];
        for (var i = 0; i < pairs.Length; i++)
        {
            pairs[i] = new(entries[i].Name, entries[i].Value);
        }

        return Own(pairs);
    }

    /// <summary>Looks a name up.</summary>
    public bool TryGet(string name, [MaybeNullWhen(false)] out Value value)
    {
        var at = Find(name);
        value = at >= 0 ? _entries[at].Value : default;
        return at >= 0;
    }

    /// <summary>This map with one entry set or replaced.</summary>
    public PropertyMap With(string name, Value value)
    {
        var at = Find(name);
        var entry = new KeyValuePair<string, Value>(name, value);
        return new(at >= 0 ? _entries.SetItem(at, entry) : _entries.Insert(~at, entry));
    }

    /// <summary>This map without one name.</summary>
    public PropertyMap Without(string name) => Find(name) is >= 0 and var at ? new(_entries.RemoveAt(at)) : this;

    /// <summary>This map with all entries of another set or replaced.</summary>
    public PropertyMap Merge(PropertyMap other)
    {
        if (other.Count == 0 || Count == 0)
        {
            return other.Count == 0 ? this : other;
        }

        var merged = new KeyValuePair<string, Value>[Count + other.Count];
        var count = 0;
        for (int at = 0, above = 0; at < Count || above < other.Count; count++)
        {
            var order = at == Count ? 1 : above == other.Count ? -1 : string.CompareOrdinal(_entries[at].Key, other._entries[above].Key);
            merged[count] = order < 0 ? _entries[at] : other._entries[above];
            at += order <= 0 ? 1 : 0;
            above += order >= 0 ? 1 : 0;
        }

        return new(ImmutableCollectionsMarshal.AsImmutableArray(count == merged.Length ? merged : merged[..count]));
    }

    /// <summary>Whether both hold the same names and values.</summary>
    public bool Equals(PropertyMap? other)
    {
        if (other is null || Count != other.Count)
        {
            return false;
        }

        for (var i = 0; i < Count; i++)
        {
            if (!string.Equals(_entries[i].Key, other._entries[i].Key, StringComparison.Ordinal) || _entries[i].Value != other._entries[i].Value)
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var (name, value) in _entries)
        {
            hash.Add(name, StringComparer.Ordinal);
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => "{" + string.Join(", ", _entries.Select(e => e.Key + ": " + e.Value)) + "}";

    private static bool IsSorted(KeyValuePair<string, Value>[] entries)
    {
        for (var i = 1; i < entries.Length; i++)
        {
            if (string.CompareOrdinal(entries[i - 1].Key, entries[i].Key) >= 0)
            {
                return false;
            }
        }

        return true;
    }

    // Few as they mostly are, they are put in their places one by one; many are sorted, with their order given to tell the last of a name.
    private static KeyValuePair<string, Value>[] Sort(KeyValuePair<string, Value>[] entries)
    {
        const int Few = 16;
        if (entries.Length > Few)
        {
            var places = new (string Name, int Place)[entries.Length];
            for (var i = 0; i < places.Length; i++)
            {
                places[i] = (entries[i].Key, i);
            }

            Array.Sort(places, entries, Comparer<(string Name, int Place)>.Create(static (left, right) =>
                string.CompareOrdinal(left.Name, right.Name) is not 0 and var order ? order : left.Place.CompareTo(right.Place)));
        }
        else
        {
            for (var i = 1; i < entries.Length; i++)
            {
                var entry = entries[i];
                var at = i;
                for (; at > 0 && string.CompareOrdinal(entries[at - 1].Key, entry.Key) > 0; at--)
                {
                    entries[at] = entries[at - 1];
                }

                entries[at] = entry;
            }
        }

        var count = 0;
        for (var i = 0; i < entries.Length; i++)
        {
            if (i + 1 == entries.Length || !string.Equals(entries[i].Key, entries[i + 1].Key, StringComparison.Ordinal))
            {
                entries[count++] = entries[i];
            }
        }

        return count == entries.Length ? entries : entries[..count];
    }

    private int Find(string name)
    {
        var (low, high) = (0, _entries.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            switch (string.CompareOrdinal(_entries[middle].Key, name))
            {
                case 0:
                    return middle;
                case < 0:
                    low = middle + 1;
                    break;
                default:
                    high = middle - 1;
                    break;
            }
        }

        return ~low;
    }
}
