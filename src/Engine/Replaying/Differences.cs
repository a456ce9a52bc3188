using System.Collections.Immutable;
using System.Globalization;

namespace Decisioning.Engine.Replaying;

/// <summary>Gathers differences, at most <see cref="Max"/>: who finds twenty has found enough.</summary>
public sealed class Differences
{
    /// <summary>Differences that are told of one decision or one customer: 20 × 600 bytes = 12 KB.</summary>
    public const int Max = 20;

    /// <summary>Characters of a text that is shown.</summary>
    public const int TextCharsMax = 256;

    private readonly ImmutableArray<Difference>.Builder _found = ImmutableArray.CreateBuilder<Difference>();

    /// <summary>Whether there are any.</summary>
    public bool Any => _found.Count > 0;

    /// <summary>What was found, in the order looked at.</summary>
    public ImmutableArray<Difference> Found => _found.ToImmutable();

    /// <summary>Compares a part of which there is one.</summary>
    public void Check<T>(string name, T recorded, T again)
    {
        if (!EqualityComparer<T>.Default.Equals(recorded, again))
        {
            Add(name, Text(recorded), Text(again));
        }
    }

    /// <summary>Compares a part of one of many.</summary>
    internal void Check<T>(string list, int index, string name, T recorded, T again)
    {
        if (!EqualityComparer<T>.Default.Equals(recorded, again))
        {
            Add($"{list}[{index}].{name}", Text(recorded), Text(again));
        }
    }

    /// <summary>Compares names in their order.</summary>
    internal void Check(string name, ImmutableArray<string> recorded, ImmutableArray<string> again)
    {
        if (!recorded.AsSpan().SequenceEqual(again.AsSpan()))
        {
            Add(name, string.Join(", ", recorded), string.Join(", ", again));
        }
    }

    /// <summary>Compares what has names: what one has and the other has not differs too.</summary>
    internal void Check<T>(string list, IEnumerable<T> recorded, IEnumerable<T> again, Func<T, string> name)
        where T : notnull
    {
        var (were, are) = (recorded.ToList(), again.ToList());
        if (were.SequenceEqual(are))
        {
            return;
        }

        var (before, left) = (_found.Count, are.ToLookup(name, StringComparer.Ordinal).ToDictionary(
            same => same.Key, same => new Queue<T>(same), StringComparer.Ordinal));
        foreach (var was in were)
        {
            if (left.TryGetValue(name(was), out var same) && same.TryDequeue(out var match))
            {
                Check($"{list}.{name(was)}", was, match);
            }
            else
            {
                Add($"{list}.{name(was)}", Text(was), "");
            }
        }

        foreach (var (key, more) in left.SelectMany(same => same.Value.Select(item => (same.Key, item))))
        {
            Add($"{list}.{key}", "", Text(more));
        }

        if (_found.Count == before)
        {
            Add(list, string.Join(", ", were.Select(name)), string.Join(", ", are.Select(name)));
        }
    }

    private static string Text<T>(T value) => value switch
    {
        null => "",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        DateTimeOffset at => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private void Add(string name, string recorded, string again)
    {
        if (_found.Count < Max)
        {
            _found.Add(new(name, Cut(recorded), Cut(again)));
        }
    }

    private static string Cut(string text) => text.Length <= TextCharsMax ? text : string.Concat(text.AsSpan(0, TextCharsMax - 1), "…");
}
