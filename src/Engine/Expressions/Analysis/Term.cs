using System.Collections.Immutable;
using Decisioning.Engine.Expressions.Checking;

namespace Decisioning.Engine.Expressions.Analysis;

/// <summary>What a leaf tests: a reading (`features.visits_7d`, `grade(lead)`), or a part of the condition that gives a value, such as `now - features.last_visit`.</summary>
internal sealed class Term
{
    private Term(string text, Bound source, bool isRead, VariableDomain? domain)
    {
        Text = text;
        Source = source;
        IsRead = isRead;
        Domain = domain;
        Key = $"{text}:{source.Type}";
        (Reads, Calls) = BoundReads.Of(source);
    }

    /// <summary>The reading's dotted name, or the part's text with single blanks.</summary>
    public string Text { get; }

    /// <summary>The same text for the same term: what it reads, with its type.</summary>
    public string Key { get; }

    /// <summary>Whether it is one reading and nothing else.</summary>
    public bool IsRead { get; }

    /// <summary>Its type. An <see cref="CelType.EnumerationOf"/> is compared by rank, an int.</summary>
    public CelType Type => Source.Type;

    /// <summary>The values a reading can have; null for any.</summary>
    public VariableDomain? Domain { get; }

    /// <summary>Dotted names of what it reads, each once.</summary>
    public ImmutableArray<string> Reads { get; }

    /// <summary>Declared functions it calls, each once; they may read anything.</summary>
    public ImmutableArray<string> Calls { get; }

    /// <summary>The reading whose age it is (`now - x`); null when it is none.</summary>
    public string? AgeOf => Ages.Subtracted(Source);

    /// <summary>The reading whose distance ahead it is (`x - now`); null when it is none.</summary>
    public string? AheadOf => Ages.Ahead(Source);

    /// <summary>The age test it is, being a condition as a whole (`x &lt; now - duration("2d")`); null when it is none.</summary>
    public AgeTest? AsAgeTest => Ages.Test(Source);

    /// <summary>The checked tree, to evaluate it.</summary>
    internal Bound Source { get; }

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>The text without brackets around the whole of it, so that `!(a &gt; b)` and `a &gt; b` ask the same. One with quotes may hold brackets that are none.</summary>
    private static string Bare(string text)
    {
        while (text.StartsWith('(') && text.AsSpan().IndexOfAny('"', '\'') < 0 && Closing(text) == text.Length - 1)
        {
            text = text[1..^1];
        }

        return text;
    }

    private static int Closing(string text)
    {
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
            if (depth == 0)
            {
                return i;
            }
        }

        return -1;
    }

    internal static Term Of(Bound source, string text) => source switch
    {
        Reading reading => new(reading.Name, reading, true, reading.Domain),
        OpenReading open => new($"{open.Namespace}.{open.Member}", open, true, null),
        _ => new(Bare(string.Join(' ', source.At.Of(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))), source, false, null),
    };
}
