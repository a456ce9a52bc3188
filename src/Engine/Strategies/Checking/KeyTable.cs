using System.Collections.Immutable;

namespace Decisioning.Engine.Strategies.Checking;

/// <summary>One key of a mapping.</summary>
/// <param name="Name">The key.</param>
/// <param name="Value">What stands behind it.</param>
/// <param name="Meaning">What it is for: one line, shown by editors.</param>
/// <param name="Missing">For a key that must be there: what to say where it is not, such as <c>say what is counted, such as `outcome: IMPRESSION`</c>.</param>
internal sealed record Key(string Name, ValueShape Value, string Meaning, string? Missing = null);

/// <summary>The keys a mapping may have. Unknown keys are told from it, bounds are read from it, and the schema for editors is made of it.</summary>
internal sealed class KeyTable
{
    /// <param name="what">What the mapping is, with its article, for error texts: <c>a feature</c>.</param>
    /// <param name="keys">Its keys, in the order the manual has them.</param>
    public KeyTable(string what, params ReadOnlySpan<Key> keys)
    {
        What = what;
        Keys = ImmutableArray.Create(keys);
        Names = [.. Keys.Select(key => key.Name)];
    }

    public string What { get; }

    public ImmutableArray<Key> Keys { get; }

    public ImmutableArray<string> Names { get; }

    /// <summary>Keys of which exactly one is there, for editors; the reader says it in its own words.</summary>
    public ImmutableArray<string> ExactlyOne { get; init; } = [];

    /// <summary>Keys of which at least one is there, for editors.</summary>
    public ImmutableArray<string> AtLeastOne { get; init; } = [];

    /// <summary>Whether keys stand beside these that the table cannot know, for editors; the reader knows them.</summary>
    public bool IsOpen { get; init; }

    /// <summary>A key of the table.</summary>
    /// <exception cref="InvalidOperationException">There is none: a reader and its table differ.</exception>
    public Key this[string name] => Keys.FirstOrDefault(key => key.Name == name) ?? throw new InvalidOperationException($"the table of {What} has no `{name}`");
}
